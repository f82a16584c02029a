#!/bin/sh
# What Python functions say by jump pads is what they say by breakpoints: the same calls, in the same order.
# asserts: unharmed target
# timeout: 600
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/python.sh
. "$TESTS/lib/python.sh"

pythons=$(every_python)
[ -n "$pythons" ] || skip "there is no CPython 3.8 or later"
export PYTHONDONTWRITEBYTECODE=1
cat >program.py <<-'END'
	import gc, operator, os, sys, threading
	def leaf(n): return n
	def raises(n): raise ValueError(n)
	def nested(n):
	    try: raises(n)
	    except ValueError: return leaf(n)
	def steps(n):
	    for i in range(n): yield leaf(i)
	def deep(n): return n if n == 0 else deep(n - 1)
	def work():
	    for n in range(200):
	        nested(n)
	        sum(steps(3))
	        deep(4)
	        with profile.timestamp("block"):
	            leaf(n)
	work()

	# More functions than can be remembered by the objects that tell of them, which come and go.
	for n in range(4400):
	    names = {"__name__": "made"}
	    exec("def made_%d(): return %d" % (n, n), names)
	    function = names["made_%d" % n]
	    assert function() == n
	    if n > 4000: assert function() + function() == 2 * n
	    if n % 500 == 0: gc.collect()

	# Others call the same C function, in any way.
	for n in range(100):
	    assert operator.is_not(n, None) and not operator.is_not(leaf, leaf)
	    assert list(map(operator.is_not, [n, None], [None, None])) == [True, False]
	    for wrong in (), (n,), (n, n, n):
	        try: operator.is_not(*wrong)
	        except TypeError: pass
	        else: raise AssertionError(wrong)
	    leaf(n)

	# A generator that one thread has begun is ended by another, one at a time.
	def shared():
	    yield 1
	    yield 2
	def warm(): pass
	def begins():
	    warm(); warm() # the thread has a ring from now on
	    next(generator)
	    begun.set()
	    ended.wait()
	def ends():
	    warm(); warm()
	    begun.wait()
	    for n in generator: pass
	    ended.set()
	for n in range(40):
	    generator, begun, ended = shared(), threading.Event(), threading.Event()
	    threads = [threading.Thread(target=each) for each in (begins, ends)]
	    for thread in threads: thread.start()
	    for thread in threads: thread.join()

	sys.stdout.flush()
	child = os.fork()
	work()
	if child == 0: os._exit(0)
	os.waitpid(child, 0)
	print("done")
END
# calls FILE: what is told of them, but for times and memory; of each process in order.
calls() {
	awk '$1 == "FUNC" && $2 != "__main__.warm" { print $1, $2, $7, $10 }' "$1"
	awk '$1 == "CHFUNC" { print $1, $2, $7, $10 }' "$1"
}
names='leaf,nested,raises,steps,deep,work,made_*,shared,warm'
for python in $pythons; do
	run_as plain "$python" -c 'print("done")'
	for probe in breakpoint auto pad; do
		run_as traced "$MPROF_TRACE" run -v --probe $probe --python -f "$names" -o $probe.dat \
			"$python" program.py
		status_is traced 0
		cmp -s plain.out traced.out || fail "$python, $probe: it says $(cat traced.out)"
		well_formed $probe.dat
		calls $probe.dat >$probe.calls
		[ "$(count_calls $probe.dat __main__.leaf)" -ge 1900 ] || fail "$python, $probe: leaf"
		[ "$(count_calls $probe.dat __main__.raises unwound)" -eq 600 ] ||
			fail "$python, $probe: exceptions"
		[ "$(grep -c '^FUNC made.made_' $probe.calls)" -eq 5198 ] || fail "$python, $probe: many"
		[ "$(count_calls $probe.dat __main__.steps)" -eq 600 ] || fail "$python, $probe: generators"
		[ "$(count_calls $probe.dat __main__.shared)" -eq 40 ] ||
			fail "$python, $probe: generators that change threads"
		diff breakpoint.calls $probe.calls >difference ||
			fail "$python, $probe: not what breakpoints tell: $(head -5 difference)"
		jumped=$(sed -n 's/.* \([0-9]*\) of them recorded by .*/\1/p' traced.err)
		case $probe in
		breakpoint) [ "${jumped:-0}" -eq 0 ] || fail "jumps against the user's will" ;;
		*) [ "$jumped" -gt 5000 ] || echo "$python, $probe: $jumped calls by jumps" ;;
		esac
	done
done
