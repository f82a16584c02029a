#!/bin/sh
# --max-overhead with --lines: the lines of a function that costs too much are let go though its only call is still open; what
# they had gained still adds up to what the call gained.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

cat >long.c <<'EOF'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static long work(long rounds)
{
	long sum = 0;
	char *block = malloc(8 << 20);
	for (long i = 0; i < rounds; i++) {
		if (i % 3)
			sum += i;
	}
	memset(block, 1, 8 << 20);
	return sum;
}
int main(void)
{
	printf("%ld\n", work(30000000));
	return 0;
}
EOF
"${CC:-cc}" -g -O0 -o long long.c || fail "no program"
run_as plain ./long
run_as traced "$MPROF_TRACE" run -q --lines --max-overhead 20 -f work -o long.dat ./long
same_as_untraced traced || fail "the program behaves in another way"
well_formed long.dat
grep -q '^LEFT work ' long.dat || fail "nothing was let go"
# By a breakpoint each, the lines that are left would take minutes.
awk '$1 == "LINE" { gained[$4] = $6 } $1 == "LINES" { all = $8 } $1 == "FUNC" && $2 == "work" { call = $5 - $3 ; calls++ }
	END { for (line in gained) sum += gained[line]
		exit !(calls == 1 && sum - all < 0.001 && all - sum < 0.001 && sum > 7.9) }' long.dat ||
	fail "the lines do not add up: $(grep -aE '^(LINES?|FUNC) ' long.dat | tail -n 12)"
