#!/bin/sh
# Breaks that cannot be: one clear line, and nothing is run.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# refused REGEX WORD...
refused() {
	pattern=$1
	shift
	run_as refused setsid "$MPROF_TRACE" run -o refused.dat "$@" "$TARGETS/grows_in_steps"
	status_is refused 125
	says refused "$pattern"
	says_one_line refused
	if [ -s refused.out ] || [ -e refused.dat ]; then
		fail "the program ran: $*"
	fi
}

refused '^mprof-trace: --break-at: lots: give a size' --break-at lots
refused '^mprof-trace: --break-at: 0: ' --break-at 0
refused "^mprof-trace: --break-if: 'swap>5M': 'swap' is no figure: there are memory and growth" --break-if 'swap>5M'
refused "^mprof-trace: --break-if: 'growth>5M': 5M: give memory over time" --break-if 'growth>5M'
refused '^mprof-trace: break when\?' --on-break kill
refused '^mprof-trace: break when\?' --break-every
refused '^mprof-trace: --resume is about --on-break gdb' --break-at 5M --resume
refused '^mprof-trace: --on-break .*: say stack, stop' --break-at 5M --on-break ' '
refused '^mprof-trace: --break-in: ' --break-in ''
refused '^mprof-trace: --break-in: !grow is no function' --break-in 'hot,!grow'
refused '^mprof-trace: --no-probes and --break-in exclude' --break-in grow --no-probes
refused '^mprof-trace: --no-probes: for a stack the threads must be traced' --break-at 5M --no-probes
if command -v gdb >/dev/null; then
	refused '^mprof-trace: --on-break gdb: there is no terminal' --break-at 5M --on-break gdb
fi
run_as refused env PATH=/nonexistent "$MPROF_TRACE" run -o refused.dat --break-at 5M --on-break gdb \
	"$TARGETS/grows_in_steps"
status_is refused 125
says refused '^mprof-trace: --on-break gdb: there is no gdb in PATH'
says_one_line refused
