#!/bin/sh
# What a program in a container has at /proc may be the kernel's, of one pid namespace or another, may be missing, or made
# up. Memory that jumps record is the program's own, or it is held; it is never what somebody else has, and a FIFO there
# holds nobody up.
# asserts: unharmed target
# shellcheck source=tests/lib/containers.sh
. "$TESTS/lib/containers.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can make namespaces"
need_containers -m -p -f

mkdir -p jail/proc
build_service jail/service -static

# recorded LABEL COMMAND...: the program in the jail, by the command; at least ten calls of grow are in LABEL.dat.
recorded() {
	label=$1
	shift
	begin_service "$label" "$@"
	start_attach "$label" -v --probe pad --max-calls 1000000 -f 'leaf,grow' -o "$label.dat" "$program" 9>&-
	wait_until has_lines "$label.dat" '^FUNC grow ' 10
	stop_attach "$label"
	end_service "$label"
	well_formed "$label.dat"
	grep -Eq 'recorded by [1-9][0-9]* jumps' "$label.err" || skip 'no jump can be made here'
}

# is_read LABEL: what jumps recorded of grow was read: each call gained about 1 MiB.
is_read() {
	! grep -q 'is held' "$1.err" || fail "$1: memory is held: $(grep held "$1.err")"
	awk '$1 == "FUNC" && $2 == "grow" && ($5 - $3 < 0.9 || $5 - $3 > 1.2) { bad = 1 } END { exit bad }' "$1.dat" ||
		fail "$1: another gain: $(grep '^FUNC grow' "$1.dat" | head -n 3)"
}

# is_held LABEL REASON: it is held, and the reason is told. No figure is another process's: all are the program's own,
# which are below 300 MiB, and not below 0.3.
is_held() {
	says "$1" "is held.*$2"
	awk '$1 == "FUNC" && ($3 < 0.3 || $5 < 0.3 || $3 > 300 || $5 > 300) { bad = 1 } END { exit bad }' "$1.dat" ||
		fail "$1: another process's memory: $(grep ^FUNC "$1.dat" | head -n 3)"
}

recorded usual chroot jail /service
is_held usual 'no descriptor for /proc/self/statm could be had'

mkdir jail/proc/self
echo 1000000 900000 800000 1 0 1 0 >jail/proc/self/statm
recorded file chroot jail /service
is_held file 'does not tell of its own memory'

rm jail/proc/self/statm
mkfifo jail/proc/self/statm
recorded fifo chroot jail /service
is_held fifo 'does not tell of its own memory'

# The statm of another process.
rm -r jail/proc/self
mkdir jail/proc/1
ln -s 1 jail/proc/self
sleep 1000 9>&- &
other=$!
recorded others unshare -m sh -c "mount --bind /proc/$other jail/proc/1 && exec chroot jail /service"
kill "$other"
is_held others 'does not tell of its own memory'
rm -r jail/proc/1 jail/proc/self

# By its number in the namespace that is outside, and by that in its own; and where processes are hidden from each other.
recorded outer unshare -m -p -f sh -c 'mount --bind /proc jail/proc && chroot jail /service; exit'
is_read outer
recorded inner unshare -m -p -f sh -c 'mount -t proc proc jail/proc && chroot jail /service; exit'
is_read inner
# Before Linux 3.3, or where a user namespace forbids it, there is no such option.
if unshare -m -p -f sh -c 'mount -t proc -o hidepid=2 proc jail/proc'; then
	recorded hidden unshare -m -p -f sh -c '
		mount -t proc -o hidepid=2 proc jail/proc && chroot --userspec=65534:65534 jail /service; exit'
	is_read hidden
fi

# A /proc in which the program has no number at all.
recorded sibling unshare -m sh -c '
	unshare -p -f --propagation unchanged mount -t proc proc jail/proc && exec chroot jail /service'
is_held sibling 'no descriptor for /proc/self/statm could be had'
