#!/bin/sh
# The plot of a directory of ranks: a curve a rank as far as they can be told apart, else a band with the median and
# the highest rank; sums over hosts; figures as Python computes them of the files.
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command convert
need_command identify
unset DISPLAY

make_ranks() { python3 "$TESTS/tools/make_ranks.py" "$@"; }
plot() { "$MPROF_TRACE" plot "$@" 2>err || fail "plot $*: $(cat err)"; }
words() { perl -CS -ne 'next unless s/.*<tspan[^>]*>(.*)<\/tspan>.*/$1/; s/&#x([0-9a-f]+);/chr hex $1/ge; print' "$1"; }
# has FILE.svg WORDS: among its words, as a whole line of them, or as a part with a second argument.
has() { words "$1" | grep -qF -- "$2" || fail "$1 does not say '$2': $(words "$1")"; }
has_not() { ! words "$1" | grep -qF -- "$2" || fail "$1 says '$2'"; }

make_ranks few 6 60 2
make_ranks many 50 60 5

# A curve a rank, with its exact peak, by the clock.
plot -o few.svg few
has few.svg 'job 4711, 6 ranks: ./solver --grid 512'
has few.svg 'time (s) from 2026-11-22 '
for rank in 0 1 2 3 4 5; do
	host=node$((rank * 2 / 6))
	peak=$(awk '$1 == "PEAK" { found = 1; printf "%.1f", $3 } $1 == "MEM" && $2 > most { most = $2 }
		END { if (!found) printf "%.1f", most }' "few/run.$rank.dat")
	has few.svg "rank $rank, $host  peak $peak MiB"
done
has_not few.svg 'lowest to highest'
plot -o few.png few
expect_margin_clean few.png

# A band: pale between the edges, stronger between the quartiles; the curves of the median and of the highest.
plot -o many.svg many
has many.svg 'median of 50 ranks  peak '
has many.svg 'all 50 ranks, from lowest to highest'
has many.svg 'the middle half of them, between quartiles'
has many.svg 'rank 49, node4  peak '
has_not many.svg 'rank 48'
plot -o many.png many
expect_margin_clean many.png
expect "the band" "$(count many.png 'rgb(219,233,243)')" 20000 200000
expect "its middle half" "$(count many.png 'rgb(170,202,227)')" 8000 80000
# Above the band is paper; the highest rank is its upper edge.
plot --children 3 -o three.svg many
[ "$(words three.svg | grep -c '^rank .*  peak')" -eq 3 ] || fail "--children 3: $(words three.svg)"
plot --children all -o all.svg many
[ "$(words all.svg | grep -c '^ranks* .*peak')" -gt 20 ] || fail "--children all: $(words all.svg)"
has_not all.svg 'lowest to highest'
plot --theme dark -o dark.png many
expect "the band in the dark" "$(count dark.png 'rgb(36,49,65)')" 20000 200000

# Sums: of hosts, of all, as Python adds them up.
mib=$(python3 "$TESTS/lib/check_ranks.py" few | awk '{ printf "%.1f", $1 }')
at=$(python3 "$TESTS/lib/check_ranks.py" few | awk '{ printf "%.2f", $2 }')
plot -C -o sum.svg few
has sum.svg "all together, 6 ranks  peak $mib MiB"
has sum.svg "$mib MiB at $at s"
has sum.svg 'memory used (MiB, sum of RSS)'
mkdir first
mv few/run.0.dat few/run.1.dat few/run.2.dat first
mib=$(python3 "$TESTS/lib/check_ranks.py" first | awk '{ printf "%.1f", $1 }')
mv first/* few
plot --by host -o hosts.svg few
has hosts.svg "node0, 3 ranks  peak $mib MiB"
has hosts.svg 'node1, 3 ranks  peak '

# From a call in each: those without it are left out, which a line says.
sed -i '/MPI_Init/d' few/run.4.dat
plot --align MPI_Init -o aligned.svg few
has aligned.svg 'time (s) from the first call of MPI_Init'
has aligned.svg '5 ranks: ./solver'
grep -q 'few: left out 1 profile without a call of MPI_Init' err || fail "--align: $(cat err)"
plot --clock -o clock.svg few
has clock.svg 'time of day, 2026-11-2'
plot -w 2,4 -t 'A title' -o part.svg many
has part.svg 'A title'

# Ranks that look the same share a colour and a line of the legend.
mkdir same
for rank in 0 1 2 3 4 5 6; do sed "s/^RANK 1 6/RANK $rank 7/" few/run.1.dat >same/run.$rank.dat; done
cp few/run.2.dat same/
plot -o same.svg same
has same.svg 'ranks 0–1, 3–6  peaks '
has same.svg 'rank 2  peak '

# On the terminal; a picture that is not named is named after the directory.
"$MPROF_TRACE" plot --term many >term.out 2>err || fail "--term: $(cat err)"
grep -q '░' term.out || fail "no band: $(cat term.out)"
grep -q '░░  all 50 ranks' term.out || fail "no key of the band: $(cat term.out)"
[ "$("$MPROF_TRACE" plot many/)" = many.png ] || fail "plot many/: not many.png"
[ "$(cd many && "$MPROF_TRACE" plot .)" = ranks.png ] || fail "plot .: not ranks.png"
rm many/ranks.png

# The latest of several jobs, or the one that is asked for.
make_ranks two 3 30 1 12
make_ranks other 4 30 1 34
for file in other/*; do
	sed 's/ 17953/ 17954/g' "$file" >"two/later.${file#other/run.}"
done
plot -o two.svg two
has two.svg 'job 34, 4 ranks'
grep -q 'two holds the ranks of 2 jobs: 34 is drawn, the latest; --job 12 draws another' err || fail "$(cat err)"
plot --job 12 -o two.svg two
has two.svg 'job 12, 3 ranks'

# refused WORDS ARGUMENTS…: with one line that has the words.
refused()
{
	said=$1
	shift
	status=0
	"$MPROF_TRACE" plot "$@" >out 2>err </dev/null || status=$?
	[ "$status" -eq 125 ] || fail "plot $*: status $status"
	[ "$(wc -l <err)" -eq 1 ] || fail "plot $*: not one line: $(cat err)"
	grep -qF -- "$said" err || fail "plot $*: '$said' is not in $(cat err)"
}

mkdir nothing
refused 'nothing has no profile: record into it' -o x.png nothing
refused 'a page holds single profiles, not a directory of ranks' -o x.html few
refused '--flame is of one profile, but few is a directory: name one in it' --flame -o x.png few
refused '--pid is of one profile' --pid 3 -o x.png few
refused '--func is of one profile' --func f -o x.png few
refused '--follow is of one profile' --follow few
refused 'a directory of ranks is drawn by itself' -o x.png few few/run.1.dat
refused '--by host is of a directory of ranks: name one' --by host -o x.png few/run.1.dat
refused '--by host and -C' --by host -C -o x.png few
refused '--by nonsense: say rank or host' --by nonsense few
refused 'no profile in few is of the job 5' --job 5 -o x.png few
refused 'no profile in few has a call of no_such' --align no_such -o x.png few
[ ! -e x.png ] || fail 'a picture was written'
