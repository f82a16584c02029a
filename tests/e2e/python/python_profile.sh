#!/bin/sh
# mprof's @profile, without -f and without an import; and blocks under a name.
# timeout: 300
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/python.sh
. "$TESTS/lib/python.sh"

pythons=$(every_python)
[ -n "$pythons" ] || skip "there is no CPython 3.8 or later"
export PYTHONDONTWRITEBYTECODE=1
cat >decorated.py <<-'END'
	import inspect
	@profile
	def plain(n): return [0] * n
	@profile(precision=4)
	def precise(): raise ValueError
	class Class:
	    @profile
	    def method(self): return plain(1)
	    @staticmethod
	    @profile
	    def still(): return 1
	    @profile
	    @staticmethod
	    def outside(): return 2
	def other(): return 3
	plain(10); Class().method(); Class.still(); Class.outside(); other()
	try: precise()
	except ValueError: pass
	with profile.timestamp("a block"):
	    other()
	print(inspect.signature(plain), plain.__name__)
END
cat >expected <<-'END'
	expect __main__.plain 2 0
	expect __main__.precise 0 1
	expect __main__.Class.method 1 0
	expect __main__.Class.still 1 0
	expect __main__.Class.outside 1 0
	expect __main__.other 0 0
	expect a block 1 0
END
sed -i 's/a block/a\xc2\xa0block/' expected
for python in $pythons; do
	run_as traced "$MPROF_TRACE" run --python -o decorated.dat "$python" decorated.py
	status_is traced 0
	[ "$(cat traced.out)" = "(n) plain" ] || fail "$python: $(cat traced.out)"
	well_formed decorated.dat
	expectations expected decorated.dat
	says traced "^mprof-trace: '@profile': 7 calls of 6 functions \(6 matched\)"
	# Asked for twice, recorded once.
	run_as traced "$MPROF_TRACE" run --python -f plain,other -o decorated.dat "$python" decorated.py
	sed -i 's/other 0 0/other 2 0/' expected
	expectations expected decorated.dat
	sed -i 's/other 2 0/other 0 0/' expected
done
# What the interpreter has loaded for itself can be asked for, too.
for python in $pythons; do
	run_as traced "$MPROF_TRACE" run --python -f posixpath.join -o loaded.dat "$python" -c '
import os; os.path.join("a", "b")'
	[ "$(count_calls loaded.dat posixpath.join)" -ge 1 ] || fail "$python: posixpath.join"
done
