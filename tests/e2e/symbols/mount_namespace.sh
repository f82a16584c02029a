#!/bin/bash
# A program in another mount namespace: its files, and their debug files, are those that it sees.
set -euo pipefail
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command cc objcopy strip unshare mount
unset DEBUGINFOD_URLS

# other_root COMMAND…: with / of its own, in which inside/ is a file system that nobody else sees.
mkdir inside
other_root() {
	unshare -m --propagation private sh -c 'mount -t tmpfs none inside && exec "$@"' sh "$@"
}
other_root true 2>/dev/null || skip "no mount namespace can be made here"

cat >program.c <<'END'
static __attribute__((noinline)) int hidden(int a) { return a * 3; }
int main(void) { return hidden(1) != 3; }
END
cc -g -O0 -Wl,--build-id -o whole program.c
objcopy --only-keep-debug whole program.debug
strip -o program whole
objcopy --add-gnu-debuglink=program.debug program

# Its debug file lies beside it, in that file system alone.
cat >start.sh <<'END'
set -e
mount -t tmpfs none inside
cp program program.debug inside
exec inside/program
END
run_as inside "$MPROF_TRACE" run -v -f 'program!hidden' -o inside.dat \
	unshare -m --propagation private sh start.sh
status_is inside 0
[ ! -e inside/program ] || fail "the namespace is not another one"
[ "$(count_calls inside.dat hidden)" = 1 ] || fail "hidden was not recorded"

# In a chroot, as containers have it, /usr/lib/debug is below it.
cc -g -O0 -static -Wl,--build-id -o static program.c
id=$(readelf -n static | sed -n 's/.*Build ID: //p')
mkdir -p "jail/usr/lib/debug/.build-id/${id:0:2}"
objcopy --only-keep-debug static "jail/usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug"
strip -o jail/program static
run_as jail "$MPROF_TRACE" run -f 'program!hidden' -o jail.dat chroot jail /program
status_is jail 0
[ "$(count_calls jail.dat hidden)" = 1 ] || fail "hidden was not recorded in the chroot"
