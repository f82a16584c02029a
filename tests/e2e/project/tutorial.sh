#!/bin/sh
# mprof-trace-tutorial(7): its commands are run as they stand in the page, and print what it says.
# The chapter about ranks has a test of its own.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# The tracer's own name, and the system's python3, whatever else is in PATH.
mkdir bin work
ln -s "$(readlink -f "$MPROF_TRACE")" bin/mprof-trace
ln -s /usr/bin/python3 bin/python3
need_command gcc sqlite3
[ -x /usr/bin/python3 ] || skip "there is no /usr/bin/python3"
[ -e /usr/share/common-licenses/GPL-3 ] || skip "there is no text of a licence to count words in"
cd work || exit 1
PATH=$OLDPWD/bin:$PATH exec /usr/bin/python3 "$TESTS/lib/tutorial.py" "$TESTS/../man/mprof-trace-tutorial.7"
