# System calls of the engine fail, one kind after the other; sourced by e2e/run/failing_calls.sh and by
# soak/failing_calls.sh. Whatever fails, the program ends as untraced, and we end.
# shellcheck shell=bash
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
! ldd "$MPROF_TRACE" | grep -q libasan || skip "AddressSanitizer wants to be the first library, not the one that fails calls"

RUN_SECONDS=120
# shellcheck disable=SC2034 # the two scripts use it, and random
kinds="${FAIL_KINDS:-resume ptrace open fdopen readdir read pread write pwrite fgets getline wait kill fork pipe
	epoll epoll_wait timer signalfd stat syscall malloc}"
declare -A errnos=([EMFILE]=24 [ENFILE]=23 [ENOMEM]=12 [EINTR]=4 [EAGAIN]=11 [EIO]=5)
seed=${SOAK_SEED:-$$}
failures=0
runs=0

# A random number below $1.
random() {
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	# shellcheck disable=SC2034
	random=$((seed / 65536 % $1))
}

# By its whole name it is told from that of another test that runs at the same time.
program=$PWD/the_program
cp "$TARGETS/many_things" "$program"
cat >wrapper.sh <<END
$program
echo "status \$?"
END
run_as plain sh wrapper.sh
grep -q '^status 7$' plain.out || fail "the program does not run: $(cat plain.out)"

# fails_unharmed KIND ERRNO AT FOR [OPTION…]: one run in which calls of KIND fail.
fails_unharmed() {
	local what="$1 fails with $2 from its ${3}th occurrence on, $4 times, seed $first_seed"

	rm -f fail.log
	run_as failing env LD_PRELOAD="$TARGETS/libfail_calls.so" FAIL_CALL="$1" FAIL_LOG=fail.log \
		FAIL_ERRNO="${errnos[$2]}" FAIL_AT="$3" FAIL_FOR="$4" \
		"$MPROF_TRACE" run -q --probe "${PROBE:-auto}" -f leaf -T 0.002 "${@:5}" -o failing.dat sh wrapper.sh
	runs=$((runs + 1))
	[ ! -s fail.log ] || failures=$((failures + 1))
	if ! cmp -s plain.out failing.out; then
		diff -a plain.out failing.out | head -n 8
		head -n 5 failing.err
		pkill -KILL -f "$program"
		fail "$what: the program ended in another way"
	fi
	read -r status <failing.status
	[ "$status" = 0 ] || [ "$status" = 125 ] || {
		head -n 5 failing.err
		fail "$what: exit status $status"
	}
	! pgrep -f "$program" >left || {
		ps -o pid,stat,args -p "$(paste -sd, left)"
		pkill -KILL -f "$program"
		fail "$what: something is left"
	}
}
first_seed=$seed
