#!/bin/sh
# What the lines of Python functions gain, in each CPython that is installed: as memory_profiler prints it of a decorated
# copy, and of functions of every kind as they say themselves.
# asserts: unharmed target
# timeout: 900
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/python.sh
. "$TESTS/lib/python.sh"

pythons=$(every_python)
[ -n "$pythons" ] || skip "there is no CPython 3.8 or later"
export PYTHONDONTWRITEBYTECODE=1
# What is freed is given back.
export MALLOC_MMAP_THRESHOLD_=65536

# ---- The classic example ----

cat >classic.py <<-'END_OF_FILE'
	def my_func():
	    a = [1] * (10 ** 6)
	    b = [2] * (2 * 10 ** 7)
	    del b
	    return a

	def loops(n):
	    keep = []
	    for i in range(n):
	        keep.append(b"1" * (1 << 20))
	        i += 1
	    try:
	        raise ValueError(
	            n)
	    except ValueError:
	        keep = None
	    return keep

	if __name__ == "__main__":
	    my_func()
	    loops(8)
END_OF_FILE
sed 's/^def /@profile\n&/' classic.py >decorated.py
# memory_profiler needs of psutil no more than this.
cat >psutil.py <<-'END_OF_FILE'
	import os
	class AccessDenied(Exception): pass
	class Info(tuple): rss = property(lambda self: self[0])
	class Process:
	    def __init__(self, pid=None): self.pid = pid or os.getpid()
	    def memory_info(self):
	        with open("/proc/%d/statm" % self.pid) as statm:
	            return Info([int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE")])
END_OF_FILE
theirs=/usr/lib/python3/dist-packages/memory_profiler.py
[ ! -f "$theirs" ] || cp "$theirs" .
# Their table and ours: the same lines, counts and figures, but for the lines above "def" and, in what memory_profiler
# has had before, the first figures.
cat >compare.py <<-'END_OF_FILE'
	import re, sys
	def read(path, first):
	    rows, header = [], []
	    for text in open(path):
	        row = re.match(r" *(\d+) +(\S+) MiB +(\S+) MiB +(\d+)   (.*)", text)
	        if row and row[5].startswith(first):
	            base = float(row[2])
	            rows.append(("def", int(row[4])))
	        elif row:
	            rows.append((row[5], int(row[4]), float(row[2]) - base, float(row[3])))
	        elif text.startswith(("Line #", "====")):
	            header.append(text)
	    return header, rows
	theirs, ours = read(sys.argv[1], "@profile"), read(sys.argv[2], "def ")
	same = theirs[0] == ours[0] and len(theirs[1]) == len(ours[1]) == 16
	# The program's own pages, that its first allocations touch, may be more or less by some.
	for one, other in zip(theirs[1], ours[1]):
	    near = all(abs(a - b) < 0.02 for a, b in zip(one[2:], other[2:]))
	    if one[:2] != other[:2] or not near:
	        same = False
	        print(one, other)
	sys.exit(not same)
END_OF_FILE
as_memory_profiler() {
	"$1" -m memory_profiler --precision 5 decorated.py >theirs.out 2>theirs.err ||
		fail "$1: memory_profiler: $(cat theirs.err)"
	run_as ours "$MPROF_TRACE" lines --precision 5 --python -f my_func,loops "$1" classic.py
	status_is ours 0
	[ ! -s ours.err ] || fail "$1: $(cat ours.err)"
	head -1 ours.out | grep -q '^Filename: .*classic.py$' || fail "$1: the file"
	"$1" compare.py theirs.out ours.out || fail "$1: see above"
}

# ---- Functions of every kind, which say themselves what is to be found ----

cat >kinds.py <<-'END_OF_FILE'
	import asyncio, multiprocessing, os, sys, threading
	keep = []
	def take(mib): return b"\1" * (mib << 20)
	def recursive(n):                       # runs 4
	    mine = take(2)                      # gains 8 runs 4
	    if n:                               # gains 0 runs 4
	        recursive(n - 1)                # gains -6 runs 3
	    return n                            # gains 0 runs 4
	def even(n):                            # runs 3
	    mine = take(1)                      # gains 3 runs 3
	    return odd(n - 1) if n else 0       # gains -2 runs 3
	def odd(n):
	    more = take(2)
	    return even(n - 1)
	def steps(n):                           # runs 2
	    for i in range(n):                  # runs 6
	        held = take(3)                  # gains 6 runs 5
	        got = yield take(0)             # gains 0 runs 5
	        if got:                         # gains 0 runs 4
	            keep.append(take(got))      # gains 2 runs 1
	def consumes():                         # runs 1
	    for i in steps(3):                  # gains 0 runs 4
	        keep.append(take(5))            # gains 15 runs 3
	    generator = steps(2)                # gains 0 runs 1
	    next(generator)                     # gains 3 runs 1
	    keep.append(take(4))                # gains 4 runs 1
	    try: generator.send(2)              # gains 2 runs 1
	    except StopIteration: pass
	    del generator                       # gains -3 runs 1
	def delegates(n):                       # runs 1
	    yield from steps_of(n)              # gains 6
	    keep.append(take(1))                # gains 1 runs 1
	def steps_of(n):                        # runs 1
	    for i in range(n):                  # runs 4
	        yield i                         # gains 0 runs 3
	        keep.append(take(2))            # gains 6 runs 3
	async def fetch(i):                     # runs 3
	    keep.append(take(2))                # gains 6 runs 3
	    await asyncio.sleep(0.01)           # gains 0 runs 3
	    keep.append(take(3))                # gains 9 runs 3
	    if i == 2: raise KeyError(i)        # gains 0
	async def gathers():                    # runs 1
	    await asyncio.gather(*[fetch(i) for i in range(3)], return_exceptions=True)
	    keep.append(take(1))                # gains 1 runs 1
	def thrown(n):                          # runs 2
	    mine = take(2)                      # gains 4 runs 2
	    if n == 1:                          # gains 0 runs 2
	        raise ValueError(               # gains 0
	            n)
	    return mine                         # gains 0 runs 1
	def catches():                          # runs 1
	    for n in 0, 1:                      # gains 0
	        try:                            # gains 0 runs 2
	            keep.append(thrown(n))      # gains 4 runs 2
	        except ValueError as error:     # gains 0 runs 1
	            del error                   # gains -2 runs 1
	        finally:
	            keep.append(take(1))        # gains 2 runs 2
	class Kind:
	    def method(self, n):                # runs 1
	        many = [take(1)                 # gains 4
	                for i in range(n)]
	        total = sum(len(take(1)) for i in range(3))  # gains 0
	        return many, total              # gains 0 runs 1
	def short(n): return len(take(n))       # gains 0 runs 2
	def makes():
	    def made(n):                        # runs 2
	        keep.append(take(n))            # gains 5 runs 2
	        return (lambda: n)()            # gains 0
	    return made
	lock = threading.Lock()
	def works(n):                           # runs 3
	    with lock:                          # gains 0
	        keep.append(take(4))            # gains 12 runs 3
	def spin(n):                            # runs 1
	    total = 0                           # runs 1
	    for i in range(n):                  # runs 2001
	        total += i                      # runs 2000
	    while n: n -= 1
	    return total                        # gains 0 runs 1
	def pooled(n):                          # children runs 4
	    big = take(6)                       # children gains 24 runs 4
	    return len(big)                     # children gains 0 runs 4
	def forks():                            # runs 1
	    keep.append(take(2))                # gains 2 runs 1
	    pid = os.fork()                     # runs 1
	    if pid == 0:                        # runs 2
	        keep.append(take(7))            # gains 7 runs 1
	        os._exit(0)                     # runs 1
	    os.waitpid(pid, 0)                  # gains 0 runs 1
	    pid = os.fork()                     # runs 1
	    if pid == 0:
	        keep.append(take(8))            # gains 8 runs 1
	        os.execv("/bin/true", ["true"]) # runs 1
	    os.waitpid(pid, 0)                  # gains 0 runs 1
	print(recursive(3)); even(4); consumes(); list(delegates(3))
	asyncio.run(gathers())
	catches(); short(1); short(2); kind = Kind().method(4)
	made = makes(); made(2); made(3)
	for i in range(3):
	    thread = threading.Thread(target=works, args=(i,)); thread.start(); thread.join()
	spin(2000); 
	with multiprocessing.get_context("fork").Pool(2) as pool: print(sum(pool.map(pooled, range(4), chunksize=1)))
	forks()
	print(len(keep), sys.gettrace())
	sys.exit(3)
END_OF_FILE
cat >check.py <<-'END_OF_FILE'
	"""kinds.py's own figures against LINE and LINES records of FILE.dat; prints what differs."""
	import re, sys
	source, dat, python = sys.argv[1:4]
	lines, functions = {}, {}
	for record in open(dat, encoding="utf-8"):
	    words = record.split()
	    if words[0] == "LINE":
	        lines[(words[1], words[2], int(words[3]))] = (int(words[4]), float(words[5]), float(words[6]), int(words[7]))
	    elif words[0] == "LINES":
	        functions[(words[1], words[2])] = [float(w) for w in words[3:8]]
	bad = 0
	for (name, pid), (first, last, calls, before, gained) in functions.items():
	    total = sum(v[1] for k, v in lines.items() if k[:2] == (name, pid))
	    if abs(total - gained) > 1e-4:
	        print(name, pid, "lines sum to", total, "of", gained); bad = 1
	    if any(v[0] and not first <= k[2] <= last for k, v in lines.items() if k[:2] == (name, pid)):
	        print(name, "has lines beyond", first, last); bad = 1
	for number, text in enumerate(open(source), 1):
	    wanted = re.search(r"#( children)?( gains (-?\d+))?( runs (\d+))?$", text)
	    if not wanted: continue
	    found = [v for k, v in lines.items() if k[2] == number]
	    runs, gains = sum(v[0] for v in found), sum(v[1] for v in found)
	    if wanted[5] and runs != int(wanted[5]):
	        print(python, "%d: %s runs, %s" % (number, runs, text.rstrip())); bad = 1
	    if wanted[3] and abs(gains - int(wanted[3])) > 0.5:
	        print(python, "%d: gains %s, %s" % (number, gains, text.rstrip())); bad = 1
	sys.exit(bad)
END_OF_FILE
functions=recursive,even,steps,consumes,delegates,steps_of,fetch,gathers,thrown,catches,Kind.method,made,short
functions=$functions,works,spin,pooled,forks
for python in $pythons; do
	[ ! -f memory_profiler.py ] || as_memory_profiler "$python"
	# The threads of a Pool may end behind their join(), and fork() warn of them.
	run_as plain "$python" -W ignore kinds.py
	status_is plain 3
	for probe in breakpoint auto; do
		run_as traced "$MPROF_TRACE" run -q --lines --memory-age 0 --probe $probe --python -f $functions \
			-o kinds.dat "$python" -W ignore kinds.py
		same_as_untraced traced || fail "$python, $probe: the program behaves in another way"
		well_formed kinds.dat
		"$python" check.py kinds.py kinds.dat "$python" || fail "$python, $probe: see above"
	done
	"$MPROF_TRACE" lines -f fetch kinds.dat | grep -q 'await asyncio.sleep' || fail "$python: the table of a file"
done

# ---- Killed, attached to, and what cannot be ----

cat >long.py <<-'END_OF_FILE'
	import os, time
	keep = []
	def grows():
	    keep.append(b"1" * (5 << 20))
	    time.sleep(0.01)
	def ends(): return os.path.exists("end")
	while not ends(): grows() if len(keep) < 4 else time.sleep(0.01)
END_OF_FILE
for python in $pythons; do
	rm -f end
	start_recorder killed run -q --lines --python -f grows -T 0.05 -o killed.dat "$python" long.py
	wait_until grep -aq '^LINE __main__.grows [0-9]* 5 4 ' killed.dat
	kill -KILL "$recorder"
	wait_until [ -s killed.dat ]
	: >end
	wait "$recorder" || :
	awk '$1 == "LINE" && $4 == 4 { gained = $6 } END { exit !(gained > 19.5 && gained < 20.5) }' killed.dat ||
		fail "$python, killed: $(grep -a ^LINE killed.dat)"
done
# A program that follows its own lines has its own way.
cat >follows.py <<-'END_OF_FILE'
	import sys
	seen = []
	def trace(frame, event, arg):
	    seen.append((event, frame.f_code.co_name, frame.f_lineno))
	    return trace
	def work(n):
	    total = 0
	    for i in range(n): total += i
	    return total
	sys.settrace(trace)
	work(3)
	assert sys.gettrace() is trace
	sys.settrace(None)
	print([each for each in seen if each[1] == "work"])
END_OF_FILE
for python in $pythons; do
	run_as plain "$python" follows.py
	run_as traced "$MPROF_TRACE" run --lines --python -f work -o follows.dat "$python" follows.py
	cmp -s plain.out traced.out || fail "$python: who follows lines follows others: $(cat traced.out)"
	"$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' || says traced 'debugger'
done
run_as bad "$MPROF_TRACE" lines --python -f nix "$(echo "$pythons" | head -1)" -c pass
status_is bad 125
says bad "'nix': no Python function of this name was defined"
[ -f memory_profiler.py ] || skip "python3-memory-profiler is not installed: not compared"
