#!/bin/sh
# list: figures as awk finds them in the files, profiles of any name, large ones by their ends; clean: pictures, too.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"

need_command python3

# figures FILE: duration, peak and processes, as list --json has them.
figures() {
	awk '
		function note(time) {
			split(time, part, "."); time = part[1] - 1700000000 + part[2] / 1e9
			if (!seen++ || time < first) first = time
			if (time > last) last = time
		}
		$1 == "PROC" && !processes++ { main = $2 }
		$1 == "MEM" { note($3); if ($2 > peak) peak = $2 }
		$1 == "CHLD" { note($4) }
		/^(CH)?FUNC / { note($4); note($6) }
		$1 == "PEAK" && $2 == main && $3 > peak { peak = $3 }
		END { printf "%.3f %.3f %d\n", last - first, peak, processes }' "$1"
}

# listed FILE: the same of list --json.
listed() {
	"$MPROF_TRACE" list --json | python3 -c '
import json, sys
entry = [e for e in json.load(sys.stdin) if e["file"] == sys.argv[1]][0]
print("%.3f %.3f %d" % (entry["duration_s"], entry["peak_mib"], entry["processes"]))' "$1"
}

"$MPROF_TRACE" run -q -f outer,inner "$TARGETS/calls_nested" >/dev/null
"$MPROF_TRACE" run -q -T 0.02 -o forks.dat "$TARGETS/fork_many" >/dev/null
"$MPROF_TRACE" run -q -o of.any.name "$TARGETS/memory_gain" >/dev/null
usual=$(echo mprofile_*.dat)
for file in "$usual" forks.dat of.any.name; do
	[ "$(figures "$file")" = "$(listed "$file")" ] ||
		fail "$file: $(listed "$file") is listed, $(figures "$file") is in it"
done
"$MPROF_TRACE" list >out
grep -Eq "^0  $usual  20[0-9-]* [0-9:]*  .*MiB.*calls_nested\$" out || fail "no line of $usual: $(cat out)"
grep -Eq '^-  forks.dat ' out || fail "no line of forks.dat"
grep -Eq '^-  of.any.name ' out || fail "no line of of.any.name"
COLUMNS=80 "$MPROF_TRACE" list >out
grep -q "^0  $usual " out || fail "the name is shortened: $(cat out)"
[ "$(wc -L <out)" -le 80 ] || fail "wider than 80 columns"
# What only looks like one, and what would be waited for.
echo 'CMDLINE of a note' >note
echo 'MEM in prose' >prose.dat
mkfifo pipe.dat mprofile_20260101000000.dat
mkdir folder.dat
timeout 60 "$MPROF_TRACE" list >out || fail "list waits for a pipe"
! grep -Eq 'prose|pipe.dat|folder' out || fail "no profiles are listed: $(cat out)"
grep -q '^0  mprofile_20260101000000.dat .*is no regular file' out || fail "the pipe has its index: $(cat out)"
rm note pipe.dat mprofile_20260101000000.dat

# Cut in the middle of a recording.
head -c "$(($(wc -c <forks.dat) / 2))" forks.dat >cut.dat
touch -d '1 hour ago' cut.dat
"$MPROF_TRACE" list >out
grep -q '^-  cut.dat .*  broken off  ' out || fail "cut.dat is said to be whole: $(cat out)"
grep -q '^-  forks.dat .*  whole  ' out || fail "forks.dat is said not to be whole: $(cat out)"
touch -d '1 hour' cut.dat # written to just now, however slow this machine is
"$MPROF_TRACE" list | grep -q '^-  cut.dat .*  recording  ' || fail "cut.dat is said to have broken off"
rm cut.dat forks.dat of.any.name

# A large file: its start and its end are read, and what is in the middle may be more.
awk 'BEGIN {
	print "CMDLINE ./large\nMETRIC rss\nPROC 10 1 1700000000.000000000 ./large"
	for (i = 0; i < 600000; i++) {
		printf "MEM %d.000000 %d.500000000\n", i == 300000 ? 900 : 10 + i % 7, 1700000000 + i
		if (i % 100000 == 50000) printf "PROC %d 10 %d.500000000 x\n", 20 + i, 1700000000 + i
	}
	print "TICKS 600000 0 0 0.000000001 0.000000002" }' >large.dat
"$MPROF_TRACE" list --json >out.json
python3 - <<'END' || fail "large.dat: $(cat out.json)"
import json
entry = [e for e in json.load(open("out.json")) if e["file"] == "large.dat"][0]
assert entry["is_partial"] and entry["duration_s"] == 599999, entry
assert 16 <= entry["peak_mib"] <= 900 and 1 <= entry["processes"] <= 7, entry
END
"$MPROF_TRACE" list | grep -q '^-  large.dat .*≥' || fail "figures of a part are not marked"
rm large.dat

