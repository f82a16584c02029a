#!/bin/sh
# diff --fail-if: what holds is told and is status 1; what cannot be judged is 125, never a pass; nonsense is refused.
set -eu
# shellcheck source=tests/lib/compare.sh
. "$TESTS/lib/compare.sh"

made_profile 1 >1.dat
made_profile 3 >3.dat
expect 0 "$MPROF_TRACE" diff 1.dat 3.dat --fail-if 'peak>+7%' --fail-if 'gain:load>+100M'
says 'ok'
expect 1 "$MPROF_TRACE" diff 1.dat 3.dat --fail-if 'peak>+6%' # 93 to 99 MiB: 6.45 %
says 'BROKEN'
says '93.0 MiB before, 99.0 MiB now'
expect 1 "$MPROF_TRACE" diff 1.dat 3.dat --fail-if 'peak>=+6M'
expect 0 "$MPROF_TRACE" diff 1.dat 3.dat --fail-if 'peak>+6M'
expect 1 "$MPROF_TRACE" diff 1.dat 3.dat --fail-if 'calls:tick>+100%' --fail-if 'peak>1G'
expect 1 "$MPROF_TRACE" diff 1.dat 3.dat --fail-if 'processes:worker*>+0'
expect 1 "$MPROF_TRACE" diff 3.dat 1.dat --fail-if 'calls:tick<-10%'
# Without a name, of each function; the worst is named.
expect 1 "$MPROF_TRACE" diff 1.dat 3.dat --fail-if 'calls>+1000'
says 'tick'
# A pattern that matches nothing; broken comes first.
expect 125 "$MPROF_TRACE" diff 1.dat 3.dat --fail-if 'gain:nosuch>+1M' --fail-if 'peak>1G'
says 'UNKNOWN'
says 'no function of 1.dat matches'
expect 1 "$MPROF_TRACE" diff 1.dat 3.dat --fail-if 'gain:nosuch>+1M' --fail-if 'peak>1M'
sed 's/FUNC load /FUNC reload /' 3.dat >renamed.dat
expect 125 "$MPROF_TRACE" diff 1.dat renamed.dat --fail-if 'calls:load>+5%'
says 'no function of renamed.dat matches'
# One that was given up is not judged, unless what there is of it breaks the condition already.
{
	cat 3.dat
	echo 'LEFT tick 1795310500 3000'
} >left.dat
expect 125 "$MPROF_TRACE" diff 1.dat left.dat --fail-if 'calls:tick>+2000'
says 'given up'
expect 1 "$MPROF_TRACE" diff 1.dat left.dat --fail-if 'calls:tick>+1999'
# The verdicts of a table for programs.
expect 1 "$MPROF_TRACE" diff --csv 1.dat 3.dat --fail-if 'peak>+1%'
says 'BROKEN' err
! grep -q BROKEN out || fail "a verdict within CSV"
sed 's/^METRIC rss/METRIC pss/' 3.dat >pss.dat
expect 125 "$MPROF_TRACE" diff 1.dat pss.dat
says 'cannot be compared' err

# refuse PART-OF-MESSAGE ARGUMENT...
refuse() {
	part=$1
	shift
	expect 125 "$MPROF_TRACE" diff "$@"
	[ ! -s out ] || fail "$*: printed $(cat out)"
	[ "$(wc -l <err)" -eq 1 ] || fail "$*: not one line: $(cat err)"
	says "$part" err
}
refuse 'two profiles' 1.dat
refuse 'two profiles' 1.dat 3.dat 1.dat
refuse 'two profiles' -- 1.dat
refuse 'two profiles' 1.dat --
refuse 'No such file' 1.dat nosuch.dat
refuse 'write +5%' 1.dat 3.dat --fail-if 'peak>5%'
refuse 'no comparison' 1.dat 3.dat --fail-if 'peak'
refuse 'is no figure' 1.dat 3.dat --fail-if 'pesk>5M'
refuse 'give a size' 1.dat 3.dat --fail-if 'peak>500'
refuse 'whole number' 1.dat 3.dat --top x
