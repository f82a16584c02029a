# Shell helpers of the tests of breaks; sourced, never run. Sources attach.sh.
# shellcheck shell=sh
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

# breaks_in FILE: the names of its breaks, one a line.
breaks_in() {
	LC_ALL=C awk '$1 == "MARK" && index($2, "break:") == 1 {
		gsub(/\302\240/, " ", $2); print substr($2, 7) }' "$1"
}

# break_memory FILE: what a process had at the first break, in MiB.
break_memory() {
	awk '$1 == "MARK" && index($2, "break:") == 1 { print $3; exit }' "$1"
}

# is_between NUMBER LOW HIGH
is_between() {
	awk -v number="$1" -v low="$2" -v high="$3" 'BEGIN { exit !(number + 0 >= low && number + 0 <= high) }'
}

# is_told LABEL: a break has been said.
is_told() {
	grep -aq '^mprof-trace: break: ' "$1.err"
}

# stands_still LABEL: a process has been left standing still; prints its pid.
stands_still() {
	sed -n "s/.*'kill -CONT \([0-9]*\)'.*/\1/p" "$1.err"
}