# Hostile names and command lines.
name=$(printf 'evil\033[2J\n\377.dat')
printf 'CMDLINE \033[31m</script>\342\200\256x\nMEM 5 1700000000\nMEM 6 1700000001\n' >"$name"
"$MPROF_TRACE" list >out
! grep -q "$(printf '\033')" out || fail "an escape reaches the terminal"
[ "$(wc -l <out)" -eq 3 ] || fail "a name breaks the line: $(cat -v out)"
"$MPROF_TRACE" list --json >out.json
python3 -c 'import json; assert len(json.load(open("out.json", encoding="utf-8"))) == 2' || fail "no JSON"
! grep -qF '</script' out.json || fail "JSON would end a script"
rm -- "$name"
# Not even a list can be written.
# shellcheck disable=SC2016 # the inner shell's
run_as full sh -c '"$0" list >/dev/full' "$MPROF_TRACE"
status_is full 125

# Ranks, in order of their numbers, have indices as others have; what is only called alike has none.
mkdir ranks
cd ranks || exit
record='CMDLINE ./rank\nMEM 5 1700000000\nMEM 6 1700000001\n'
for name in mprofile_20260101000000.dat mprofile_20260101000001.10.dat mprofile_20260101000001.9.dat \
	mprofile_20260101000002.dat mprofile_20260101000001.x.dat mprofile_20260101.3.dat run.3.dat; do
	# shellcheck disable=SC2059 # it is the format
	printf "$record" >"$name"
done
echo 'do not delete' >mprofile_20260101000001.7.dat
"$MPROF_TRACE" list | awk '$1 != "file" { print $1, $2 }' >out
cat <<'END' | diff - out || fail "ranks are listed so"
0 mprofile_20260101000000.dat
1 mprofile_20260101000001.7.dat
2 mprofile_20260101000001.9.dat
3 mprofile_20260101000001.10.dat
4 mprofile_20260101000002.dat
- mprofile_20260101.3.dat
- mprofile_20260101000001.x.dat
- run.3.dat
END
DISPLAY='' "$MPROF_TRACE" plot 3 >/dev/null
[ -s mprofile_20260101000001.10.png ] || fail "the picture of a rank: $(ls)"
echo 'made afterwards' >mprofile_20260101000002.out # not by live
"$MPROF_TRACE" rm 2
[ ! -e mprofile_20260101000001.9.dat ] || fail "rm 2 has left rank 9"
"$MPROF_TRACE" clean >out 2>err && fail "clean goes over a note of rank 7"
cat <<'END' | diff - out || fail "clean of ranks"
removed mprofile_20260101000000.dat
removed mprofile_20260101000001.10.dat
removed mprofile_20260101000002.dat
removed mprofile_20260101000001.10.png
END
for name in mprofile_20260101000001.7.dat mprofile_20260101000001.x.dat mprofile_20260101.3.dat run.3.dat \
	mprofile_20260101000002.out; do
	[ -e "$name" ] || fail "clean has removed $name"
done
cd .. || exit
rm -r ranks

# clean takes the pictures that plot has named; others, and what is none, stay.
stem=${usual%.dat}
unset DISPLAY WAYLAND_DISPLAY
"$MPROF_TRACE" plot "$usual" >/dev/null
"$MPROF_TRACE" plot --backend svg "$usual" >/dev/null
[ -s "$stem.png" ] || fail "plot has named no PNG"
[ -s "$stem.svg" ] || fail "plot has named no SVG"
cp "$stem.png" mprofile_20260101000000.png # its profile has gone already
cp "$stem.png" mprofile_20260102000000.png
echo 'do not delete' >mprofile_20260102000000.dat # what is drawn there is of something else
cp "$stem.png" mine.png
cp "$stem.png" mprofile_mine.png
cp "$stem.png" mprofile_20260103000000.txt
echo 'a note' >mprofile_20260104000000.png
echo 'MEM 1 1' >other.dat
files() { find . -type f ! -name err ! -name out | sort; }
before=$(files)
"$MPROF_TRACE" clean --dry-run >out 2>err && fail "a dry run goes over a note"
[ "$(files)" = "$before" ] || fail "a dry run has removed something"
grep -q "^$stem.png\$" out || fail "a dry run does not tell of the picture"
"$MPROF_TRACE" clean >out 2>err && fail "clean goes over a note"
printf 'removed %s\n' "$usual" mprofile_20260101000000.png "$stem.png" "$stem.svg" >expected
sort out >sorted
sort expected | diff - sorted || fail "clean says: $(cat out)"
for file in mprofile_20260102000000.png mprofile_20260102000000.dat mine.png mprofile_mine.png \
	mprofile_20260103000000.txt mprofile_20260104000000.png other.dat; do
	[ -e "$file" ] || fail "clean has removed $file"
done
for file in "$usual" "$stem.png" "$stem.svg" mprofile_20260101000000.png; do
	[ ! -e "$file" ] || fail "clean has left $file"
done
