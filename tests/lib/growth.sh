# Shell helpers of the tests of growth; sourced, never run. Its sums share no code with ours.
# shellcheck shell=sh
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# Skips where the kernel refuses perf events, as containers do.
need_perf_events() {
	run_as perf "$MPROF_TRACE" run --stacks=growth -o perf.dat true
	! grep -q 'warning: --stacks=growth: ' perf.err || skip "$(cat perf.err)"
	status_is perf 0
}

# growth_of FILE: for each function "NAME SELF TOTAL" in MiB, the one with the largest self first; and "all SUM SUM".
growth_of() {
	awk '
		$1 == "FRAME" { outer[$2] = $3; name[$2] = $4; gsub("\302\240", " ", name[$2]); sub(/\(.*/, "", name[$2]) }
		$1 == "GROW" {
			all += $3
			self[$2 == 0 ? "[unknown]" : name[$2]] += $3
			split("", seen)
			for (id = $2; id != 0; id = outer[id]) {
				if (!(name[id] in seen))
					total[name[id]] += $3
				seen[name[id]] = 1
			}
		}
		END {
			for (id in total)
				printf "%s %.6f %.6f\n", id, self[id], total[id]
			printf "all %.6f %.6f\n", all, all
		}' "$1" | sort -k2,2rn
}

# charged_to FILE NAME: its total in MiB; 0: nothing.
charged_to() {
	growth_of "$1" | awk -v name="$2" '$1 == name { total += $3 } END { printf "%.6f\n", total }'
}

# is_near LABEL FOUND WANTED PERCENT: so near to each other, and half a MiB.
is_near() {
	awk -v found="$2" -v wanted="$3" -v percent="$4" 'BEGIN {
		off = found - wanted; if (off < 0) off = -off
		exit !(off <= wanted * percent / 100 + 0.5) }' || fail "$1: $2 MiB, not about $3 MiB"
}

# check_known LABEL: what the program has said of itself.
check_known() {
	status_is "$1" 0
	well_formed "$1.dat"
	growth_of "$1.dat" >"$1.growth"
	while read -r word function mib; do
		case $word in
		grown | child_grown)
			percent=15
			# Of faults that came fast one of 32 has told of itself, and of 160 MiB in huge pages there are 80.
			[ "$function" != grow_huge ] || percent=60
			is_near "$1: $function" "$(charged_to "$1.dat" "$function")" "$mib" $percent
			;;
		innocent)
			awk -v name="$function" '
				$1 == "all" { all = $2 }
				$1 == name { mine = $3 }
				END { exit mine > all / 100 }' "$1.growth" ||
				fail "$1: $function is charged: $(cat "$1.growth")"
			;;
		esac
	done <"$1.out"
}
