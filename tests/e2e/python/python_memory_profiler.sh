#!/bin/sh
# @profile that a program imports from memory_profiler, or that python -m memory_profiler gives it: the
# functions are recorded as those of mprof's own @profile are, and memory_profiler's tables stay as they are.
# timeout: 600
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/python.sh
. "$TESTS/lib/python.sh"

module=/usr/lib/python3/dist-packages/memory_profiler.py
[ -e $module ] || skip "python3-memory-profiler is not installed"
export PYTHONDONTWRITEBYTECODE=1
# For interpreters other than Debian's, which have no psutil: what memory_profiler wants of it.
mkdir lib
cp $module lib
cat >lib/psutil.py <<-'END'
	class NoSuchProcess(Exception): pass
	class AccessDenied(Exception): pass
	class Process:
	    def __init__(self, pid): self.pid = pid
	    def memory_info(self):
	        with open("/proc/%d/statm" % self.pid) as file:
	            return (int(file.read().split()[1]) * 4096,)
END
cat >body.py <<-'END'
	def other(): return 3
	@profile
	def plain(n):
	    kept = [0] * n
	    return kept
	@profile(precision=4)
	def precise():
	    for i in range(3):
	        other()
	class Class:
	    @profile
	    def method(self):
	        return plain(10)
	    @staticmethod
	    @profile
	    def still():
	        return 1
	def makes():
	    @profile
	    def made():
	        return 2
	    return made
	plain(10); precise(); Class().method(); Class.still(); other()
	for i in range(3): makes()()
	try: plain("x" * 10)
	except TypeError: print("thrown out")
END
{
	echo 'from memory_profiler import profile'
	cat body.py
} >imported.py
cat >expected <<-'END'
	expect __main__.plain 2 1
	expect __main__.precise 1 0
	expect __main__.Class.method 1 0
	expect __main__.Class.still 1 0
	expect __main__.makes.<locals>.made 3 0
	expect __main__.other 0 0
END

# tables FILE: without the figures that differ from run to run.
tables() {
	sed 's/ *-\{0,1\}[0-9][0-9.]* MiB/ MiB/g' "$1"
}

# as_ever WAY WORD...: recorded, and the same tables.
as_ever() {
	way=$1
	shift
	run_as plain "$@"
	status_is plain 0
	run_as traced "$MPROF_TRACE" run --python -o profile.dat "$@"
	status_is traced 0
	tables plain.out >plain.tables
	tables traced.out >traced.tables
	diff plain.tables traced.tables || fail "$way: other tables"
	well_formed profile.dat
	expectations expected profile.dat
	says traced "^mprof-trace: '@profile': 9 calls of 5 functions \(5 matched\)"
}

for python in $(every_python); do
	unset PYTHONPATH
	"$python" -c 'import memory_profiler' 2>/dev/null || export PYTHONPATH="$PWD/lib"
	as_ever "$python, imported" "$python" imported.py
	grep -q '^Line #' traced.out || fail "$python: memory_profiler prints no table"
	as_ever "$python -m memory_profiler" "$python" -m memory_profiler body.py
	as_ever "$python -m memory_profiler --timestamp" "$python" -m memory_profiler --timestamp -o stamps body.py
	# Asked for by its name as well: recorded once, summed up for both.
	run_as traced "$MPROF_TRACE" run --python -f plain,other -o profile.dat "$python" imported.py
	[ "$(count_calls profile.dat __main__.plain)" -eq 2 ] || fail "$python: asked for twice"
	says traced "^mprof-trace: 'plain': 3 calls"
	says traced "^mprof-trace: 'other': 4 calls"
	says traced "'@profile': 9 calls of 5 functions"
done
[ -x /usr/bin/python3 ] || exit 0
unset PYTHONPATH
PATH=/usr/bin:$PATH
run_as traced "$MPROF_TRACE" run -o profile.dat imported.py
expectations expected profile.dat
