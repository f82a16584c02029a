#!/bin/sh
# A pattern that nothing in an interpreter matches may be a Python function's: --python is named then, and only then.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/python.sh
. "$TESTS/lib/python.sh"

python=$(every_python | tail -n 1) # a file, and no script that looks for one
[ -n "$python" ] || skip 'no CPython from 3.8 on is installed'

cat >script.py <<'EOF'
def load_things():
    return [0] * 1000
load_things()
EOF
hint='if it is a function of a Python script, --python records it'

run_as hint "$MPROF_TRACE" run -f load_things -o hint.dat "$python" script.py
status_is hint 125
says hint "no function matches 'load_things'.*: $hint"
says hint "'load_things': not found: $hint"
# Through another program; found out when python3 has been executed.
run_as later "$MPROF_TRACE" run -f load_things -o later.dat env "$python" script.py
says later "'load_things': not found: $hint"
run_as strict "$MPROF_TRACE" run --strict -f load_things -o strict.dat "$python" script.py
status_is strict 125
says strict "$hint"

run_as python "$MPROF_TRACE" run --python -f load_things -o python.dat "$python" script.py
status_is python 0
[ "$(count_calls python.dat load_things)" -eq 1 ] || [ "$(count_calls python.dat __main__.load_things)" -eq 1 ] ||
	fail "it is not recorded"
# What cannot be one, and what is found, and what is no interpreter.
run_as library "$MPROF_TRACE" run -f 'libc.so.6!no_such_one' -o library.dat "$python" script.py
! grep -q 'Python script' library.err || fail "a function of a library is said to be Python's"
run_as other "$MPROF_TRACE" run -f load_things -o other.dat "$TARGETS/calls_nested"
! grep -q 'Python script' other.err || fail "a program in C is said to be Python"
