#!/bin/sh
# What programs of other C libraries, static ones, and Go programs say of SIGTRAP stays in force over
# probed calls, as it does in those that tests/targets/signals/sigtrap_said.c is built for.
# asserts: unharmed target
# timeout: 600
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
tried=

# behaves PROGRAM WORD…: traced as untraced.
behaves() {
	run_as plain "$@"
	run_as probed "$MPROF_TRACE" run -q -f "$function" -o probed.dat "$@"
	same_as_untraced probed || fail "$*"
	grep -q "^FUNC $function " probed.dat || fail "$*: no call of $function is recorded"
}

# behaves_built_by NAME COMPILER…: where there is the compiler, and the library.
behaves_built_by() {
	name=$1
	shift
	"$@" -std=gnu11 -D_GNU_SOURCE -O0 -fno-inline -pthread -I "$TESTS/targets" -o "$name" \
		"$TESTS/targets/signals/sigtrap_said.c" 2>build.err || return 0
	tried="$tried $name"
	function=leaf
	for way in returned raw_default raw_handler block_then_ignore in_handler inherited; do
		behaves "./$name" "$way"
	done
}

behaves_built_by musl musl-gcc
behaves_built_by musl_static musl-gcc -static
behaves_built_by glibc_static cc -static

if command -v go >/dev/null 2>&1; then
	export GOCACHE="$PWD/go-cache" GO111MODULE=off GOFLAGS='' GOTOOLCHAIN=local
	go build -o ignores "$TESTS/targets/symbols/ignores.go" || fail "ignores.go could not be built"
	function=main.leaf
	behaves ./ignores
	tried="$tried go"
fi
[ -n "$tried" ] || skip "neither musl-gcc, nor a static libc, nor go is installed"
