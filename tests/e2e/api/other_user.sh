#!/bin/sh
# A process of another user: its RSS is everybody's to know, its PSS is not.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can become another user"
need_command setpriv
[ -z "$(sanitizers_of "$built")" ] || skip "another user cannot read the sanitizer's own files of /proc"
cp "$built/libmprof.so.0" .
chmod 755 . libmprof.so.0
cat >other.c <<'EOF'
#define _GNU_SOURCE
#include "check.h"

int main(void)
{
	struct mprof_options options = defaults();
	struct mprof_result *result;

	options.pid = 1;
	result = measure(&options);
	CHECK(result->mib[0] > 0);
	mprof_result_free(result);
	options.backend = "pss";
	CHECK(measure_failing(&options, MPROF_ERROR_PERMISSION, "Permission denied") == NULL);
	options.pid = MPROF_SELF;
	mprof_result_free(measure(&options));
	return 0;
}
EOF
# shellcheck disable=SC2086 # they are words
$CC -std=c11 $strict -I"$root/tracer/api" -I"$programs" -o other other.c -L"$built" -lmprof ||
	fail "it does not build"
chmod 755 other
# Where hidepid hides other users' processes, there is none.
setpriv --reuid=65534 --regid=65534 --clear-groups test -r /proc/1/statm || skip "processes of others are hidden here"
# Another user may not go through the folders above this one.
export LD_LIBRARY_PATH=.
run_as other setpriv --reuid=65534 --regid=65534 --clear-groups ./other
status_is other 0
