# Shell helpers of the tests of libmprof; sourced, never run. The library is that beside MPROF_TRACE.
# shellcheck shell=sh
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

root=$(dirname "$TESTS")
built=$(dirname "$MPROF_TRACE")
# shellcheck disable=SC2034 # for who sources this
programs=$TESTS/targets/api
CC=${CC:-cc}
CXX=${CXX:-c++}
strict='-g -Wall -Wextra -pedantic -Werror'

[ -e "$built/libmprof.so.0" ] || skip "there is no libmprof beside $MPROF_TRACE"

# The sanitizers that the library in directory $1 was built with, as flags of what is linked with it.
sanitizers_of() {
	nm -D "$1/libmprof.so.0" >symbols.txt || fail "nm does not read the library"
	flags=
	grep -q 'U __asan_init' symbols.txt && flags=-fsanitize=address
	grep -q 'U __tsan_func_entry' symbols.txt && flags=-fsanitize=thread
	grep -q 'U __ubsan_' symbols.txt && flags="$flags -fsanitize=undefined -fno-sanitize-recover=all"
	echo "$flags"
}

# build_program NAME [DIR [FLAG…]]: ./NAME of NAME.c or NAME.cc, with the shared library in DIR.
build_program() {
	name=$1
	from=${2:-$built}
	[ $# -lt 2 ] || shift
	shift
	sanitize=$(sanitizers_of "$from")
	if [ -e "$programs/$name.cc" ]; then
		compile="$CXX -std=c++17"
		source=$programs/$name.cc
	else
		compile="$CC -std=c11"
		source=$programs/$name.c
	fi
	# shellcheck disable=SC2086 # they are words
	$compile $strict $sanitize -I"$root/tracer/api" -o "$name" "$source" \
		-L"$from" -Wl,-rpath,"$from" "$@" -lmprof -lm -pthread || fail "$name does not build"
}

# make of this tree, as nobody's sub-make.
make_tree() {
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u DESTDIR make -C "$root" --no-print-directory "$@"
}

# What runs Python with the library in it.
need_plain_library() {
	[ -z "$(sanitizers_of "$built")" ] || skip "the library has a sanitizer in it, which Python has not"
}
