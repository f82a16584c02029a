# tree_peak FILE.dat: the highest sum over all processes, in MiB: at each moment what each of them was last seen
# to have, until its end. Computed from the file's text alone, for profiles of a few thousand lines in which no pid
# comes twice. Sourced, never run.
# shellcheck shell=sh
tree_peak()
{
	awk '$1 == "MEM" { print $3, "main", $2 }
		$1 == "CHLD" { print $4, $2, $3 }
		$1 == "PROC" && main == "" { main = $2 }
		$1 == "DONE" { print $3, ($2 == main ? "main" : $2), "end" }' "$1" | sort -s -k1,1 |
		awk '{ at[NR] = $1; who[NR] = $2; mib[NR] = $3; if ($3 != "end") last[$2] = NR; else ended[$2] = NR }
		END {
			for (i = 1; i <= NR; i++) {
				now[who[i]] = mib[i] == "end" ? 0 : mib[i]
				if (at[i] == at[i + 1]) continue
				sum = 0
				for (p in now) sum += now[p]
				if (sum > peak) peak = sum
				# Who has no end is last seen with its last sample.
				for (p in now) if (!(p in ended) && last[p] <= i) now[p] = 0
			}
			printf "%.3f\n", peak
		}'
}
