#!/bin/sh
# Python functions of interpreters that run already: with threads, busy in every way, asleep, and again and again.
# asserts: unharmed target
# timeout: 900
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"
# shellcheck source=tests/lib/python.sh
. "$TESTS/lib/python.sh"

export PYTHONDONTWRITEBYTECODE=1
cat >busy.py <<-'END'
	import gc, os, signal, sys, threading, time
	kind = sys.argv[1]
	ends = felt = 0
	def ended(*args):
	    global ends
	    ends += 1
	def on_signal(*args):
	    global felt
	    felt += 1
	signal.signal(signal.SIGUSR1, ended)
	signal.signal(signal.SIGALRM, on_signal)
	def leaf(n): return [n] * 10
	def steps(n):
	    for i in range(n): yield i
	class Kind:
	    def method(self): return sum(steps(20))
	def throws(n):
	    if n % 2: raise ValueError(n)
	    return n
	def worker(results):
	    rounds = wrong = 0
	    while not ends:
	        rounds += 1
	        wrong += leaf(rounds) != [rounds] * 10
	        wrong += Kind().method() != 190
	        try: wrong += throws(rounds) != rounds or rounds % 2
	        except ValueError as error: wrong += error.args != (rounds,) or not rounds % 2
	        if rounds % 50 == 0: gc.collect(0)
	        time.sleep(0.0002)
	    results.append((rounds, wrong))
	def spin():
	    i = 0
	    while not ends: i += 1
	    return i
	results = []
	threads = []
	print("ready", flush=True)
	if kind == "threads":
	    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
	    threads = [threading.Thread(target=worker, args=(results,)) for i in range(3)]
	    for thread in threads: thread.start()
	    worker(results)
	elif kind == "ints":
	    spin()
	    ends = 0
	    print("spun", flush=True)
	    worker(results)
	elif kind == "asleep":
	    data = os.read(0, 100)  # a stop would not be felt: Python makes it again; see /proc
	    worker(results)
	elif kind == "joins":
	    threads = [threading.Thread(target=worker, args=(results,))]
	    threads[0].start()
	    # Its waits do not end by signals: they are for others to get.
	    for thread in threads: thread.join()
	elif kind == "full":
	    for tool in range(6): sys.monitoring.use_tool_id(tool, "mine")
	    worker(results)
	for thread in threads: thread.join()
	signal.setitimer(signal.ITIMER_REAL, 0)
	# What is left of ours goes at its next call.
	for i in range(2): leaf(i); list(steps(2))
	tools = []
	for tool in range(6): tools.append(sys.monitoring.get_tool(tool))
	print("wrong", sum(wrong for rounds, wrong in results), "tools", set(tools), flush=True)
END
cat >slow.py <<-'END'
	import os, sys, time
	sys.modules.pop("_operator", None)
	class Finder:  # the interpreter asks it on our behalf
	    def find_spec(self, name, path, target=None):
	        if name == "_operator" and not os.path.exists("go"):
	            os.write(1, b"inside\n")
	            while not os.path.exists("go"): time.sleep(0.01)
	sys.meta_path.insert(0, Finder())
	def leaf(n): return n
	def total(a, b, c=1, *d, e=5.0): return a + b + c + leaf(1) + e
	print("ready", flush=True)
	said = False
	while not os.path.exists("end"):
	    if total(1.5, 2, 3, 4, e=0.25) != 7.75: sys.exit(2)
	    time.sleep(0.001)
	    if os.path.exists("go") and not said: said = print("fine", flush=True) is None
