#!/bin/sh
# A program that is a debugger itself traces as ever; it is sampled, and that is said. What is traced
# by somebody else cannot be traced by us: there is a word, and no hang.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

if command -v strace >/dev/null; then
	for option in '' '-f main --allow-missing' --no-follow; do
		# shellcheck disable=SC2086 # words, or none
		run_as traced "$MPROF_TRACE" run $option -o strace.dat strace -o trace /bin/echo hi
		status_is traced 0
		[ "$(cat traced.out)" = hi ] || fail "strace behaves in another way with '$option'"
		grep -q '^execve("/bin/echo"' trace || fail "strace could not trace with '$option'"
		well_formed strace.dat
		[ "$option" = --no-follow ] || says traced 'strace.* uses ptrace.* not traced'
	done

	# The other way round: who is traced already cannot be traced by us.
	# A leak checker cannot work in who is traced.
	ASAN_OPTIONS=detect_leaks=0 run_as refused strace -f -o trace "$MPROF_TRACE" run -q -f main -o refused.dat /bin/echo hi
	status_is refused 125
	says refused 'cannot trace /bin/echo: process [0-9]+ .strace. traces whatever is started here'
	[ ! -s refused.out ] || fail "the program ran although it could not be traced"
fi
if command -v gdb >/dev/null; then
	run_as traced "$MPROF_TRACE" run -q -o gdb.dat gdb -nx -batch \
		-iex 'set debuginfod enabled off' -ex run -ex 'info inferiors' /bin/true
	status_is traced 0
	grep -q 'exited normally' traced.out || fail "gdb could not trace"
	well_formed gdb.dat
fi

# It imports ptrace(2) for a feature that is off: what it starts is traced as any other program.
if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
	for user in '' '-u nobody'; do
		# shellcheck disable=SC2086 # two words, or none
		run_as plain sudo -n $user "$TARGETS/calls_nested"
		# shellcheck disable=SC2086
		run_as traced "$MPROF_TRACE" run -q -f inner -o sudo.dat sudo -n $user "$TARGETS/calls_nested"
		same_as_untraced traced || fail "sudo $user behaves in another way"
		[ "$(count_calls sudo.dat inner)" -eq 18 ] || fail "no call of what sudo $user starts"
	done
fi

# Ourselves: the inner one traces, or says that it cannot.
run_as traced "$MPROF_TRACE" run -q -o outer.dat "$MPROF_TRACE" run -q -o inner.dat /bin/echo hi
case $(cat traced.status) in
0) grep -qx hi traced.out || fail "the inner program said nothing" ;;
125) says traced 'cannot trace /bin/echo' ;;
*) fail "we under ourselves end with $(cat traced.status)" ;;
esac
well_formed outer.dat
command -v strace >/dev/null || command -v gdb >/dev/null || skip "neither strace nor gdb is installed"
