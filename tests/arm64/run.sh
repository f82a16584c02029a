#!/bin/bash
# Builds for arm64 (build.sh) and tries what is built (smoke.sh) on an emulated machine that starts from nothing else: one
# processor, Debian's kernel, no disk, no network. Its console is printed; fails as smoke.sh does.
#
#   run.sh DIR      the root of the tree is the working directory; what is made is kept: the next run builds what has changed
set -euo pipefail

tests=$(dirname "$(realpath "$0")")
out=$(realpath -m "$1")
limit_s=${LIMIT_S:-900}

"$tests/build.sh" "$1"
status=0
# -no-reboot and panic=-1: a kernel that dies ends the machine.
timeout "$limit_s" qemu-system-aarch64 -machine virt -cpu cortex-a72 -smp 1 -m 1024 -nographic -nic none -no-reboot \
	-kernel "$out/linux" -initrd "$out/initramfs" -append "console=ttyAMA0 quiet panic=-1" </dev/null 2>&1 |
	tr -d '\r' | tee "$out/console" || status=$?
[ "$status" = 0 ] || echo "the machine was ended after $limit_s s, or could not be started" >&2
# Its last word; a machine that has died said none.
grep -q -x -E '[0-9]+ passed, 0 failed' "$out/console"
