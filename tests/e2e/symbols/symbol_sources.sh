#!/bin/bash
# A stripped program's functions are found wherever their symbols are: by build-id, by debuglink, in
# .gnu_debugdata, below a sysroot; and what is not its debug file is not taken.
set -euo pipefail
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command cc objcopy strip nm xz
unset DEBUGINFOD_URLS

cat >program.c <<'END'
static __attribute__((noinline)) int hidden(int a) { return a * 3; }
int exported(int a) { return hidden(a) + 1; }
int main(void) { return exported(1) != 4; }
END
cc -g -O0 -rdynamic -Wl,--build-id -o whole program.c
id=$(readelf -n whole | sed -n 's/.*Build ID: //p')
objcopy --only-keep-debug whole whole.debug

# fresh NAME [FLAGS FOR objcopy…]: a stripped copy in a directory of its own.
fresh() {
	rm -rf "$1"
	mkdir "$1"
	strip -o "$1/program" whole
	[ $# -eq 1 ] || objcopy "${@:2}" "$1/program"
}

# finds DIRECTORY WHERE [OPTION…]: `funcs` and `run` know hidden(), and -v says from where.
finds() {
	local directory=$1 where=$2
	shift 2
	run_as funcs "$MPROF_TRACE" funcs -v --static "$@" -f hidden "$directory/program"
	status_is funcs 0
	grep -q "^hidden	program	" funcs.out || fail "$directory: funcs does not list hidden"
	says funcs "$where"
	run_as run "$MPROF_TRACE" run "$@" -f hidden -o out.dat "$directory/program"
	status_is run 0
	[ "$(count_calls out.dat hidden)" = 1 ] || fail "$directory: hidden was not recorded"
}

# lacks DIRECTORY [OPTION…]: neither knows it.
lacks() {
	local directory=$1
	shift
	run_as funcs "$MPROF_TRACE" funcs --static "$@" -f hidden "$directory/program"
	status_is funcs 125
	says_one_line funcs
	says funcs "$directory/program is stripped; its debug file, build-id $id, would name more: install"
	run_as run "$MPROF_TRACE" run "$@" -f hidden -o out.dat "$directory/program"
	status_is run 125
}

fresh none
lacks none
run_as funcs "$MPROF_TRACE" funcs -v --static -f exported none/program
status_is funcs 0
says funcs 'none/program: [0-9]+ exported functions, from .dynsym; it is stripped'
run_as late "$MPROF_TRACE" funcs --static ./whole -f exported
status_is late 125
says late "'-f' is not expected behind ./whole"
run_as funcs "$MPROF_TRACE" funcs -v --static -f exported ./whole
says funcs 'whole: [0-9]+ functions, from its .symtab'

# By build-id.
fresh by_id
mkdir -p "tree/.build-id/${id:0:2}" empty
cp whole.debug "tree/.build-id/${id:0:2}/${id:2}.debug"
finds by_id "from .*tree/.build-id/${id:0:2}/" --debug-dir "$PWD/tree"
finds by_id "from .*tree/.build-id/${id:0:2}/" --debug-dir "empty:$PWD/tree"
lacks by_id --debug-dir empty
rm -r tree/.build-id

# By .gnu_debuglink: beside it, in .debug, in a tree of debug files.
cp whole.debug link.debug
fresh beside --add-gnu-debuglink=link.debug
lacks beside
cp link.debug beside
finds beside 'from .*/beside/link.debug'
mkdir beside/.debug
mv beside/link.debug beside/.debug
finds beside 'from .*/beside/.debug/link.debug'
mkdir -p "tree/$PWD/beside"
mv beside/.debug/link.debug "tree/$PWD/beside"
finds beside "from .*tree/.*/beside/link.debug" --debug-dir "$PWD/tree:empty"
# Of another build.
cc -g -O1 -rdynamic -Wl,--build-id -o other program.c
objcopy --only-keep-debug other beside/link.debug
rm -r "tree/$PWD"
lacks beside
# Without a build-id the checksum has to be right.
cc -g -O0 -rdynamic -Wl,--build-id=none -o plain program.c
mkdir sum
objcopy --only-keep-debug plain sum/plain.debug
strip -o sum/program plain
(cd sum && objcopy --add-gnu-debuglink=plain.debug program)
finds sum 'from .*/sum/plain.debug'
printf x >>sum/plain.debug
run_as funcs "$MPROF_TRACE" funcs --static -f hidden sum/program
status_is funcs 125
says funcs 'stripped and has no build-id'

# MiniDebugInfo, as Fedora's packages have it: gdb's manual, "MiniDebugInfo".
nm -D whole --format=posix --defined-only | awk '{ print $1 }' | sort >dynamic
nm whole --format=posix --defined-only | awk '$2 ~ /[Tt]/ { print $1 }' | sort >all
comm -13 dynamic all >keep
objcopy -S --remove-section .gdb_index --remove-section .comment --keep-symbols=keep whole.debug mini
xz mini
fresh minimal --add-section .gnu_debugdata=mini.xz
finds minimal 'functions, from its .gnu_debugdata'
run_as funcs "$MPROF_TRACE" funcs --static -f exported minimal/program
status_is funcs 0

# A sysroot: its debug files, and copies that are not stripped.
fresh rooted
mkdir -p "root/usr/lib/debug/.build-id/${id:0:2}"
cp whole.debug "root/usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug"
finds rooted "from root/usr/lib/debug/.build-id/" --sysroot root
rm -r root/usr
mkdir -p "root/$PWD/rooted"
cp whole "root/$PWD/rooted/program"
finds rooted "from root/.*/rooted/program" --sysroot root
cp other "root/$PWD/rooted/program"
lacks rooted --sysroot root

# Files of debug information that share a third one (dwz), and compressed sections.
lines_of() { # lines_of PROGRAM: the source line of exported()
	"$MPROF_TRACE" funcs --static -f exported "$1" | cut -f 4 | grep -o '[^/]*$'
}
objcopy --compress-debug-sections=zlib whole compressed
[ "$(lines_of ./compressed)" = program.c:2 ] || fail "no line in a compressed section"
if command -v dwz >/dev/null; then
	mkdir shared
	strip -o shared/program whole
	strip -o shared/second other
	objcopy --only-keep-debug whole shared/program.debug
	objcopy --only-keep-debug other shared/second.debug
	(
		cd shared
		dwz -m common.debug -r program.debug second.debug 2>dwz.log || :
		objcopy --add-gnu-debuglink=program.debug program
	)
	if [ -e shared/common.debug ]; then
		[ "$(lines_of shared/program)" = program.c:2 ] || fail "no line in a file of dwz"
	fi
fi

for option in --debug-dir=nowhere --sysroot=nowhere; do
	run_as wrong "$MPROF_TRACE" run "$option" ./whole
	status_is wrong 125
	says_one_line wrong
	says wrong "${option%=*} nowhere: there is no such directory"
done
run_as wrong "$MPROF_TRACE" run --debuginfod ./whole
status_is wrong 125
says wrong 'DEBUGINFOD_URLS names no server'
