#!/bin/bash
# Characters that move a cursor or turn the direction of text, in the names of functions, files,
# programs and processes: none of them comes out as it is, on a terminal or in a picture.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

bidi=$'\342\200\256' # U+202E, from here on from right to left
isolate=$'\342\201\246' # U+2066
escape=$'\033[31m'

# clean FILE...: none of them is in there.
clean() {
	for file in "$@"; do
		[ -s "$file" ] || fail "$file is empty"
		! grep -q -e "$bidi" -e "$isolate" -e $'\033' "$file" ||
			fail "$file: $(grep -n -m 1 -e "$bidi" -e "$isolate" -e $'\033' "$file" | cat -v)"
	done
}

source="so${bidi}urce.c"
program="./pro${bidi}gram${escape}"
cat >"$source" <<'END'
#include <stdlib.h>
#include <sys/prctl.h>
int odd(int x) __asm__("na\342\200\256me");
__attribute__((noinline)) int odd(int x) { return x + 1; }
int main(int argc, char **argv) { prctl(PR_SET_NAME, "co\342\201\246mm\033[m"); return odd(argc) + (argv == NULL) - 2; }
END
cc -g -O0 -o "$program" "$source" >cc.out 2>&1 || fail "cannot be built: $(cat cc.out)"

# The name may be asked for as it is, and by what is shown instead.
for pattern in "na${bidi}me" 'na?me'; do
	run_as named "$MPROF_TRACE" run -v -f "$pattern" -o "re${bidi}cord.dat" "$program"
	status_is named 0
	[ "$(count_calls "re${bidi}cord.dat" 'na?me')" -eq 1 ] || fail "-f $pattern finds no call"
	clean named.err "re${bidi}cord.dat"
done

run_as funcs "$MPROF_TRACE" funcs -v --static -f 'na*' "$program"
status_is funcs 0
grep -q "^na?me	.*pro.u202egram.033\[31m	[0-9]*	.*so.u202eurce.c:" funcs.out || fail "funcs: $(cat -v funcs.out)"
clean funcs.out
run_as missing "$MPROF_TRACE" funcs --static -f "nb${bidi}mf" "$program"
status_is missing 125
says_one_line missing
clean missing.err
run_as nothing "$MPROF_TRACE" run "./no${bidi}such"
status_is nothing 127
clean nothing.err

run_as peak "$MPROF_TRACE" peak "re${bidi}cord.dat"
status_is peak 0
clean peak.out
run_as missing "$MPROF_TRACE" peak "no${bidi}such.dat"
status_is missing 125
clean missing.err

# A recording by others may hold anything.
sed "s/na?me/na${bidi}me${escape}/;s/^CMDLINE .*/CMDLINE .\/a${isolate}b/" "re${bidi}cord.dat" >others.dat
for format in svg pdf png; do
	run_as "$format" "$MPROF_TRACE" plot -t "ti${bidi}tle" -o "plot.$format" others.dat
	status_is "$format" 0
done
run_as svg "$MPROF_TRACE" plot -o lone.svg others.dat
clean plot.svg lone.svg
grep -q 'ti.*tle' plot.svg || fail "the title is gone"
run_as term "$MPROF_TRACE" plot --term others.dat
status_is term 0
! grep -q -e "$bidi" -e "$isolate" term.out || fail "plot --term shows them"

# A path on a terminal; a script gets it as it is.
run_as path "$MPROF_TRACE" rm --dry-run "re${bidi}cord.dat"
grep -q "^re${bidi}cord.dat$" path.out || fail "rm --dry-run: $(cat -v path.out)"
need_command script
script -qefc "'$MPROF_TRACE' rm --dry-run re*cord.dat" terminal.out >/dev/null </dev/null ||
	fail "rm --dry-run on a terminal fails"
grep -q 're.u202ecord.dat' terminal.out || fail "rm --dry-run on a terminal: $(cat -v terminal.out)"
