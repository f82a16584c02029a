#!/bin/sh
# Stacks as gdb and libunwind see them: of unoptimised C, in threads, in signal handlers, of optimised C++ with inlined functions.
# All shapes are in tests/soak/stacks.sh.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command gdb c++filt /usr/bin/python3
walker=$TARGETS/../tools/walk_stack
[ -x "$walker" ] || fail "no $walker: make targets"
run_as agree /usr/bin/python3 "$TESTS/lib/check_stacks.py" "$MPROF_TRACE" "$walker" \
	"$TARGETS/stack_shapes:thread" "$TARGETS/stack_shapes:altstack" "$TARGETS/stack_cxx:inlined"
grep -q 'ptrace: Operation not permitted' agree.err && skip "processes may not be attached to here"
cat agree.out agree.err
status_is agree 0
