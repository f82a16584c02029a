#!/bin/bash
# A limit of file sizes ends the recording, not the program.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

run_as plain "$TARGETS/signal_storm_probed"
(ulimit -f 4 && run_as traced "$MPROF_TRACE" run -q -T 0.001 -f leaf -o limited.dat "$TARGETS/signal_storm_probed")
cmp -s plain.out traced.out || fail "it behaved in another way"
says traced 'limited.dat'
