#!/bin/sh
# xz with liblzma's functions, and gzip: compressed bytes are the same, each call is in the file.
# asserts: unharmed target
# timeout: 200
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command xz gzip gdb
seq 1 60000 >numbers
export RUN_INPUT=numbers

run_as plain xz -T1 -c
run_as traced "$MPROF_TRACE" run -q -f 'lzma_code,lzma_*_encoder' -o xz.dat xz -T1 -c
same_as_untraced traced || fail "xz behaves in another way"
well_formed xz.dat
recorded=$(count_calls xz.dat lzma_code)
counted=$(gdb_count lzma_code xz -T1 -c)
[ -n "$counted" ] || skip "gdb cannot count lzma_code here"
[ "$recorded" -eq "$counted" ] || fail "$recorded calls of lzma_code recorded, gdb counts $counted"
[ "$recorded" -gt 1 ] || fail "only $recorded calls"

# Worker threads.
run_as plain xz -T2 --block-size=100KiB -c
run_as traced "$MPROF_TRACE" run -q -f 'lzma_*' -o threads.dat xz -T2 --block-size=100KiB -c
same_as_untraced traced || fail "xz -T2 behaves in another way"
well_formed threads.dat

# gzip has no symbols of its own; those of libc that it uses are there.
run_as plain gzip -n -c
run_as traced "$MPROF_TRACE" run -q -f read,write -o gzip.dat gzip -n -c
same_as_untraced traced || fail "gzip behaves in another way"
recorded=$(count_calls gzip.dat write)
[ "$recorded" -ge 1 ] || fail "no write of gzip was recorded"