END
# program_is_fine: it ends, and has found nothing wrong.
program_is_fine() {
	kill -USR1 "$program"
	program_result=0
	wait "$program" || program_result=$?
	[ "$program_result" -eq 0 ] || fail "$1: status $program_result: $(tail -3 "$2.err")"
	grep -q "^wrong 0 tools $3" "$2.out" || fail "$1: $(cat "$2.out" "$2.err")"
}
recorded='are recorded from now on'
count=0
for python in $(every_python); do
	"$python" -c 'import sys; sys.exit(not hasattr(sys, "monitoring"))' || continue
	count=$((count + 1))
	start_program busy "$python" busy.py threads
	wait_until grep -q '^ready' busy.out
	round=0
	while [ "$round" -lt "${ATTACH_ROUNDS:-6}" ]; do
		round=$((round + 1))
		probe=$([ $((round % 2)) -eq 0 ] && echo auto || echo pad)
		start_attach attached --python --probe "$probe" -f leaf,steps,method,throws -o calls.dat "$program"
		wait_until grep -q "$recorded" attached.err
		sleep 0.3
		stop_attach attached
		well_formed calls.dat
		is_own_code "$program" || fail "$python: something is left in its code"
		for name in leaf steps Kind.method throws; do
			grep -Eaq "^(FUNC|MANY) __main__.$name " calls.dat ||
				fail "$python, round $round: no call of $name: $(tail -5 attached.err)"
		done
		grep -Eaq '^FUNC __main__.throws .* unwound' calls.dat || fail "$python: nothing is thrown"
	done
	program_is_fine "$python, threads" busy "{None}"

	# Loops of nothing but bytecodes; and a main thread that sleeps for ever in a lock.
	for kind in ints joins; do
		start_program busy "$python" busy.py "$kind"
		wait_until grep -q '^ready' busy.out
		start_attach attached --python -f leaf,spin -o calls.dat "$program"
		wait_until grep -q "$recorded" attached.err
		[ "$kind" = joins ] || { kill -USR1 "$program" && wait_until grep -q '^spun' busy.out; }
		sleep 0.3
		stop_attach attached
		grep -Eaq '^(FUNC|MANY) __main__.leaf ' calls.dat || fail "$python, $kind: no call"
		[ "$kind" = joins ] || program_is_fine "$python, $kind" busy "{None}"
		[ "$kind" = ints ] || kill -KILL "$program"
	done

	# One that sleeps is not woken, but waited for.
	mkfifo pipe
	"$python" busy.py asleep <pipe >asleep.out 2>asleep.err &
	program=$!
	exec 9>pipe
	wait_until grep -q '^ready' asleep.out
	wait_until grep -q '^0 0x0 ' "/proc/$program/syscall"
	switches=$(grep voluntary_ctxt "/proc/$program/status")
	start_attach attached --python -f leaf -o calls.dat "$program"
	wait_until grep -q 'runs no Python code at the moment' attached.err
	[ "$(grep voluntary_ctxt "/proc/$program/status")" = "$switches" ] || fail "$python: it has been woken"
	echo go >&9
	wait_until grep -q "$recorded" attached.err
	sleep 0.3
	stop_attach attached
	exec 9>&-
	rm pipe
	grep -Eaq '^(FUNC|MANY) __main__.leaf ' calls.dat || fail "$python: it slept: no call"
	program_is_fine "$python, asleep" asleep "{None}"

	# All of ours is killed while a thread does something for us: it goes on, and the next one takes over.
	rm -f go
	start_program killed "$python" slow.py
	wait_until grep -q '^ready' killed.out
	start_attach attached --python -f leaf -o calls.dat "$program"
	wait_until grep -q '^inside' killed.out
	pkill -KILL -P "$recorder"
	kill -KILL "$recorder"
	end_recorder attached
	: >go
	wait_until grep -q '^fine' killed.out
	start_attach attached --python -f leaf -o calls.dat "$program"
	wait_until grep -q "$recorded" attached.err
	sleep 0.2
	stop_attach attached
	grep -Eaq '^(FUNC|MANY) __main__.leaf ' calls.dat || fail "$python: killed before: no call"
	is_own_code "$program" || fail "$python, killed: something is left in its code"
	: >end
	program_result=0
	wait "$program" || program_result=$?
	[ "$program_result" -eq 0 ] || fail "$python, killed: status $program_result"
	rm -f end

	# All tools are others'.
	start_program busy "$python" busy.py full
	wait_until grep -q '^ready' busy.out
	start_attach attached --python -f leaf --allow-missing -o calls.dat "$program"
	wait_until grep -q 'all tools of sys.monitoring are in use' attached.err
	stop_attach attached
	program_is_fine "$python, full" busy "{'mine'}"
done

# What cannot be.
sleep 60 &
program=$!
refused none 'has no Python interpreter' --python -f leaf "$program"
kill "$program"
refused usage 'needs -f' --python "$program"
if /usr/bin/python3 -c 'import sys; sys.exit(hasattr(sys, "monitoring"))' 2>/dev/null; then
	/usr/bin/python3 -c 'import time; print("ready", flush=True); time.sleep(60)' >old.out &
	program=$!
	wait_until grep -q ready old.out
	refused old 'older than 3.12' --python -f leaf "$program"
	kill "$program"
fi
[ "$count" -gt 0 ] || skip "there is no CPython 3.12 or later"
