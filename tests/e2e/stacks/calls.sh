#!/bin/sh
# --stacks=calls: stacks of calls by breakpoints and by jumps, as often as is cheap; each is that of a recorded call; folded,
# they have all that the calls of the function took.
set -eu
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

cat >hot.c <<'END'
#include <stdio.h>
__attribute__((noinline)) long hot(long x) { __asm__ volatile(""); return x * 3 + 1; }
__attribute__((noinline)) long by_one(long x) { return hot(x) + 1; }
__attribute__((noinline)) long by_other(long x) { return hot(x) + 2; }
int main(void)
{
	long sum = 0;
	for (long i = 0; i < 60000; i++)
		sum += i % 2 ? by_one(sum) : by_other(sum);
	printf("%d\n", sum != 0);
	return 0;
}
END
${CC:-cc} -O1 -g -fno-optimize-sibling-calls -o hot hot.c

for how in breakpoint auto pad; do
	[ "$how" != breakpoint ] || sed -i 's/60000/4000/' hot.c
	[ "$how" != auto ] || sed -i 's/ 4000;/ 60000;/' hot.c
	${CC:-cc} -O1 -g -fno-optimize-sibling-calls -o hot hot.c
	run_as "$how" "$MPROF_TRACE" run -q --stacks=calls --probe "$how" --max-calls 1000000 -f hot -o "$how.dat" ./hot
	status_is "$how" 0
	well_formed "$how.dat"
	# Both ways to it; each stack at the time of a call of that thread, and named as it.
	# With jumps from the start there are few that stop.
	awk -v least="$([ "$how" = pad ] && echo 2 || echo 16)" '$1 == "FRAME" { outer[$2] = $3; name[$2] = $4 }
		($1 == "FUNC" || $1 == "CHFUNC") { call[$4 " " $8 " " $2] = 1 }
		$1 == "STACK" { n++; stack[n] = $2; at[n] = $4 " " $6 " " $9
			way[name[$2] " " name[outer[$2]]]++; if ($7 != "entry" || $8 != "stopped") bad = bad " " $0 }
		END {
			for (i = 1; i <= n; i++)
				if (!(at[i] in call)) bad = bad " no call at " at[i]
			if (n < least || bad != "" || !way["hot by_one"] || !way["hot by_other"] ||
				way["hot by_one"] + way["hot by_other"] != n) {
				print n, bad
				for (w in way) print w, way[w]
				exit 1
			}
		}' "$how.dat" >"$how.found" || { cut -c 1-500 "$how.found"; fail "$how: stacks are wrong"; }
	run_as folded "$MPROF_TRACE" export --folded --stacks "$how.dat"
	status_is folded 0
	calls=$(awk '$1 == "FUNC" { t += $6 - $4 } END { printf "%.0f\n", t * 1e3 }' "$how.dat")
	folded=$(awk '/;hot / { t += $NF } END { printf "%.0f\n", t / 1e6 }' folded.out)
	off=$((calls - folded))
	if [ "$off" -gt 2 ] || [ "$off" -lt -2 ]; then
		fail "$how: $calls ms of calls, $folded ms folded"
	fi
done

run_as wrong "$MPROF_TRACE" export --folded --stacks --csv auto.dat
status_is wrong 125
run_as none "$MPROF_TRACE" run -q -f hot -o none.dat ./hot
run_as without "$MPROF_TRACE" export --folded --stacks none.dat
status_is without 125
says without 'none.dat holds no such stacks: record it with --stacks=calls'
