#!/bin/sh
# Keeps the interface of build/libmprof.so.0 as that which tests/e2e/api/abi.sh compares with. Run it from the root of the
# tree, when the interface has grown; what abidiff says of the old one is shown.
set -eu
library=${BUILD:-build}/libmprof.so.0
kept=tests/records/libmprof.abi
[ ! -e $kept ] || abidiff --headers-dir2 tracer/api --drop-private-types $kept "$library" || true
abidw --headers-dir tracer/api --drop-private-types --no-elf-needed --no-show-locs --no-comp-dir-path --no-corpus-path \
	--exported-interfaces-only --drop-undefined-syms --out-file $kept "$library"
