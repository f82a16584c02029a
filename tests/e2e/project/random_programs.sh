#!/bin/sh
# Some random programs of the soak, of fixed seeds: what is recorded agrees with their own book. The first is built with
# AddressSanitizer; of the second, the process that records is killed. Both refuse system calls.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command g++ clang

for seed in 229 365; do
	SEED=$seed RECORDS=1 SOAK_KEEP=$PWD "$TESTS/soak/random_programs.sh" || fail "seed $seed"
done
