#!/bin/sh
# Recordings of target programs and of real ones hold what they held when they were kept, but for what
# differs from run to run. `make keep-records` keeps new ones, when a difference is wanted.
# timeout: 1200
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

kept=$TESTS/records/kept
done_names=' '
same=0 different=0 skipped=0

case_done() {
	done_names="$done_names$1 "
	if diff -u "$kept/$1.txt" "$1.txt" >"$1.diff" 2>&1; then
		same=$((same + 1))
		return
	fi
	different=$((different + 1))
	printf 'DIFFERENT %s\n' "$1"
	head -n 40 "$1.diff"
	cat "$1.err"
}

case_skipped() {
	done_names="$done_names$1 "
	skipped=$((skipped + 1))
	printf 'skipped %s: %s\n' "$1" "$2"
}

# shellcheck source=tests/records/cases.sh
. "$TESTS/records/cases.sh"

for file in "$kept"/*.txt; do
	name=$(basename "$file" .txt)
	case $done_names in
	*" $name "*) ;;
	*) fail "$name is kept, but there is no such case" ;;
	esac
done
printf 'kept records: %d the same, %d different, %d skipped\n' "$same" "$different" "$skipped"
[ "$different" -eq 0 ] && [ "$same" -gt 0 ]
