#!/bin/sh
# A timer signal every millisecond during 200,000 probed calls.
# timeout: 3600
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

export RUN_SECONDS=1200
run_as plain "$TARGETS/signal_storm" 200000
run_as traced "$MPROF_TRACE" run -q --probe "${PROBE:-auto}" -f leaf,calls_leaf -o traced.dat "$TARGETS/signal_storm" 200000
same_as_untraced traced || fail "the program behaves in another way"
"$TESTS/lib/check_records.py" traced.dat plain.out 0 || fail "the records are wrong"
