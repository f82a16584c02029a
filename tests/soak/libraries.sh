#!/bin/bash
# A program whose threads open and close libraries all the time, in name spaces of their own as well, is attached to and
# left: it always succeeds, every call from then on is recorded, none twice, and its code is the files' at the end. Recorded
# from its start, all of its calls are there.
# ROUNDS of each kind, or for SOAK_SECONDS.
# timeout: 7200
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

seed=${SOAK_SEED:-$$}
# A random number below $1.
random() {
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	random=$((seed / 65536 % $1))
}

# How often libraries were called so far, all threads together.
calls_so_far() {
	od -An -v -t d8 counts | awk '{ for (i = 1; i <= NF; i++) sum += $i } END { print sum + 0 }'
}

# Its code is the files', while it stands still.
is_clean() {
	local result=0

	kill -STOP "$program"
	wait_until is_stopped "$program"
	is_own_code "$program" || result=1
	kill -CONT "$program"
	return $result
}

for i in a b c d; do
	cp "$TARGETS/libplugin.so" libplugin_$i.so
done
start_s=$(date +%s)
rounds=0
recorded=0
echo "seed $seed"
while [ "$rounds" -lt "${ROUNDS:-300}" ] && [ $(($(date +%s) - start_s)) -lt "${SOAK_SECONDS:-7000}" ]; do
	rm -f counts
	random 2
	mode=$(echo loop spaces | cut -d' ' -f$((random + 1)))
	random 4
	threads=$((random + 1))
	start_program changes "$TARGETS/opens_and_closes" "$mode" "$threads" counts ./libplugin_?.so
	wait_until grep -q '^ready' changes.out
	for _ in 1 2 3 4 5 6; do
		rounds=$((rounds + 1))
		random 3
		probe=$(echo auto pad breakpoint | cut -d' ' -f$((random + 1)))
		random 3
		functions=$(echo "*,!__restore_rt|plugin_*|plugin_call_back,callback,dl*,_dl_*" | cut -d'|' -f$((random + 1)))
		what="round $rounds, $mode, $threads threads, --probe $probe -f $functions"
		before=$(calls_so_far)
		start_attach attached --probe "$probe" -T 0.01 --max-calls 0 -f "$functions" -o attached.dat "$program"
		from=$(calls_so_far)
		random 20
		sleep "0.$(printf %02d "$random")"
		to=$(calls_so_far)
		stop_attach attached
		after=$(calls_so_far)
		! grep -v 'it stays pending' attached.err | grep -i 'warning\|error' || fail "$what: there was nothing to be said"
		found=$(count_calls attached.dat plugin_call_back)
		others=$(awk '$1 == "FUNC" && $2 == "plugin_call_back" && NF > 9 && $10 != "ret" { n++ } END { print n + 0 }' attached.dat)
		# One of each thread may be under way at either end.
		if [ $((found + others + threads)) -lt $((to - from)) ] || [ "$found" -gt $((after - before + threads)) ]; then
			fail "$what: $found calls, and $others that did not return, are recorded of $((to - from)) to $((after - before))"
		fi
		well_formed attached.dat
		is_clean || fail "$what: its code is not the files'"
		recorded=$((recorded + found))
	done
	kill -USR1 "$program"
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 0 ] || fail "$what: it ended with status $run_result"

	rm -f counts
	what="from its start, $what"
	start_recorder run run --probe "$probe" -T 0.01 --max-calls 0 -f 'plugin_*,dl*,_dl_*' -o run.dat \
		"$TARGETS/opens_and_closes" "$mode" "$threads" counts ./libplugin_?.so
	program=$(ready_pid run)
	random 100
	sleep "0.$(printf %02d "$random")"
	kill -USR1 "$program"
	end_recorder run
	status_is run 0
	found=$(count_calls run.dat plugin_call_back)
	[ "$found" -eq "$(calls_so_far)" ] || fail "$what: $found calls recorded of $(calls_so_far)"
	well_formed run.dat
	recorded=$((recorded + found))
done
echo "$rounds rounds, $recorded calls of libraries that came and went, all there, in $(($(date +%s) - start_s)) s"
