#!/bin/sh
# tests/records/every_kind.dat holds every record, every end of a call and every kind of held memory that mprof-trace.dat(5)
# documents; our commands and memory_profiler's read it.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

file=$TESTS/records/every_kind.dat
page=$TESTS/../man/mprof-trace.dat.5

# A new record or end of a call needs an example: join a piece of a real recording, in order of time.
words=$(sed -n 's/^\.It Ql \([A-Z]*\)\( .*\)*$/\1/p' "$page")
[ "$(printf '%s\n' "$words" | wc -l)" -ge 19 ] || fail "the page documents only: $words"
for word in $words; do
	grep -q "^$word " "$file" || fail "no record $word in $file"
done
hows=$(sed -n 's/^\.It \(Ql \)*\([a-z]\{1,\}\)$/\2/p' "$page" | grep -vx -e time -e name -e rest -e held)
[ "$(printf '%s\n' "$hows" | wc -l)" -ge 7 ] || fail "the page documents only these ends: $hows"
for how in $hows; do
	[ "$how" = none ] && how=ret
	awk -v how="$how" '$1 ~ /^(CH)?FUNC$/ && (NF < 10 ? "ret" : $10) == how { found = 1 }
		END { exit !found }' "$file" || fail "no call in $file ends by $how"
done
helds=$(sed -n 's/^\.It Ql \(held[a-z-]*\)$/\1/p' "$page")
[ "$(printf '%s\n' "$helds" | wc -l)" -ge 3 ] || fail "the page documents only: $helds"
for held in $helds; do
	grep -Eq "^(CH)?FUNC .* ret $held\$" "$file" || fail "no call in $file has memory that is $held"
done
well_formed "$file"

run_as peak "$MPROF_TRACE" peak "$file"
status_is peak 0
grep -Eq '2\.789 MiB$' peak.out || { cat peak.out; fail "another peak"; }
[ "$(grep -c '^  Child ' peak.out)" -eq 12 ] || { cat peak.out; fail "not all children"; }

run_as plot "$MPROF_TRACE" plot -o picture.png "$file"
status_is plot 0
run_as plot "$MPROF_TRACE" plot --flame -o flame.png "$file"
status_is plot 0
run_as plot "$MPROF_TRACE" plot -o picture.svg "$file"
status_is plot 0
for picture in picture.png flame.png; do
	[ -s "$picture" ] || fail "no $picture"
done
# PLplot writes each character as a reference.
python3 -c 'import html, sys; sys.stdout.write(html.unescape(sys.stdin.read()))' \
	<picture.svg >picture.text
for name in innermost 'shapes::Cube::grow(int)' 'usdt:demo:tick  8 times' __main__.load \
	'step  12 calls (4 drawn)' 'not recorded after 1.21 s: step' 'child 22145 (end_abort)'; do
	grep -qF "$name" picture.text || fail "the picture does not show: $name"
done

need_command python3-mprof file
export MPLBACKEND=Agg
run_as mprof python3-mprof plot -o mprof.png "$file"
status_is mprof 0
file mprof.png | grep -q 'PNG image' || fail "mprof draws no picture"
run_as mprof python3-mprof plot --flame -o mprof_flame.png "$file"
status_is mprof 0
run_as mprof python3-mprof peak "$file"
status_is mprof 0
# It knows the samples alone.
grep -q '1\.637 MiB' mprof.out || { cat mprof.out; fail "mprof tells another peak"; }
