#!/bin/sh
# What `make install` puts into place is enough to build a program with, and `make uninstall` leaves nothing.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
staged=$PWD/staged
# In a file system of its own, as a packager has it; what is built is there already.
make_tree install BUILD="$built" PREFIX=/usr LIBDIR=/usr/lib/of-here DESTDIR="$staged" >install.out 2>&1 ||
	fail "$(tail -n 3 install.out)"
for file in bin/mprof-trace include/mprof.h lib/of-here/libmprof.a lib/of-here/libmprof.so \
	lib/of-here/libmprof.so.0 lib/of-here/pkgconfig/mprof.pc share/man/man3/libmprof.3 \
	share/man/man3/mprof_memory_usage.3 share/doc/libmprof/examples/memory_usage.c \
	share/doc/libmprof/examples/memory_usage.py; do
	[ -e "$staged/usr/$file" ] || fail "$file is not installed"
done
cd "$staged/usr/lib/of-here" || exit 1
[ "$(readlink libmprof.so)" = libmprof.so.0 ] || fail "libmprof.so is not a link to libmprof.so.0"
cd "$staged/.." || exit 1
readelf -d "$staged/usr/lib/of-here/libmprof.so.0" | grep -q 'soname: \[libmprof.so.0\]' || fail "SONAME"

export PKG_CONFIG_PATH="$staged/usr/lib/of-here/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$staged"
pkg-config --validate mprof || fail "mprof.pc is not valid"
version=$(pkg-config --modversion mprof)
grep -q "\"$version\"" "$root/tracer/base/version.h" || fail "mprof.pc says $version"
# The example, copied away: nothing of the tree is in reach.
cp "$staged/usr/share/doc/libmprof/examples/memory_usage.c" example.c
sanitize=$(sanitizers_of "$built")
export LD_LIBRARY_PATH="$staged/usr/lib/of-here"
for language in 'c -std=c11' 'c++ -std=c++17'; do
	[ "$language" = 'c -std=c11' ] || sed 's/= argument;/= static_cast<const size_t *>(argument);/
		s/long \*numbers = malloc/long *numbers = (long *)malloc/' example.c >example.cc
	compiler=$CC
	[ "$language" = 'c -std=c11' ] || compiler=$CXX
	# shellcheck disable=SC2046,SC2086 # they are words
	$compiler -x $language $strict $sanitize "example.$(case $compiler in "$CC") echo c ;; *) echo cc ;; esac)" \
		-o example $(pkg-config --cflags --libs mprof) || fail "the example does not build as $language"
	run_as example ./example
	status_is example 0
	grep -qE '^sum 8796090925056, [0-9]+ readings: [0-9.]+ MiB at first, [0-9.]+ MiB at most$' example.out ||
		fail "the example says: $(cat example.out)"
done
# shellcheck disable=SC2046,SC2086
$CC -std=c11 $strict $sanitize example.c -o example $(pkg-config --cflags mprof) \
	"$staged/usr/lib/of-here/libmprof.a" || fail "the example does not link with the static library"
run_as command ./example sh -c 'exit 3'
status_is command 3
grep -q '^CMDLINE sh -c' command.out || fail "the command's profile: $(head -n 1 command.out)"
run_as missing ./example /no/such
status_is missing 1
grep -q '^cannot measure it: run /no/such: No such file or directory$' missing.err || fail "$(cat missing.err)"

make_tree uninstall PREFIX=/usr LIBDIR=/usr/lib/of-here DESTDIR="$staged" >uninstall.out 2>&1 ||
	fail "$(cat uninstall.out)"
left=$(find "$staged" ! -type d)
[ -z "$left" ] || fail "left by uninstall: $left"
