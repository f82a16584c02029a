#!/bin/sh
# Attached to and left 500 times in a row; then as often while threads, children and programs come and go;
# then 100 times each without CPU time, and frozen.
# timeout: 7200
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

mkdir busy
(cd busy && ATTACH_ROUNDS=${SOAK_ROUNDS:-500} "$TESTS/e2e/attach/attach_busy.sh") || exit 1
rounds=0
start_busy -c -k -x -l
mappings=$(mappings_of "$program" | wc -l)
while [ "$rounds" -lt "${SOAK_ROUNDS:-500}" ]; do
	rounds=$((rounds + 1))
	start_attach attached -f 'work_*,born_run' -o family.dat "$program"
	stop_attach attached
	is_own_code "$program" || fail "round $rounds: traps are left in its code"
done
well_formed family.dat
left=$(mappings_of "$program" | wc -l)
end_busy
echo "$rounds rounds; mappings before: $mappings, after: $left"

mkdir starved
status=0
(cd starved && ATTACH_ROUNDS=${STARVED_ROUNDS:-100} "$TESTS/e2e/attach/attach_starved.sh") || status=$?
[ "$status" -eq 77 ] || [ "$status" -eq 0 ] || exit 1

# Python's functions, 200 times in a row.
mkdir python
(cd python && ATTACH_ROUNDS=${PYTHON_ROUNDS:-200} "$TESTS/e2e/python/python_attach.sh") || status=$?
[ "$status" -eq 77 ] || [ "$status" -eq 0 ] || exit 1
