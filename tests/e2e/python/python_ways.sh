#!/bin/sh
# All the ways to start Python: what the program sees of itself is as without us.
# asserts: unharmed target
# timeout: 1200
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/python.sh
. "$TESTS/lib/python.sh"

python=/usr/bin/python3
[ -x "$python" ] || skip "there is no $python"
export PYTHONDONTWRITEBYTECODE=1
cat >look.py <<-'END'
	import builtins, os, sys
	def look():
	    for name in ("argv", "orig_argv", "flags", "path", "executable", "prefix", "warnoptions", "_xoptions"):
	        print(name, getattr(sys, name, None))
	    print(sorted(sys.modules), sorted(os.environ), sys.getrecursionlimit(), sys.gettrace(), sys.getprofile())
	    print({key: value for key, value in globals().items() if key not in ("__builtins__", "look", "__loader__", "__spec__")})
	    print(__spec__ and __spec__.name, type(__loader__), sorted(set(dir(builtins)) - {"profile"}))
	    print(look.__module__, look.__qualname__, look.__defaults__, sys.stdin.isatty())
	    import inspect
	    print(inspect.signature(look), look.__code__.co_firstlineno, look.__code__.co_varnames)
	    try: print(inspect.getsource(look)[:10])
	    except OSError as error: print(error)
	look()
	look.missing
END
mkdir package && cp look.py package/__main__.py && : >package/__init__.py && cp look.py package/part.py
(cd package && "$python" -m zipfile -c ../look.pyz __main__.py)
printf '#!/usr/bin/env python3\n' | cat - look.py >script && chmod +x script
cp script look_script.py && chmod +x look_script.py

# as_always LABEL CALLS WORD...: the same output, errors and status, and so many calls of look.
as_always() {
	label=$1 calls=$2
	shift 2
	run_as plain "$@"
	run_as traced "$MPROF_TRACE" run -q --python -f look -o look.dat "$@"
	same_as_untraced traced || fail "$label: Python behaves in another way"
	well_formed look.dat
	[ "$(grep -Eac '^(CH)?FUNC [^ ]*\.look ' look.dat)" -eq "$calls" ] ||
		fail "$label: $(grep -Eac '^(CH)?FUNC [^ ]*\.look ' look.dat) calls of look"
}
for python in $(every_python); do
	as_always "$python script" 1 "$python" -X utf8 -W ignore look.py -v -c -m x
	as_always "$python -m" 1 "$python" -m package.part a b
	as_always "$python -m package" 1 "$python" -m package
	as_always "$python folder" 1 "$python" package
	as_always "$python zip" 1 "$python" look.pyz
	as_always "$python -c" 1 "$python" -c "$(cat look.py)" a -b
	as_always "$python -I" 1 "$python" -I -S -B -O look.py
	RUN_INPUT=look.py as_always "$python stdin" 1 "$python" - a
	RUN_INPUT=look.py as_always "$python stdin" 1 "$python"
done
python=/usr/bin/python3
as_always "shebang" 1 ./script x
if "$python" -m venv --without-pip venv >/dev/null 2>&1; then
	as_always "venv" 1 venv/bin/python look.py
fi
echo '{"a": [1, 2]}' >in.json
RUN_INPUT=in.json
run_as plain "$python" -m json.tool
run_as traced "$MPROF_TRACE" run -q --python -f json.tool.main,JSONDecoder.decode -o look.dat "$python" -m json.tool
same_as_untraced traced || fail "json.tool behaves in another way"
[ "$(count_calls look.dat json.decoder.JSONDecoder.decode)" -eq 1 ] || fail "decode"
unset RUN_INPUT

# mprof's words: a script or a module by itself.
PATH=/usr/bin:$PATH
run_as plain python3 look.py a
run_as traced "$MPROF_TRACE" run -q -f look -o look.dat look.py a
same_as_untraced traced || fail "a script by its name behaves in another way"
[ "$(count_calls look.dat __main__.look)" -eq 1 ] || fail "a script by its name"
run_as plain python3 -m package.part a
run_as traced "$MPROF_TRACE" run -q --python -f look -o look.dat package.part a
same_as_untraced traced || fail "a module by its name behaves in another way"
[ "$(count_calls look.dat __main__.look)" -eq 1 ] || fail "a module by its name"
run_as plain ./look_script.py
run_as traced "$MPROF_TRACE" run -q --nopython --allow-missing -f look -o look.dat ./look_script.py
same_as_untraced traced || fail "--nopython: the script behaves in another way"
[ "$(count_calls look.dat __main__.look)" -eq 0 ] || fail "--nopython records Python functions"

# What cannot be.
for words in "--python --nopython x.py" "--python --no-probes x.py"; do
	# shellcheck disable=SC2086
	run_as bad "$MPROF_TRACE" run $words
	status_is bad 125
	says_one_line bad
	says bad 'exclude each other'
done
run_as bad "$MPROF_TRACE" run --python no/such/thing
status_is bad 127
says bad 'no such program or Python module'
run_as bad "$MPROF_TRACE" run --python -f nix -o look.dat /usr/bin/python3 -c pass
status_is bad 125
says bad "'nix': no Python function of this name was defined"
