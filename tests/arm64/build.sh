#!/bin/bash
# Builds everything for arm64 with Debian's cross compiler, against a tree of unpacked arm64 packages, and puts it with
# Debian's kernel and what it runs on into a file system for that to start from.
#
#   build.sh DIR      the root of the tree is the working directory
#
# Nothing of the foreign machine is run, and nothing is installed: DIR/root has the packages (kept, it takes a minute to
# make), DIR/build what is compiled, DIR/files what is packed, DIR/initramfs and DIR/linux what boots.
set -euo pipefail

out=$(realpath -m "$1")
root=$out/root
files=$out/files
triplet=aarch64-linux-gnu
tests=$(dirname "$(realpath "$0")")
mkdir -p "$out"

# What building needs, as packaging/deps.sh has it, what is loaded while a program runs, and what runs there.
build_packages="libc6-dev,libgcc-12-dev,libdw-dev,libelf-dev,libunwind-dev,libplplot-dev,libx11-dev,libcairo2-dev"
build_packages+=",libpango1.0-dev,libfontconfig-dev,libchafa-dev,libpcre2-dev,libiberty-dev,zlib1g-dev"
run_packages="plplot-driver-cairo,fonts-dejavu-core,linux-image-arm64,busybox-static,python3-minimal,perl-base"

if [ ! -e "$out/root-made" ]; then
	rm -rf "$root"
	mmdebstrap --variant=extract --architectures=arm64 --include="$build_packages,$run_packages" bookworm "$root"
	touch "$out/root-made"
fi

export PKG_CONFIG_SYSROOT_DIR=$root
export PKG_CONFIG_LIBDIR=$root/usr/lib/$triplet/pkgconfig:$root/usr/share/pkgconfig
compiler="$triplet-gcc --sysroot=$root"
# By the name that the caller gave: what ccache says of headers is of relative paths, too.
make --no-print-directory -j"${JOBS:-2}" BUILD="$1/build" CC="$compiler" WERROR=-Werror \
	OBJCOPY=$triplet-objcopy AR=$triplet-ar all
programs=()
cross() { # cross NAME SOURCE FLAG…
	local name=$1 source=$2
	shift 2
	# shellcheck disable=SC2086 # the compiler is several words
	$compiler -std=gnu11 -D_GNU_SOURCE -O0 -g -pthread -Itracer/api "$@" -o "$out/build/$name" "$source" \
		-L"$out/build" -lmprof
	programs+=("$out/build/$name")
}
cross grow tests/arm64/grow.c
cross grow_marks tests/arm64/grow.c -DWITH_MARKS
cross memory_usage tracer/api/examples/memory_usage.c
cross code tests/arm64/code.c -I. -O1 -Wl,-z,now tracer/arch/aarch64/code.c tracer/arch/aarch64/registers.c

# ---- What is packed ----

rm -rf "$files"
mkdir -p "$files"/{bin,dev,proc,sys,tmp,root,lib/$triplet,usr/bin,usr/lib,usr/share,etc/fonts}

# The libraries that the ELF files need, and those that these need: all into one folder, where they are looked for.
declare -A have
add_libraries() { # add_libraries FILE…
	local name path
	while read -r name; do
		[ -z "${have[$name]:-}" ] || continue
		for path in "$out/build/$name" "$root"/{,usr/}lib/$triplet/"$name" "$root/lib/$name"; do
			[ -e "$path" ] || continue
			have[$name]=$path
			cp -L "$path" "$files/lib/$triplet/$name"
			add_libraries "$path"
			break
		done
		[ -n "${have[$name]:-}" ] || {
			echo "$name, which $* needs, is not there" >&2
			exit 1
		}
	done < <(readelf -d "$@" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u)
}

mkdir -p "$files/usr/lib/$triplet"
cp -R "$root/usr/lib/$triplet"/plplot* "$files/usr/lib/$triplet/"
cp -R "$root"/usr/share/{plplot*,fonts,fontconfig} "$files/usr/share/"
cp -R "$root/etc/fonts" "$files/etc/"
cp -R "$root/usr/lib/python3.11" "$files/usr/lib/"
cp -L "$root/usr/bin/python3.11" "$files/usr/bin/python3"
cp -L "$root/usr/bin/perl" "$files/usr/bin/perl"
cp "$root/bin/busybox" "$files/bin/busybox"
ln -s busybox "$files/bin/sh"
cp "$out/build/mprof-trace" "${programs[@]}" "$files/usr/bin/"
add_libraries "$files"/usr/bin/* "$files/usr/lib/$triplet"/plplot*/drivers/*.so
cp -L "$root/lib/ld-linux-aarch64.so.1" "$files/lib/"
cp "$tests/init" "$files/init"
cp "$tests/smoke.sh" "$files/root/smoke.sh"
cp -L "$(type -P true)" "$files/root/foreign" # of another machine, unless this is arm64
chmod +x "$files/init"

(cd "$files" && find . -print0 | cpio --quiet --null --create --format=newc --owner=0:0) >"$out/initramfs"
cp "$root"/boot/vmlinuz-* "$out/linux"
