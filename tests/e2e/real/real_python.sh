#!/bin/sh
# Debian's python3: a program of 6 MB with thousands of functions, some probed by a glob.
# asserts: unharmed target
# timeout: 200
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

python=/usr/bin/python3
[ -x "$python" ] || skip "there is no $python"
need_command gdb
export PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
cat >work.py <<-'END'
	import json, subprocess, sys, threading
	def depth(n): return 0 if n == 0 else 1 + depth(n - 1)
	threads = [threading.Thread(target=depth, args=(100,)) for _ in range(4)]
	for t in threads: t.start()
	for t in threads: t.join()
	child = subprocess.run(["echo", "hi"], capture_output=True).stdout.decode()
	print(json.dumps({"depth": depth(50), "child": child}))
	sys.exit(5)
END

run_as plain "$python" -I work.py
run_as traced "$MPROF_TRACE" run -q -f 'PyImport_*' -o python.dat "$python" -I work.py
same_as_untraced traced || fail "python3 behaves in another way"
status_is traced 5
well_formed python.dat

recorded=$(count_calls python.dat PyImport_ImportModuleLevelObject)
counted=$(gdb_count PyImport_ImportModuleLevelObject "$python" -I work.py)
[ -n "$counted" ] || skip "gdb cannot count here"
[ "$recorded" -eq "$counted" ] || fail "$recorded calls recorded, gdb counts $counted"
[ "$recorded" -gt 50 ] || fail "only $recorded calls"

# Exceptions in Python do not unwind C frames: each evaluation returns.
run_as traced "$MPROF_TRACE" run -q -f PyEval_EvalCode -o eval.dat "$python" -I work.py
same_as_untraced traced || fail "python3 behaves in another way"
[ "$(count_calls eval.dat PyEval_EvalCode unwound)" -eq 0 ] || fail "an evaluation is called unwound"
