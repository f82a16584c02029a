#!/bin/sh
# The fuzzer of ELF and DWARF files.
# timeout: 900
exec "$TESTS/fuzz/short.sh" elf 1200
