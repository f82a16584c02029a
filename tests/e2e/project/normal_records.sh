#!/bin/sh
# The normal form that kept_records compares: what differs from run to run does not show in it, and all
# else does.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

normal_records=$TESTS/tools/normal_records.py
kind=$TESTS/records/every_kind.dat

! "$normal_records" "$kind" >broken_off.txt 2>broken_off.err ||
	fail "an OPEN without its FUNC is accepted"
grep -q 'OPEN without its FUNC.*thread_main' broken_off.err || fail "$(cat broken_off.err)"

# normal NAME: NAME.txt of NAME.dat
normal() {
	"$normal_records" --gains "$1.dat" >"$1.txt" || fail "$1: no normal form"
}

# The call in which the recording broke off is the last thread_main.
awk '$1 == "OPEN" && $2 == "thread_main" && ++n == 2 { next } { print }' "$kind" >whole.dat
normal whole

# Other times, pids, directories, order of processes' records (by pid), samples and ticks.
awk 'function other(pid) { return pid + 1000 }
	$1 ~ /^(TICKS|ADDED)$/ { next }
	$1 ~ /^(CHLD|PART|WITH|PROC|EXEC|THRD|DONE|PEAK)$/ { $2 = other($2) }
	$1 ~ /^(PROC|THRD)$/ { $3 = other($3) }
	$1 == "MANY" { $3 = other($3); $7 *= 2; $8 *= 2; $9 *= 2 }
	$1 ~ /^(FUNC|CHFUNC|OPEN)$/ {
		tid = $1 == "OPEN" ? 7 : 9
		$tid = other($tid)
		$(tid - 1) = other($(tid - 1))
	}
	$1 ~ /^(FUNC|CHFUNC)$/ && NF == 11 { if ($10 == "ret") NF -= 2; else NF-- } # what is held differs, too
	$1 == "LEFT" { $4 += 7; print } # and may come again
	$1 == "MARK" { $5 = other($5); $6 = other($6) }
	$1 ~ /^LINES?$/ { $3 = other($3) }
	$1 == "LINE" { $6 += 0.5; $7 += 1; $8 = 0; print $1, $2, $3, $4, 1, $6, $7, 0, $9 } # the last one counts
	$1 == "RANK" { $4 = "1201_7"; $5 = "node018" }
	{ gsub(/ 17959773/, " 18000000"); sub("/home/user/", "/srv/else/where/"); print }
	$1 == "MEM" { print }' whole.dat >same.dat
normal same
diff whole.txt same.txt || fail "what differs from run to run shows"

# changed WHAT SED: the normal form is another one.
changed() {
	sed "$2" whole.dat >changed.dat
	! cmp -s whole.dat changed.dat || fail "$1: nothing was changed"
	normal changed
	! cmp -s whole.txt changed.txt || fail "$1 does not show"
}
changed 'a call less' '/^CHFUNC forks .* 22103 22103$/d'
changed 'another end of a call' 's/^\(CHFUNC throw_to .*\) unwound$/\1 exit/'
changed 'another level' '/^CHFUNC forks /s/ 2 22103 22103$/ 1 22103 22103/'
changed 'another thread' '/^CHFUNC forks /s/ 22103$/ 22104/'
changed 'another name' 's/^CHFUNC forks /CHFUNC fork /'
changed 'another gain' 's/^\(CHFUNC innermost 1.4[0-9]* [0-9.]*\) 1.578125/\1 9.578125/'
changed 'another parent' 's/^PROC 22105 22103/PROC 22105 22039/'
changed 'another status' 's/^\(DONE 22105 .*\) 7$/\1 8/'
changed 'no end of a process' '/^DONE 22105/d'
changed 'no peak' '/^PEAK 22105/d'
changed 'no samples' '/^CHLD 22105/d'
changed 'no execution' '/^EXEC 22145/d'
changed 'a line that ran another time' 's/^\(LINE work 22108 9\) 5 /\1 6 /'
changed 'another text' 's/^\(TEXT 34 .*\)work/\1wonk/'
changed 'another line' 's/^LINE work 22108 9 /LINE work 22108 8 /'
changed 'another end of a text' 's/^\(LINES work 22108 [0-9]*\) [0-9]* /\1 77 /'
changed 'a mark less' '/^MARK .* 22112 22112$/d'
changed 'another sum of condensed calls' '/^MANY/s/ 6 0/ 7 0/'
changed 'another name of a thread' 's/^\(THRD .*\) loader 1/\1 loader 2/'
changed 'another place of a Python function' 's/^\(DEFN .*\) 3 /\1 4 /'
changed 'another function that is dropped' 's/^LEFT step /LEFT stop /'
changed 'another reason' 's/^MISS no_such not found/MISS no_such never called/'
changed 'another metric' 's/^METRIC rss/METRIC pss/'
changed 'another interval' 's/^INTERVAL 0.1/INTERVAL 0.2/'
changed 'another rank' 's/^RANK 3 8/RANK 2 8/'
changed 'another version' 's/^FORMAT 4/FORMAT 5/'

# The order within a thread shows.
awk '/^CHFUNC shapes::area\(int\)/ && ++n == 1 { held = $0; next } { print }
	held != "" && /^CHFUNC shapes::area/ { print held; held = "" }' whole.dat >changed.dat
normal changed
! cmp -s whole.txt changed.txt || fail "the order within a thread does not show"

# A record that it does not know.
echo 'NEWS x 1' >>changed.dat
! "$normal_records" changed.dat >/dev/null 2>&1 || fail "an unknown record is accepted"

sed '/^CHFUNC work .* 22108 22108$/d' whole.dat >fewer.dat
sed -i '/^OPEN work /d' fewer.dat
"$normal_records" --beyond fewer.dat whole.dat | grep -qx 'work ret: 5 more' ||
	fail "the difference of two recordings is not told"
