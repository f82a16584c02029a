#!/bin/sh
# Programs of the system, whatever their language and however stripped: what they are known to have is
# found, is called, and nothing changes for them. One that is not installed is said and left out.
# asserts: unharmed target
# timeout: 600
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# finds PATTERNS LEAST COMMAND...: at least so many calls; output and status as untraced.
finds() {
	patterns=$1
	least=$2
	shift 2
	if ! command -v "$1" >/dev/null 2>&1; then
		echo "left out: $1 is not installed"
		return
	fi
	run_as plain "$@"
	run_as probed "$MPROF_TRACE" run -f "$patterns" -o real.dat "$@"
	cmp -s plain.out probed.out || fail "$* prints something else: $(head -c 300 probed.out)"
	cmp -s plain.status probed.status || fail "$*: another status: $(tail -n 3 probed.err)"
	well_formed real.dat
	calls=$(awk '$1 ~ /^(CH)?FUNC$/ { n++ } $1 == "MANY" { n += $6 } END { print n + 0 }' real.dat)
	[ "$calls" -ge "$least" ] || fail "$patterns in $*: $calls calls only; $(cat probed.err)"
	echo "$1: $calls calls of $patterns"
}

printf 'apple\nbanana\n' >fruit
export RUN_INPUT="$PWD/fruit"
finds 'node::Start,uv_run,v8::internal::Heap::CollectGarbage*' 4 node -e \
	'let a = []; for (let i = 0; i < 1e6; i++) a.push({ i }); console.log(a.length)'
finds 'PyRun_*,Py_BytesMain' 2 /usr/bin/python3 -c 'print(sum(range(10)))'
finds 'sqlite3_*,!sqlite3_mutex*' 20 sqlite3 :memory: 'select 6 * 7'
finds 'gdb!*' 1 gdb -nx -batch -ex 'print 6 * 7'
finds 'git!main,libc.so.6!malloc,libz!zlibVersion' 10 git version --build-options
finds '/^rg::|::main$/,*main*' 1 rg -c an fruit
finds 'github.com/junegunn/fzf/src/algo.*,main.main' 2 fzf -f an
finds 'main.main,runtime.mallocgc' 100 go version
finds 'libc.so.6!memcpy,libc.so.6!malloc,libc.so.6!strlen' 10 ls -d /
