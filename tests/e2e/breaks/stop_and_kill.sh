#!/bin/sh
# --on-break stop and kill, at probes and at samples, of a program with threads, of its child, of one that is attached to,
# and of one that is not traced: it stands still with its own code and no tracer, or dies; nothing else is felt.
# asserts: unharmed target
# shellcheck source=tests/lib/breaks.sh
. "$TESTS/lib/breaks.sh"

# goes_on LABEL: checks the process that stands still, and lets it go on to its end.
goes_on() {
	wait_until grep -aq 'kill -CONT' "$1.err"
	stopped=$(stands_still "$1")
	wait_until is_stopped "$stopped"
	is_own_code "$stopped" || fail "$1: it stands still with code of ours"
	grep -q '[0-9a-f]* r-xp 00000000 00:00 0 *$' "/proc/$stopped/maps" && fail "$1: code of ours is mapped"
	kill -CONT "$stopped"
}

for probe in auto breakpoint pad; do
	for who in alone child; do
		label=$probe.$who
		start_recorder "$label" run --probe "$probe" -f hot,grow -o "$label.dat" --break-at 95M --break-in grow \
			--on-break stop "$TARGETS/grows_in_steps" "$who" waits
		goes_on "$label"
		program=$(ready_pid "$label")
		[ "$program" = "$stopped" ] || fail "$label: process $stopped was stopped, not $program"
		kill -USR1 "$program"
		end_recorder "$label"
		status_is "$label" 7
		well_formed "$label.dat"
		[ "$(count_calls "$label.dat" grow)" -ge 8 ] || fail "$label: calls before the break are missing"
	done
done

# At a sample: traced and not. It has 200 MiB when it is ready.
for option in '-f hot --probe pad' '' --no-probes; do
	# shellcheck disable=SC2086 # words, or none
	start_recorder sampled run $option -T 0.01 -o sampled.dat --break-at 150M --on-break stop \
		"$TARGETS/grows_in_steps" alone waits
	goes_on sampled
	kill -USR1 "$(ready_pid sampled)"
	end_recorder sampled
	status_is sampled 7
	well_formed sampled.dat
	is_between "$(break_memory sampled.dat)" 150 220 || fail "with '$option': $(break_memory sampled.dat) MiB"
done

# Attached to: the same, and the process outlives the recording. Then it is killed.
for option in '-f hot,grow' ''; do
	start_program grown "$TARGETS/grows_in_steps" alone waits
	wait_until grep -q '^ready' grown.out
	# shellcheck disable=SC2086
	start_recorder attached attach $option -T 0.01 -o attached.dat --break-at 150M --on-break stop "$program"
	goes_on attached
	kill -INT "$recorder"
	end_recorder attached
	status_is attached 0
	# shellcheck disable=SC2086
	start_recorder killed attach $option -T 0.01 -o killed.dat --break-if 'memory>150M' --on-break kill "$program"
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 137 ] || fail "with '$option' the process ended with $run_result"
	end_recorder killed
	status_is killed 0
	[ "$(breaks_in killed.dat)" = 'memory>150M' ] || fail "killed: $(breaks_in killed.dat)"
	well_formed killed.dat
done

# Killed at a probe: the file says what of.
for who in alone child; do
	run_as killed "$MPROF_TRACE" run -f grow -o killed.dat --break-at 95M --break-in grow --on-break kill \
		"$TARGETS/grows_in_steps" "$who"
	status_is killed 137
	is_between "$(break_memory killed.dat)" 95 108 || fail "$who: $(break_memory killed.dat) MiB"
	awk '$1 == "MARK" { pid = $5 } $1 == "DONE" && $2 == pid && $4 == 137 { n++ } END { exit n != 1 }' killed.dat ||
		fail "$who: no end by SIGKILL is recorded"
	well_formed killed.dat
done
