#!/bin/sh
# Where code that was made at run time calls a function often, its return instructions become jumps as well.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

run_as often "$MPROF_TRACE" run -v -f branchy -o often.dat "$TARGETS/jit_calls_often"
said=$(grep 'of them recorded by' often.err) || fail "nothing is said of jumps"
echo "$said"
recorded=${said%% of them*} recorded=${recorded##* }
stops=${said%% by stops*} stops=${stops##* }
grep -q 'stays a trap: nothing could be mapped' often.err && exit 0 # by chance, with these addresses
[ "$recorded" -gt $((20 * stops)) ] || fail "$stops of $((recorded + stops)) hits were stops"
