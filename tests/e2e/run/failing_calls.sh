#!/bin/bash
# Each kind of system call of the engine fails at its 1st, 2nd, 10th and at a random occurrence, and for
# good from the 5th one on where that is what a shortage does; soak/failing_calls.sh tries all errors.
# asserts: unharmed target
# shellcheck source=tests/lib/failing_calls.sh
. "$TESTS/lib/failing_calls.sh"

names=("${!errnos[@]}")
for kind in $kinds; do
	for at in 1 2 10 random; do
		if [ "$at" = random ]; then
			random 300
			at=$((random + 1))
		fi
		random ${#names[@]}
		fails_unharmed "$kind" "${names[random]}" "$at" 1
	done
done
# While the files of the first program are read: of a libc that is not read nobody knows what the program ignores.
for at in 130 150 156 180 190; do
	fails_unharmed malloc ENOMEM $at 1
done
for kind in open pipe epoll timer; do
	fails_unharmed $kind EMFILE 5 1000000
done
[ "$failures" -gt $((runs / 4)) ] || fail "calls failed in $failures of $runs runs only"
