#!/bin/sh
# What goes wrong is said, and leaves no half file behind.
set -eu
# shellcheck source=tests/lib/export.sh
. "$TESTS/lib/export.sh"

awk 'BEGIN { for (i = 0; i < 20000; i++) printf "MEM %d %d\n", 100 + i % 10, 1795310486 + i
	print "FUNC f 1.0 1795310490 2.0 1795310500" }' >good.dat
head -5 good.dat >silent.dat

# refuse MESSAGE WORDS...: 125, one line that holds MESSAGE, nothing on standard output
refuse() {
	message=$1
	shift
	status=0
	"$MPROF_TRACE" "$@" >out 2>err || status=$?
	[ "$status" -eq 125 ] || fail "$*: exit status $status"
	grep -qF -e "$message" err || fail "$*: '$message' is not in: $(cat err)"
	[ "$(wc -l <err)" -eq 1 ] || fail "$*: more than a line: $(cat err)"
	[ ! -s out ] || fail "$*: wrote $(head -c 100 out)"
}

refuse 'choose a format' export good.dat
refuse '--by size' export --folded --by size good.dat
refuse '--by is for' export --csv --by time good.dat
refuse '--calls is for' export --json --calls good.dat
refuse 'one profile' export --csv good.dat silent.dat
refuse 'No such file' export --csv no-such.dat
refuse 'no profile in the current' export --csv
refuse 'No such file' export --csv -o no/such.csv good.dat
refuse 'it is a profile' export --csv -o silent.dat good.dat
for format in --speedscope --folded '--folded --by=memory'; do
	# shellcheck disable=SC2086 # two words
	refuse 'holds no call' export $format silent.dat
done
refuse 'one format' export --csv --json good.dat

# No calls, one sample: the other formats have an empty table.
head -1 good.dat >one.dat
for kind in csv calls json chrome; do
	export_as "$kind" one.out one.dat
done
[ "$(wc -l <one.out)" -gt 5 ] || fail "chrome: $(cat one.out)"
[ "$("$MPROF_TRACE" export --csv --calls one.dat)" = "kind,name,pid,process,tid,level,start,end,calls,seconds,shortest,\
longest,mib_start,mib_end,mib_gained,mib_highest,how,held" ] || fail "an empty table"
[ "$("$MPROF_TRACE" export --csv -o - one.dat)" = "time,pid,process,mib
1795310486,,,100" ] || fail "one sample: $("$MPROF_TRACE" export --csv one.dat)"

# A file of mprof's own: no pid, no thread.
for kind in calls json chrome speedscope time; do
	export_as "$kind" "$kind.out" good.dat
done
grep -qx 'call,f,,,,,1795310490,1795310500,1,10,10,10,1,2,1,2,ret,' calls.out || fail "mprof's call: $(cat calls.out)"
grep -qF '[0,0,null,null,4,14,1,2,"ret",""]' json.out || fail "mprof's call in JSON"
grep -qx '?;f 10000000000' time.out || fail "mprof's call, folded: $(cat time.out)"

# The newest profile, or an index; what has been written is told on no stream.
cp good.dat mprofile_20260101000000.dat
cp one.dat mprofile_20260101000001.dat
"$MPROF_TRACE" export --csv -o newest.csv >out 2>err
[ "$(cat out err)" = "" ] || fail "the newest: $(cat out err)"
[ "$(wc -l <newest.csv)" -eq 2 ] || fail "the newest: $(wc -l <newest.csv) lines"
export_as csv csv.out good.dat
"$MPROF_TRACE" export --csv -2 | cmp - csv.out || fail "an index"

# Damaged lines are counted once, on standard error.
echo 'MEM nonsense 12' >>one.dat
"$MPROF_TRACE" export --csv one.dat >out 2>err
[ "$(grep -c damaged err) $(wc -l <out)" = "1 2" ] || fail "damaged: $(cat err)"

# A full disk, and a reader that has ended: a message, and a status.
for kind in csv calls json chrome speedscope time; do
	case $kind in
	calls) options='--csv --calls' ;;
	time) options='--folded' ;;
	*) options=--$kind ;;
	esac
	if [ -c /dev/full ]; then
		status=0
		# shellcheck disable=SC2086 # two words
		"$MPROF_TRACE" export $options good.dat >/dev/full 2>err || status=$?
		[ "$status" -eq 125 ] || fail "$kind on a full disk: exit status $status"
		grep -q 'cannot write the export: .*No space' err || fail "$kind on a full disk: $(cat err)"
	fi
done
{
	status=0
	"$MPROF_TRACE" export --chrome good.dat 2>err || status=$?
	echo "$status" >status
} | head -c 10 >/dev/null
[ "$(cat status)" -eq 125 ] || fail "a closed pipe: exit status $(cat status)"
grep -q 'cannot write the export: .*Broken pipe' err || fail "a closed pipe: $(cat err)"

# With -o an older file survives, and nothing else is left. The mount is the sub-shell's own.
mkdir small
cat >full.sh <<'END'
mount -t tmpfs -o size=64k none small && cd small || exit 0
for format in --csv --json --chrome; do
	echo old >x.out
	if "$MPROF_TRACE" export $format -o x.out ../good.dat 2>err.txt; then echo "$format: written"; fi
	grep -q 'cannot write x.out: .*No space' err.txt || cat err.txt
	[ "$(cat x.out)" = old ] || echo "$format: x.out is another one"
	rm -f x.out err.txt
	[ -z "$(ls -A)" ] || ls -A
done
END
if unshare -rm true 2>/dev/null; then
	found=$(unshare -rm sh full.sh)
	[ -z "$found" ] || fail "on a full disk: $found"
fi

# A link stays a link, and a new file has the usual mode.
ln -s target.csv link.csv
: >target.csv
(umask 022 && "$MPROF_TRACE" export --csv -o link.csv good.dat)
if [ ! -L link.csv ] || [ ! -s target.csv ]; then fail "the link was replaced"; fi
[ "$(stat -c %a target.csv)" = 644 ] || fail "mode $(stat -c %a target.csv)"
