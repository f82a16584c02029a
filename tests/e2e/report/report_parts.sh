#!/bin/sh
# What memory was made of, in report and peak: a line at the peak, and a table, whose figures awk finds in the file.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

cat >parts.dat <<'END'
CMDLINE ./prog
FORMAT 4 mprof-trace 0.1.0
METRIC rss
INTERVAL 1.000000000
PROC 10 1 1795310486.000000000 prog
MEM 10.000000 1795310487.000000000
PART 10 anon 9.000000 1795310487.000000000
PART 10 heap 8.000000 1795310487.000000000
PART 10 library 1.500000 1795310487.000000000 /opt/a b/libtorch.so
PART 10 library 0.500000 1795310487.000000000
PART 10 maps 10.000000 1795310487.000000000
PROC 11 10 1795310487.500000000 child
CHLD 11 4.000000 1795310487.500000000
PART 11 anon 3.000000 1795310487.500000000
PART 11 heap 4.000000 1795310487.500000000
PART 11 maps 4.000000 1795310487.500000000
MEM 30.000000 1795310488.000000000
PART 10 anon 25.000000 1795310488.000000000
PART 10 heap 24.000000 1795310488.000000000
PART 10 library 5.500000 1795310488.000000000 /opt/a b/libtorch.so
PART 10 maps 30.000000 1795310488.000000000
MEM 20.000000 1795310489.000000000
PART 10 heap 14.000000 1795310489.000000000
PART 10 maps 20.000000 1795310489.000000000
DONE 11 1795310489.500000000 0
DONE 10 1795310490.000000000 0
TICKS 4 0 0 0.000100000 0.000100000
END

run_as peak "$MPROF_TRACE" peak parts.dat
status_is peak 0
printf '%s\n' 'parts.dat	30.000 MiB' '  at the peak: heap 24.0 MiB, libtorch.so 5.5 MiB, other libraries 512.0 KiB' \
	'  Child 11			4.000 MiB' '    at the peak: heap 4.0 MiB' >expected
cmp peak.out expected || { cat peak.out; fail "another peak"; }

run_as report "$MPROF_TRACE" report parts.dat
status_is report 0
grep -qx '  at the peak: heap 24.0 MiB, libtorch.so 5.5 MiB, other libraries 512.0 KiB' report.out ||
	{ cat report.out; fail "no parts in the report"; }

run_as csv "$MPROF_TRACE" report --parts --csv parts.dat
status_is csv 0
# Process, kind and name, at the highest sample of the process, highest, last.
awk 'NR == FNR && /^(MEM|CHLD) / { pid = $1 == "MEM" ? 10 : $2; mib = $(NF - 1); if (mib > most[pid]) { most[pid] = mib; at[pid] = $NF } next }
	NR == FNR { next }
	$1 == "PART" && $3 != "maps" { name = ""; for (j = 6; j <= NF; j++) name = name (j > 6 ? " " : "") $j; key = $2 "," $3 "," name
		if (!(key in high)) order[++count] = key
		if ($5 <= at[$2]) peak[key] = $4; if ($4 > high[key]) high[key] = $4; last[key] = $4 }
	END { for (i = 1; i <= count; i++) { k = order[i]; printf "%s,%g,%g,%g\n", k, peak[k], high[k], last[k] } }' \
	parts.dat parts.dat | sort >expected
python3 -c 'import csv, sys
for row in csv.DictReader(sys.stdin):
    print(row["pid"], row["kind"], row["path"], *("%g" % float(row[k]) for k in ("at_peak_mib", "highest_mib", "last_mib")), sep=",")' \
	<csv.out | sort >found
diff found expected || fail "other figures"

run_as json "$MPROF_TRACE" report --json parts.dat
status_is json 0
python3 -c 'import json, sys
parts = json.load(sys.stdin)["profiles"][0]["parts"]
sys.exit(len(parts) != 6 or [p["part"] for p in parts if p["path"]] != ["libtorch.so"])' <json.out ||
	fail "other parts in JSON"

# Together: at the highest sum, with what the child had then.
run_as tree "$MPROF_TRACE" peak -C parts.dat
status_is tree 0
grep -qx '  at the peak: heap 28.0 MiB, libtorch.so 5.5 MiB, other libraries 512.0 KiB' tree.out ||
	{ cat tree.out; fail "not the parts of all"; }

# In a window: what was there before it, and what came in it.
run_as window "$MPROF_TRACE" report --parts --csv -w 0.6,1.5 parts.dat
status_is window 0
python3 -c 'import csv, sys
found = {(r["pid"], r["part"]): (float(r["highest_mib"]), float(r["last_mib"])) for r in csv.DictReader(sys.stdin)}
wanted = {("10", "heap"): (24, 24), ("10", "libtorch.so"): (5.5, 5.5), ("10", "other libraries"): (0.5, 0.5), ("11", "heap"): (4, 4)}
print(found)
sys.exit(any(found.get(key) != value for key, value in wanted.items()))' <window.out >window || fail "in a window: $(cat window)"

printf '%s\n' 'WITH 10 cpu 1 1795310487.0' 'WITH 10 cpu 2 1795310488.0' 'WITH 10 cpu 2 1795310489.0' \
	'WITH 10 threads 3 1795310487.0' 'WITH 10 as-limit 64 1795310487.0' >with
sed '/^TICKS/r with' parts.dat >with.dat
run_as with "$MPROF_TRACE" report with.dat
status_is with 0
for words in '  CPU: 1.00 s, mean 50 %, most 100 %' '  threads: mean 3, most 3' '  RLIMIT_AS: 64.0 MiB'; do
	grep -qxF -e "$words" with.out || { cat with.out; fail "not said: $words"; }
done
run_as with "$MPROF_TRACE" report --json -w 0.5,1.5 with.dat
status_is with 0
python3 -c 'import json, sys
cpu, threads, limit = json.load(sys.stdin)["profiles"][0]["with"]
print(cpu, threads, limit)
sys.exit((cpu["total"], round(cpu["mean"], 6), round(cpu["most"], 6), threads["mean"], limit["limit"]) != (0.5, 50, 100, 3, 64))' <with.out >with.txt ||
	fail "in a window: $(cat with.txt)"

# Without --split nothing is said of it.
grep -v '^PART' parts.dat >none.dat
run_as none "$MPROF_TRACE" report --json none.dat
grep -q '"parts": *\[\]' none.out || fail "no empty list of parts"
! "$MPROF_TRACE" peak none.dat | grep 'at the peak' || fail "parts of nothing"

# One that broke off, damaged figures, hostile names.
printf 'PART 10 heap -4 1795310489.5\nPART 10 heap x 1795310489.5\nPART 10 brown 4 1795310489.5\nPART 10 heap 3 1.0\nPART 10 library 40 1795310489.6 /a\033[31m\t\377#b\n' >>none.dat
run_as hostile "$MPROF_TRACE" report --parts none.dat
status_is hostile 0
! grep -q "$(printf '\033')" hostile.out || fail "an escape goes through"
