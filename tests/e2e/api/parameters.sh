#!/bin/sh
# Every parameter of mprof_memory_usage(), as C11 and as C++17.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
for program in parameters parameters_cpp growth; do
	build_program "$program"
	run_as "$program" "./$program"
	status_is "$program" 0
	grep -q 'all as they should be' "$program.out" || fail "$program says: $(cat "$program.out")"
done
# And with the static one, whose other names must not meet a program's own.
cat >own_names.c <<'EOF'
int error_new, clock_now_ns, array_reserve, recorder_create, memory_meter_open, sampler_init, metric_find;
EOF
# shellcheck disable=SC2086,SC2046 # they are words
$CC -std=c11 $strict $(sanitizers_of "$built") -I"$root/tracer/api" -o static "$programs/parameters.c" own_names.c \
	"$built/libmprof.a" -lm || fail "the static library does not link"
run_as static ./static
status_is static 0
