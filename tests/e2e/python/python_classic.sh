#!/bin/sh
# memory_profiler's own example without its decorator: brackets for two functions that build lists,
# as long as the script itself measures; beside a decorated copy under mprof.
# timeout: 300
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

python=/usr/bin/python3
[ -x "$python" ] || skip "there is no $python"
export PYTHONDONTWRITEBYTECODE=1
cat >classic.py <<-'END'
	import sys, time
	def test1():
	    start = time.perf_counter()
	    n = 10000
	    a = [1] * n
	    time.sleep(0.3)
	    inside.append(time.perf_counter() - start)
	    return a
	def test2():
	    start = time.perf_counter()
	    n = 5000000
	    b = [1] * n
	    time.sleep(0.4)
	    inside.append(time.perf_counter() - start)
	    return b
	if __name__ == "__main__":
	    inside = []
	    for test in test1, test2:
	        start = time.perf_counter()
	        test()
	        around = time.perf_counter() - start
	        print("__main__." + test.__name__, inside[-1], around)
END
run_as classic "$MPROF_TRACE" run -q -f test1,test2 -o classic.dat classic.py
status_is classic 0
# What the script measures within the function and around the call, at whatever speed.
awk 'NR == FNR { inside[$1] = $2; around[$1] = $3; next }
	$1 == "FUNC" { n++; lasts = $6 - $4
		if (lasts < inside[$2] - 1e-5 || lasts > around[$2] + 1e-5) bad = 1 }
	END { exit n != 2 || bad }' classic.out classic.dat ||
	fail "durations: $(cat classic.out) $(grep -a ^FUNC classic.dat)"
well_formed classic.dat
awk '$2 == "__main__.test1" && $5 - $3 < 2 { small = 1 }
	$2 == "__main__.test2" && $5 - $3 > 37 && $5 - $3 < 40 { large = 1 }
	END { exit !(small && large) }' classic.dat || fail "memory: $(grep -a ^FUNC classic.dat)"
"$MPROF_TRACE" plot -o classic.svg classic.dat >/dev/null 2>&1 || fail "plot"
for name in __main__.test1 __main__.test2; do
	grep -q "$name" classic.svg || fail "$name is not in the plot"
done

command -v python3-mprof >/dev/null || skip "python3-mprof is not installed: not compared"
sed 's/^def /@profile\n&/' classic.py >decorated.py
python3-mprof run --python -o mprof.dat /usr/bin/python3 decorated.py >/dev/null 2>&1
# It knows an interpreter only by a name that begins with python.
[ "$(grep -c ^FUNC mprof.dat)" -eq 2 ] || { rm -f mprof.dat; PATH=/usr/bin:$PATH python3-mprof run --python -o mprof.dat python3 decorated.py >/dev/null 2>&1; }
awk '$1 == "FUNC" { seen[$2]++; gain[$2] = $5 - $3 - gain[$2] }
	END { for (name in seen) if (seen[name] != 2 || gain[name] > 3 || gain[name] < -3) exit 1 }' \
	mprof.dat classic.dat || fail "mprof sees other things: $(grep -h ^FUNC mprof.dat classic.dat)"
PATH=/usr/bin:$PATH
run_as decorated "$MPROF_TRACE" run -q -o decorated.dat decorated.py
status_is decorated 0
[ "$(grep -ac '^FUNC __main__.test' decorated.dat)" -eq 2 ] || fail "the decorated copy under ours"
