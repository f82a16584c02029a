#!/bin/sh
# Python functions in children: fork, spawn, forkserver, subprocess; and those of programs in between.
# asserts: unharmed target
# timeout: 600
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/python.sh
. "$TESTS/lib/python.sh"

pythons=$(every_python)
[ -n "$pythons" ] || skip "there is no CPython 3.8 or later"
export PYTHONDONTWRITEBYTECODE=1
cat >children.py <<-'END'
	import multiprocessing, os, subprocess, sys
	def work(n): return n + 1
	def child(): return work(0)
	def forks():
	    pid = os.fork()
	    if pid == 0:
	        child()
	        os._exit(7)
	    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) if sys.version_info >= (3, 9) else 7
	if __name__ == "__main__":
	    for method in ("fork", "spawn", "forkserver"):
	        context = multiprocessing.get_context(method)
	        with context.Pool(2) as pool:
	            print(method, sum(pool.map(work, range(10))))
	            pool.close(); pool.join()
	        process = context.Process(target=child); process.start(); process.join()
	        print(process.exitcode)
	    print(forks())
	    inner = "def work(): return 'inner'\nprint(work(), __import__('sys').argv)"
	    print(subprocess.run([sys.executable, "-c", inner, "a"], stdout=subprocess.PIPE).stdout)
	    print(subprocess.run(["sh", "-c", sys.executable + " -I -S -c \"$1\"", "sh", inner], stdout=subprocess.PIPE).stdout)
END
for python in $pythons; do
	run_as plain "$python" -W ignore children.py
	status_is plain 0
	run_as traced "$MPROF_TRACE" run -q --python -f work,child,forks -o children.dat "$python" -W ignore children.py
	same_as_untraced traced || fail "$python: the program behaves in another way"
	well_formed children.dat
	# fork's children know them by __main__, the others by __mp_main__.
	[ "$(count_calls children.dat __main__.work)" -eq $((11 + 1 + 2)) ] ||
		fail "$python: $(count_calls children.dat __main__.work) calls of __main__.work"
	[ "$(count_calls children.dat __mp_main__.work)" -eq 22 ] ||
		fail "$python: $(count_calls children.dat __mp_main__.work) calls of __mp_main__.work"
	[ "$(count_calls children.dat __mp_main__.child)" -eq 2 ] || fail "$python: children"
	[ "$(count_calls children.dat __main__.forks)" -eq 1 ] || fail "$python: a fork within a call"
	[ "$(count_calls children.dat __main__.forks forked)" -eq 1 ] || fail "$python: a forked call"
	[ "$(awk '$1 ~ /^(CH)?FUNC$/ { print $8 }' children.dat | sort -u | wc -l)" -ge 9 ] ||
		fail "$python: calls of too few processes"
	run_as traced "$MPROF_TRACE" run -q --no-follow --python -f work,child,forks -o children.dat "$python" -W ignore children.py
	same_as_untraced traced || fail "$python: unfollowed children behave in another way"
	[ "$(awk '$1 ~ /^(CH)?FUNC$/ { print $8 }' children.dat | sort -u | wc -l)" -eq 1 ] ||
		fail "$python: calls of children that are not followed"
done
