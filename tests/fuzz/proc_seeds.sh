#!/bin/bash
# Makes what the fuzzer of /proc begins with: proc_seeds.sh DIRECTORY. The files of this very process, behind the byte
# that says who reads them (fuzz_proc.c).
set -euo pipefail

mkdir -p "$1"
cd "$1"
# seed KIND FILE TEXT
seed() {
	# shellcheck disable=SC2059 # bytes are made here
	printf "\\x$(printf %02x "$1")" >"$2"
	cat >>"$2"
}
head -12 /proc/self/maps | seed 0 maps
printf '%s\n' '400000-401000 r-xp 00000000 00:1f 12 /a b\012c (deleted)' '10000000-10021000 rw-p 00000000 00:00 0 [heap]' \
	'7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0 [stack]' '7ffff7fc1000-7ffff7fc3000 r-xp 00000000 00:00 0 [vdso]' |
	seed 0 maps_small
head -60 /proc/self/smaps | seed 1 smaps
for name in status stat limits wchan syscall schedstat comm; do
	seed 2 "$name" <"/proc/self/$name" || true
done
echo '1 22 333' | seed 2 children
seed 3 cgroup </proc/self/cgroup
echo '0::/kubepods.slice/cri-containerd-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope' | seed 3 container
head -30 /proc/self/mountinfo | seed 3 mountinfo
printf '%s\n' '35 31 0:32 /a\040b /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory' | seed 3 mount
for name in statm status smaps_rollup; do
	seed 4 "memory_$name" <"/proc/self/$name"
done
printf '7f0000001000 40 py::f:/a b.py\n7f0000001040 10 LazyCompile:*g\nx\n7f0000001000 80 again\n0 0 none\n' | seed 5 names
