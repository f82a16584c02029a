#!/bin/sh
# Where /proc is of another namespace of pids, or is not there at all.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
[ -z "$(sanitizers_of "$built")" ] || skip "a sanitizer needs /proc itself"
unshare --pid --fork true 2>/dev/null || skip "no namespace of pids can be made here"
cat >elsewhere.c <<'EOF'
#define _GNU_SOURCE
#include "check.h"

static void *touch(void *argument)
{
	void *memory = map_touched(16);

	await_reading();
	unmap(memory, 16);
	return argument;
}

/* As process 1, which /proc has by another number; as process 1 of its own number; without /proc. */
int main(int argc, char *argv[])
{
	char *words[] = { (char *)"true", NULL };
	struct mprof_options options = defaults();
	struct mprof_result *result;

	CHECK(argc == 2);
	if (strcmp(argv[1], "without") == 0) {
		CHECK(measure_failing(&options, MPROF_ERROR_FAILED, "/proc, which says") == NULL);
		options.function = touch;
		CHECK(measure_failing(&options, MPROF_ERROR_FAILED, "/proc, which says") == NULL);
		return 0;
	}
	CHECK(getpid() == 1);
	result = measure(&options);
	CHECK(result->count == 1 && result->mib[0] > 0 && result->mib[0] < 16);
	CHECK(strcmp(argv[1], "same") == 0 ? result->pid == 1 : result->pid > 1);
	mprof_result_free(result);
	options.function = touch;
	result = measure(&options);
	CHECK(is_near(result->max_mib, result->mib[0] + 16));
	mprof_result_free(result);
	options.function = NULL;
	options.command = words;
	if (strcmp(argv[1], "same") == 0)
		mprof_result_free(measure(&options));
	else
		CHECK(measure_failing(&options, MPROF_ERROR_FAILED, "another namespace") == NULL);
	return 0;
}
EOF
# shellcheck disable=SC2086 # they are words
$CC -std=c11 $strict -static -I"$root/tracer/api" -I"$programs" -o elsewhere elsewhere.c "$built/libmprof.a" ||
	fail "a static program does not link"
run_as other unshare --pid --fork ./elsewhere other
status_is other 0
run_as same unshare --pid --fork --mount-proc ./elsewhere same
status_is same 0
[ "$(id -u)" -eq 0 ] || exit 0
mkdir empty
cp elsewhere empty
run_as without chroot empty /elsewhere without
status_is without 0
