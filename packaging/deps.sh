#!/bin/bash
# Installs the Debian packages that are missing; called by `make deps` and its sisters.
#
#   deps.sh [--check] GROUP…      groups: build run test lint bench deb arm64
#
# A package counts as there when its check passes (pc: pkg-config knows it; file: a file, perhaps a
# glob; cmd: a command), wherever it came from. With nothing missing, apt is not called at all.
# --check installs nothing and fails with one line when something is missing.
set -euo pipefail

packages() {
	case $1 in
	build) cat <<-LIST ;;
		gcc cmd:gcc
		libc6-dev file:/usr/include/stdio.h
		make cmd:make
		pkg-config cmd:pkg-config
		libdw-dev pc:libdw
		libelf-dev pc:libelf
		libunwind-dev pc:libunwind-ptrace
		libplplot-dev pc:plplot
		libx11-dev pc:x11
		libcairo2-dev pc:cairo-xlib
		libpango1.0-dev pc:pangocairo
		libfontconfig-dev pc:fontconfig
		libchafa-dev pc:chafa
		libpcre2-dev pc:libpcre2-8
		libiberty-dev file:/usr/include/libiberty/demangle.h
		zlib1g-dev pc:zlib
		libjs-dygraphs file:/usr/share/javascript/dygraphs/dygraph.min.js
		$([ "$(uname -m)" != x86_64 ] || echo libzydis-dev file:/usr/include/Zydis/Zydis.h)
	LIST
	run) cat <<-LIST ;;
		plplot-driver-cairo file:/usr/lib/*/plplot*/drivers/cairo.so
		libdebuginfod1 file:/usr/lib/*/libdebuginfod.so.1
		fonts-dejavu-core file:/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
	LIST
	test) cat <<-LIST ;;
		g++ cmd:g++
		libcmocka-dev pc:cmocka
		python3-memory-profiler cmd:python3-mprof
		python3-jsonschema file:/usr/lib/python3*/dist-packages/jsonschema/__init__.py
		python3-matplotlib file:/usr/lib/python3*/dist-packages/matplotlib/__init__.py
		sqlite3 cmd:sqlite3
		gzip cmd:gzip
		xz-utils cmd:xz
		imagemagick cmd:identify
		xvfb cmd:Xvfb
		xdotool cmd:xdotool
		python3-pyte file:/usr/lib/python3/dist-packages/pyte/__init__.py
		procps cmd:ps
		libopenmpi-dev cmd:mpicc.openmpi
		openmpi-bin cmd:mpirun.openmpi
		libmpich-dev cmd:mpicc.mpich
		mpich cmd:mpirun.mpich
		gdb cmd:gdb
		abigail-tools cmd:abidiff
		mandoc cmd:mandoc
		debuginfod cmd:debuginfod
		dwz cmd:dwz
		tcc cmd:tcc
		mold cmd:mold
		sudo cmd:sudo
		musl-tools cmd:musl-gcc
		bubblewrap cmd:bwrap
		chromium cmd:chromium
		chromium-driver cmd:chromedriver
		python3-selenium file:/usr/lib/python3/dist-packages/selenium/__init__.py
		libxml2-utils cmd:xmllint
		cmark-gfm cmd:cmark-gfm
		zsh cmd:zsh
		fish cmd:fish
		clang cmd:clang
		libclang-rt-dev file:/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a
		python3-junitparser file:/usr/lib/python3*/dist-packages/junitparser/__init__.py
	LIST
	lint) cat <<-LIST ;;
		clang cmd:clang
		clang-format cmd:clang-format
		clang-tidy cmd:clang-tidy
		cppcheck cmd:cppcheck
		shellcheck cmd:shellcheck
	LIST
	deb) cat <<-LIST ;;
		dpkg-dev cmd:dpkg-buildpackage
		debhelper cmd:dh
		fakeroot cmd:fakeroot
		lintian cmd:lintian
		mmdebstrap cmd:mmdebstrap
	LIST
	arm64) cat <<-LIST ;;
		gcc-aarch64-linux-gnu cmd:aarch64-linux-gnu-gcc
		qemu-system-arm cmd:qemu-system-aarch64
		mmdebstrap cmd:mmdebstrap
		cpio cmd:cpio
	LIST
	bench) cat <<-LIST ;;
		ltrace cmd:ltrace
		uftrace cmd:uftrace
		strace cmd:strace
		nodejs cmd:node
		bpftrace cmd:bpftrace
		valgrind cmd:valgrind
		heaptrack cmd:heaptrack
		linux-perf cmd:perf
		time file:/usr/bin/time
		redis-server cmd:redis-server
		default-jdk-headless cmd:javac
	LIST
	*)
		echo "deps.sh: no group of packages called '$1'" >&2
		exit 2
		;;
	esac
}

is_there() {
	case $1 in
	pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
	file:*) compgen -G "${1#file:}" >/dev/null ;;
	cmd:*) command -v "${1#cmd:}" >/dev/null ;;
	esac
}

# Prints the packages of the groups whose checks fail.
missing_packages() {
	local group package check
	for group in "$@"; do
		while read -r package check; do
			is_there "$check" || echo "$package"
		done < <(packages "$group")
	done
}

check_only=no
if [ "${1:-}" = --check ]; then
	check_only=yes
	shift
fi

for group in "$@"; do
	packages "$group" >/dev/null # an unknown one ends here
done
mapfile -t missing < <(missing_packages "$@")
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$check_only" = yes ]; then
	echo "mprof-trace needs these packages: ${missing[*]}. 'make deps' installs them." >&2
	exit 1
fi
if ! command -v apt-get >/dev/null; then
	echo "Missing: ${missing[*]} (Debian's names). There is no apt-get here:" \
		"install them with your system's own tool." >&2
	exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "Missing packages: ${missing[*]}. Installing them needs root, and there is no sudo:" \
			"run 'apt-get install --no-install-recommends ${missing[*]}' as root." >&2
		exit 1
	fi
	as_root=(sudo)
fi

apt() {
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 \
		-o Dpkg::Use-Pty=0 "$@" </dev/null
}
install=(install -y --no-install-recommends "${missing[@]}")

echo "Installing ${missing[*]}"
# A fresh machine knows no package yet, and old lists name versions that the mirror has dropped.
if ! apt-get -qq -s "${install[@]}" >/dev/null 2>&1 || ! apt "${install[@]}"; then
	apt update
	apt "${install[@]}"
fi

mapfile -t missing < <(missing_packages "$@")
if [ ${#missing[@]} -ne 0 ]; then
	echo "Still missing after apt-get install: ${missing[*]}." >&2
	exit 1
fi
