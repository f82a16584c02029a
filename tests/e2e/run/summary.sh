#!/bin/sh
# What is said at the end: hits of each pattern, the peak, the file; nothing with -q.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

run_as loud "$MPROF_TRACE" run -f 'outer,inne*,uncalled,no_such_one' -o loud.dat "$TARGETS/calls_nested"
status_is loud 0
says loud 'outer.*[^0-9]2([^0-9]|$)'
says loud 'inne\*.*[^0-9]18([^0-9]|$)'
# A function that exists and is never called is told from one that does not exist.
says loud 'uncalled.*(never|not) (called|hit|entered)'
says loud 'no_such_one.*(not found|no function|match)'
says loud 'peak.*MiB'
says loud 'loud\.dat'
run_as one "$MPROF_TRACE" run -f '/^(outer|uncalled)$/' -o one.dat "$TARGETS/calls_nested"
says one ': 2 calls of 1 function \(2 matched\)'

run_as quiet "$MPROF_TRACE" run -q -f outer -o quiet.dat "$TARGETS/calls_nested"
status_is quiet 0
[ ! -s quiet.err ] || {
	cat quiet.err
	fail "-q is not silent"
}

# A pattern with ! in front is said when it leaves nothing out, also one for a library never loaded.
run_as left "$MPROF_TRACE" run -f 'inne*,outer,!innre*,!outer,!libnone.so!inner,!uncalled' -o left.dat \
	"$TARGETS/calls_nested"
status_is left 0
says left "'!innre\\*': leaves nothing out"
says left "'!libnone\\.so!inner': leaves nothing out"
says left "'!uncalled': leaves nothing out"
! grep -q "'!outer'" left.err || fail "what leaves something out is said to leave nothing out"
says left "'outer': not found: all that it matches is left out"
# Nothing found at all: that is enough to say.
run_as none "$MPROF_TRACE" run -f 'no_such_one,!inner' -o none.dat "$TARGETS/calls_nested"
status_is none 125
! grep -q 'leaves nothing out' none.err || fail "an exclusion is told where nothing was found"
