#!/bin/sh
# Python functions of every kind, by name, in each CPython that is installed.
# asserts: unharmed target
# timeout: 600
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/python.sh
. "$TESTS/lib/python.sh"

pythons=$(every_python)
[ -n "$pythons" ] || skip "there is no CPython 3.8 or later"
export PYTHONDONTWRITEBYTECODE=1
mkdir pkg && : >pkg/__init__.py
cat >pkg/mod.py <<-'END'
	class Outer:
	    class Inner:
	        def meth(self): return 1
	        @staticmethod
	        def still(): return 2
	        @classmethod
	        def ours(cls): return 3
	        @property
	        def value(self): return 4
	def load(): return "load of a module"
END
cat >kinds.py <<-'END'
	import asyncio, sys, threading, traceback
	from pkg import mod
	def load(a, b=2, *c, d=4, **e): return (a, b, c, d, e)
	def raises(n):
	    try:
	        if n == 3: return "finally"
	        raise ValueError(n)
	    finally:
	        for _ in range(2): pass
	def catches(n):
	    while True:
	        try: raises(n); break
	        except ValueError as error:
	            if n == 0: raise KeyError(n) from error
	            n = 3
	    with open("/dev/null") as f:
	        return f.read()
	def steps(n):
	    for i in range(n):
	        got = yield i
	        if got: return got
	def chained(n):
	    yield from steps(n)
	    return (yield "last")
	def depth(n): return 0 if n == 0 else 1 + depth(n - 1)
	def makes(n):
	    def made(k): return n + k
	    return made
	def wide():
	    # Long enough for jumps with arguments of two bytes.
	    x = 0
	    for i in range(3):
	END
for i in $(seq 200); do echo "        x = x + i * $i if x < $i else x - 1"; done >>kinds.py
cat >>kinds.py <<-'END'
	    return x
	async def fetch(i):
	    await asyncio.sleep(0.001 * (5 - i))
	    if i == 4: raise RuntimeError(i)
	    return i
	async def main():
	    return await asyncio.gather(*(fetch(i) for i in range(5)), return_exceptions=True)
	def leaves(): sys.exit(3)

	print(load(1), load(1, 2, 3, f=5), mod.load())
	for n in (0, 1, 3):
	    try: print(catches(n))
	    except KeyError: traceback.print_exc()
	print(list(steps(3)), list(chained(2)))
	for i in steps(5): break
	generator = steps(5); next(generator)
	try: generator.throw(ZeroDivisionError("thrown"))
	except ZeroDivisionError: traceback.print_exc()
	generator = steps(5); next(generator)
	try: generator.send("enough")
	except StopIteration as stop: print(stop.value)
	steps(5)
	print(depth(50))
	try: depth(-1)
	except RecursionError: print("too deep")
	print(makes(1)(2), wide())
	print(asyncio.run(main()))
	threads = [threading.Thread(target=depth, args=(20,)) for _ in range(4)]
	for t in threads: t.start()
	for t in threads: t.join()
	inner = mod.Outer.Inner()
	print(inner.meth(), inner.still(), inner.ours(), inner.value)
	leaves()
END
cat >expected <<-'END'
	expect __main__.load 2 0
	expect pkg.mod.load 1 0
	expect __main__.catches 2 1
	expect __main__.raises 2 2
	expect __main__.chained 1 0
	expect __main__.makes.<locals>.made 1 0
	expect __main__.wide 1 0
	expect __main__.fetch 4 1
	expect __main__.main 1 0
	expect __main__.leaves 0 1
	expect pkg.mod.Outer.Inner.meth 1 0
	expect pkg.mod.Outer.Inner.still 1 0
	expect pkg.mod.Outer.Inner.ours 1 0
	expect pkg.mod.Outer.Inner.value 1 0
END
names='load,catches,raises,steps,chained,made,wide,fetch,main,leaves,Inner.*,/Outer\.Inner\.val/,depth'
all_kinds() {
	python=$1 probe=$2
	run_as traced "$MPROF_TRACE" run -q --probe "$probe" --python -f "$names" -o kinds.dat "$python" kinds.py
	same_as_untraced traced || fail "$python, $probe: the program behaves in another way"
	well_formed kinds.dat
	expectations expected kinds.dat || fail "$python, $probe: see above"
	[ "$(count_calls kinds.dat __main__.steps)" -ge 3 ] || fail "$python, $probe: generators"
	ended=$(($(count_calls kinds.dat __main__.steps) + $(count_calls kinds.dat __main__.steps unwound)))
	[ "$ended" -eq 5 ] || fail "$python, $probe: $ended generators have ended, not 5"
	[ "$(count_calls kinds.dat __main__.depth)" -eq $((51 + 4 * 21)) ] || fail "$python, $probe: recursion"
	[ "$(count_calls kinds.dat __main__.depth unwound)" -gt 500 ] || fail "$python, $probe: too deep"
	grep -aq '^DEFN __main__.load 3 .*kinds.py$' kinds.dat || fail "$python, $probe: no place of load"
	awk '$1 == "FUNC" && $2 == "__main__.depth" && $7 > max { max = $7 }
		END { exit !(max >= 50) }' kinds.dat || fail "$python, $probe: levels of a recursion"
}
for python in $pythons; do
	run_as plain "$python" kinds.py
	status_is plain 3
	for probe in auto breakpoint pad; do
		all_kinds "$python" $probe
	done
	# Only what is named: a glob without a dot is about the function's own name.
	run_as traced "$MPROF_TRACE" run -q --python -f 'l?ad' -o kinds.dat "$python" kinds.py
	[ "$(grep -ac ^FUNC kinds.dat)" -eq 3 ] || fail "$python: a glob"
done
