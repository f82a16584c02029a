# call_sums FILE.dat: of each function a line "NAME CALLS TOTAL_NS GAINED RELEASED LONGEST_NS", of its FUNC, CHFUNC and
# MANY lines alone, summed by awk. Recursion is told by the times of a thread's other calls of the function; inherited
# calls do not count. Sourced, never run.
# shellcheck shell=sh
call_sums()
{
	# Times as integers: awk's numbers have room for nanoseconds since a late start.
	awk '
	function ns(time, parts) { split(time, parts, "."); return (parts[1] - 1795000000) * 1e9 + parts[2] }
	$1 == "FUNC" || $1 == "CHFUNC" {
		if ($10 == "forked") next
		n++; name[n] = $2; from[n] = ns($4); to[n] = ns($6); change[n] = $5 - $3; who[n] = $2 " " $8 " " $9
		calls[$2]++
		if (to[n] - from[n] > longest[$2]) longest[$2] = to[n] - from[n]
	}
	$1 == "MANY" {
		calls[$2] += $6; total[$2] += $7 * 1e9
		if ($9 * 1e9 > longest[$2]) longest[$2] = $9 * 1e9
		if ($10 > 0) gained[$2] += $10; else released[$2] -= $10
	}
	END {
		for (i = 1; i <= n; i++) {
			outer = 1
			for (k = 1; k <= n && outer; k++)
				if (who[k] == who[i] && k != i && from[k] <= from[i] && to[k] >= to[i] &&
				    (from[k] < from[i] || to[k] > to[i]))
					outer = 0
			if (!outer) continue
			total[name[i]] += to[i] - from[i]
			if (change[i] > 0) gained[name[i]] += change[i]; else released[name[i]] -= change[i]
		}
		for (f in calls)
			printf "%s %d %.0f %.6f %.6f %.0f\n", f, calls[f], total[f], gained[f], released[f], longest[f]
	}' "$1" | sort
}
