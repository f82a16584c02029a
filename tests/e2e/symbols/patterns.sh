#!/bin/sh
# A table of programs, patterns and what they find: kinds of program, of function, and languages,
# compiled here. What has no compiler here is said and left out. See tests/targets/symbols/cases.
# timeout: 900
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

sources=$TESTS/targets/symbols
cp "$sources"/* . || fail "no sources"

# build PROGRAM COMMAND...: in the background; the program is left out when its compiler is not here.
build() {
	program=$1
	shift
	if ! command -v "$1" >/dev/null 2>&1; then
		echo "left out, as $1 is not installed: $program" >>left-out
		return
	fi
	"$@" >"$program.log" 2>&1 || { cat "$program.log"; echo "$program" >>broken; }
}

# c PROGRAM COMPILER FLAG...: of kinds.c.
c() {
	program=$1
	compiler=$2
	shift 2
	build "$program" "$compiler" -o "$program" -I. ./kinds.c ./kinds_b.c "$@"
}

# go_build PROGRAM FLAG...: of routines.go.
go_build() {
	program=$1
	shift
	build "$program" go build -o "$program" "$@" routines.go
}

# linked_by LINKER PROGRAM FLAG...: of linked.c.
linked_by() {
	linker=$1
	program=$2
	shift 2
	if command -v "ld.$linker" >/dev/null 2>&1; then
		build "$program" gcc -fuse-ld="$linker" -o "$program" "$@" linked.c
	else
		echo "left out, as ld.$linker is not installed: $program" >>left-out
	fi
}

build_c() {
	c kinds-gcc gcc -g -O0
	c kinds-gcc-O2 gcc -g -O2 -fno-ipa-icf
	c kinds-dwarf4 gcc -gdwarf-4 -O1
	c kinds-split gcc -gdwarf-5 -gsplit-dwarf -O1
	c kinds-zlib gcc -g -gz=zlib -O1
	c kinds.no-debug gcc -O1
	c kinds.fixed gcc -g -no-pie -O0
	c kinds.static gcc -g -static -O0
	c kinds.static-pie gcc -g -static-pie -O0
	c kinds.lto gcc -g -flto -O2
	c stripped.some gcc -O0 -rdynamic -s
	c stripped.all gcc -O0
	c stripped.static clang -O2 -static
	for program in stripped.all stripped.static; do
		cp $program $program.symbols # for the table's addresses
		strip $program
	done
	build inlined gcc -O2 -g inlined.c -o inlined
	build clones-gcc gcc -O2 -g clones.c -o clones-gcc
	build ifunc.lazy gcc -O1 -fno-builtin -Wl,-z,lazy ifunc.c -o ifunc.lazy
	build ifunc.now gcc -O1 -fno-builtin -Wl,-z,now -no-pie ifunc.c -o ifunc.now
	build ifunc.static gcc -O1 -fno-builtin -static ifunc.c -o ifunc.static
	build ifunc.static-pie gcc -O1 -fno-builtin -static-pie ifunc.c -o ifunc.static-pie
	build libversions.so gcc -g -shared -fPIC -Wl,--version-script=versions.map versions.c \
		-o libversions-test.so
	build versions gcc -O0 versions_main.c -L. -lversions-test -Wl,-rpath,. -o versions
	build assembly gcc -g assembly_main.c assembly.S -no-pie -o assembly
	objcopy --redefine-sym outer_stub=outer@plt assembly || echo assembly >>broken
	c kinds.thunks gcc -O1 -mindirect-branch=thunk -mfunction-return=thunk
	build linked.tcc tcc -g -o linked.tcc linked.c
	build linked.bfd gcc -o linked.bfd linked.c
	for linker in gold lld mold; do
		linked_by "$linker" "linked.$linker"
		linked_by "$linker" "linked.$linker-no-pie" -no-pie -fno-pie
	done
	build libplugin.so gcc -g -O0 -shared -fPIC plugin.c -o libplugin-test.so
	build opener gcc -g -O0 opener.c -o opener
	build opener.linker gcc -O0 opener.c -Wl,--dynamic-linker="$PWD/ld-nameless.so" -o opener.linker
	c kinds-dwz gcc -g -O1
	if command -v dwz >/dev/null 2>&1; then
		dwz kinds-dwz
	else
		rm -f kinds-dwz
		echo "left out, as dwz is not installed: kinds-dwz" >>left-out
	fi
}

build_others() {
	c kinds-clang clang -g -O0
	c kinds-clang-O2 clang -g -O2
	build clones-clang clang -O2 -g clones.c -o clones-clang
	build ifunc.clang clang -O1 -fno-builtin ifunc.c -o ifunc.clang
	build plus-gcc g++ -g -O1 -I. plus.cc plus_b.cc -o plus-gcc
	build plus-clang clang++ -g -O1 -I. plus.cc plus_b.cc -o plus-clang
	build names-gcc g++ -std=c++17 -g -O1 names.cc -o names-gcc
	build names-clang clang++ -std=c++17 -g -O1 names.cc -o names-clang
	build coroutine-gcc g++ -std=c++20 -g -O1 coroutine.cc -o coroutine-gcc
	build coroutine-clang clang++ -std=c++20 -g -O1 coroutine.cc -o coroutine-clang
	build fortran gfortran -g -O0 module.f90 -o fortran
	build rust-legacy rustc -O -g -o rust-legacy crate.rs
	build rust-v0 rustc -O -g -C symbol-mangling-version=v0 -o rust-v0 crate.rs
	build dee gdc -g -O0 dee.d -o dee
	build ada gnatmake -q -g -O0 ada_main.adb -o ada
	go_build go
	go_build go-stripped -ldflags='-s -w'
	build opener.musl musl-gcc -O0 opener.c -o opener.musl
	build libmusl.so musl-gcc -O0 -shared -fPIC plugin.c -o libmusl-test.so
}
# Nothing outside this directory, and no network, is needed for one file.
export GOCACHE="$PWD/go-cache" GO111MODULE=off GOFLAGS='' GOTOOLCHAIN=local
build_c &
build_others
wait
[ ! -e broken ] || fail "could not be built: $(paste -sd' ' broken)"

# A dynamic linker none of whose symbols tells where it reports, and no debug file of which is known.
python3 - <<'END' || fail "ld-nameless.so"
data = bytearray(open("/lib64/ld-linux-x86-64.so.2", "rb").read())
data = data.replace(b"_dl_debug_state", b"_xx_xxxxx_xxxxx")
note = data.index(b"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0") + 16
data[note:note + 20] = bytes(20)
open("ld-nameless.so", "wb").write(data)
END
chmod +x ld-nameless.so
echo ./libplugin-test.so >opener.args
echo ./libplugin-test.so >opener.linker.args
echo ./libmusl-test.so >opener.musl.args
printf '# a list\n\ndeep # and why\n  kinds_b.c:hidden\n' >list
printf 'deep\n\nwork(\n' >bad-list

# DWARF is read for patterns that need it, and for no other.
run_as plain-name "$MPROF_TRACE" run -v -f 'deep,kinds*!w*,/hid/,!weak_one,printf@GLIBC_2.2.5' -o name.dat \
	./kinds-gcc
status_is plain-name 0
! grep 'reading the debugging information' plain-name.err || fail "a name needs no DWARF"
run_as by-line "$MPROF_TRACE" run -v -f kinds.c:20 -o line.dat ./kinds-gcc
says by-line 'reading the debugging information of .*kinds-gcc'

# The same grammar for what is in a profile.
run_as named "$MPROF_TRACE" run -q -f 'hidden,deep' -o both.dat ./kinds-gcc
for pattern in hidden kinds_b.c:hidden 'h*' '*,!deep' '/^hid/'; do
	run_as peak "$MPROF_TRACE" peak --func "$pattern" both.dat
	status_is peak 0
	grep -Eq '[0-9]\.[0-9]+ MiB' peak.out || fail "peak --func $pattern finds nothing"
	run_as plot "$MPROF_TRACE" plot --func "$pattern" -o both.svg both.dat
	status_is plot 0
	grep -q 'kinds_b.c:hidden' both.svg || fail "plot --func $pattern has no hidden"
	! grep -q '>deep<' both.svg || fail "plot --func $pattern shows deep"
done
run_as peak "$MPROF_TRACE" peak --func kinds.c:nobody both.dat
grep -q 'NaN MiB' peak.out || fail "peak of a function that is not there"
for command in peak plot; do
	run_as refused "$MPROF_TRACE" $command --func kinds.c:12 both.dat
	status_is refused 125
	says_one_line refused
	says refused 'a profile has the names of functions, no lines'
done

[ ! -e left-out ] || cat left-out
"$TESTS/lib/pattern_cases.py" "$MPROF_TRACE" cases "$@"
