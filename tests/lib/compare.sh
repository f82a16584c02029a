# Shell helpers of the tests of diff and check; sourced, never run.
# shellcheck shell=sh
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# made_profile SCALE >FILE: a main process and children over 20 s; functions that recurse, that were condensed, that went
# on in a forked child. What grows with SCALE: memory, the calls of load, the number of workers.
made_profile() {
	awk -v scale="$1" 'BEGIN {
		t0 = 1795310486
		print "CMDLINE ./server"
		print "FORMAT 3 mprof-trace"
		print "METRIC rss"
		print "INTERVAL 0.1"
		printf "PROC 100 1 %.9f server\n", t0
		for (i = 0; i < 200; i++) {
			t = t0 + 0.05 + i / 10
			printf "MEM %.6f %.9f\n", 50 + scale * i / 20 + (i * 37 % 11) / 7, t
			for (w = 1; w <= 2 + scale; w++) {
				if (i == 10 * w)
					printf "PROC %d 100 %.9f %s\n", 100 + w, t - 0.01, w % 2 ? "worker one" : "helper"
				if (i >= 10 * w && i < 10 * w + 60)
					printf "CHLD %d %.6f %.9f\n", 100 + w, 5 * w + scale + (i * 13 % 17) / 3, t + w / 1000
				if (i == 10 * w + 60)
					printf "DONE %d %.9f 0\n", 100 + w, t
			}
			if (i % (20 - scale) == 5) {
				level = 0
				printf "FUNC load %.6f %.9f %.6f %.9f 1 100 100\n", 51, t + 0.02, 52.5, t + 0.03
				printf "FUNC load %.6f %.9f %.6f %.9f 0 100 100\n", 50.5, t + 0.01, 53.25 + scale, t + 0.045
			}
			if (i == 50)
				printf "CHFUNC load 60 %.9f 61 %.9f 0 101 101 forked\n", t, t + 0.02
			if (i == 60 || i == 61)
				printf "CHFUNC std::map<a,\302\240b>::at 10 %.9f 9.5 %.9f 0 102 102\n", t, t + 0.5
			if (i == 90)
				printf "MANY tick 100 %.9f %.9f %d %.9f 0.000001 0.001 1.5 70 0\n", t, t + 5, 1000 * scale, 0.25 * scale
		}
		printf "PEAK 101 %.6f %.9f\n", 60 + scale, t
		printf "PEAK 100 %.6f %.9f\n", 90 + 3 * scale, t
		printf "DONE 100 %.9f 0\n", t + 1
	}'
}

# expected_figures FILE: "kind|name|figure|value" as another reader than ours finds them: a few lines of awk that know
# the records above, and ask of each call whether another one of its function is around it.
expected_figures() {
	awk '
	$1 == "PROC" { name[$2] = $5 (NF > 5 ? " " $6 : ""); start[$2] = $4 }
	$1 == "DONE" { end[$2] = $3; if ($2 != 100) { sum -= last[$2]; last[$2] = 0 } }
	$1 == "PEAK" { mark[$2] = $3 }
	$1 == "MEM" || $1 == "CHLD" {
		pid = $1 == "MEM" ? 100 : $2; mib = $1 == "MEM" ? $2 : $3; time = $NF - 1795310486
		if (mib > high[pid]) high[pid] = mib
		sum += mib - last[pid]; last[pid] = mib
		if (sum > tree) tree = sum
		if (pid == 100) { n++; sx += time; sy += mib; sxx += time * time; sxy += time * mib }
	}
	$1 == "FUNC" || $1 == "CHFUNC" {
		c++; f[c] = $2; gained[c] = $5 - $3; in_[c] = $4; out[c] = $6; tid[c] = $9; forked[c] = $10 == "forked"
	}
	$1 == "MANY" { calls[$2] += $6; time_[$2] += $7; gain[$2] += $10 }
	END {
		for (i = 1; i <= c; i++) {
			if (forked[i]) continue
			calls[f[i]]++
			for (k = 1; k <= c; k++)
				if (k != i && f[k] == f[i] && tid[k] == tid[i] && in_[k] < in_[i] && out[k] > out[i]) break
			if (k <= c) continue
			gain[f[i]] += gained[i]; time_[f[i]] += out[i] - in_[i]
		}
		for (p in name) {
			peak = mark[p] > high[p] ? mark[p] : high[p]
			if (peak > most[name[p]]) most[name[p]] = peak
			if (peak > tree) tree = peak
			count[name[p]]++
		}
		for (i in calls) {
			label = i; gsub("\302\240", " ", label)
			printf "function|%s|gain|%.9f\nfunction|%s|calls|%d\nfunction|%s|time|%.9f\n", label, gain[i], label, calls[i], label, time_[i]
		}
		for (i in most) printf "program|%s|peak|%.6f\nprogram|%s|processes|%d\n", i, most[i], i, count[i]
		printf "run||peak|%.6f\nrun||tree|%.6f\nrun||duration|%.9f\n", mark[100], tree, end[100] - start[100]
		printf "run||slope|%.9f\n", (n * sxy - sx * sy) / (n * sxx - sx * sx)
	}' "$1" | sort
}

# figures_of COLUMN FILE: the same of a CSV of ours, column 4 (before) or 6 (after).
figures_of() {
	python3 -c '
import csv, sys
for row in csv.reader(open(sys.argv[2], encoding="utf-8", newline="")):
    if row[0] != "kind" and row[2] != "tree-slope" and row[int(sys.argv[1]) - 1] != "":
        print("|".join(row[:3] + [row[int(sys.argv[1]) - 1]]))
' "$1" "$2" | sort
}

# same_figures FILE FILE: both have the same ones, equal to a millionth.
same_figures() {
	cut -d'|' -f1-3 "$1" >names.1
	cut -d'|' -f1-3 "$2" >names.2
	diff names.1 names.2 || fail "other figures in $1 than in $2"
	paste -d'|' "$1" "$2" | awk -F'|' '{ d = $4 - $8; d = d < 0 ? -d : d; m = $8 < 0 ? -$8 : $8
		if (d > 1e-6 * (1 + m)) { print; bad = 1 } } END { exit bad }' || fail "$1 and $2 differ"
}

# expect STATUS COMMAND...: leaves out and err.
expect() {
	wanted=$1
	shift
	status=0
	"$@" >out 2>err || status=$?
	[ "$status" -eq "$wanted" ] || fail "$*: status $status, not $wanted: $(cat out err)"
}

# says TEXT [FILE]
says() {
	grep -qF -- "$1" "${2:-out}" || fail "'$1' is not in ${2:-out}: $(cat "${2:-out}")"
}
