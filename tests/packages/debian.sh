#!/bin/sh
# The Debian packages that `make deb` has built, in a fresh Debian: installed with what they depend on, used by the scripts
# that autopkgtest runs, upgraded, removed. Not part of `make test`: `make test-deb` runs it.
# timeout: 1800
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

packages=$TESTS/../build/deb
need_command mmdebstrap chroot dpkg-deb
[ "$(id -u)" -eq 0 ] || skip "only root can make a root file system and enter it"
ls "$packages"/mprof-trace_*.deb >/dev/null 2>&1 || skip "there are no packages: make deb"

root=$PWD/root
release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
mmdebstrap --variant=minbase --include=ca-certificates "$release" "$root" >made.out 2>&1 ||
	skip "no root file system can be made here: $(tail -n 1 made.out)"
mount --bind /proc "$root/proc" || skip "nothing can be mounted here"
trap 'umount "$root/proc"; rm -rf --one-file-system "$root"' EXIT
cp "$packages"/*.deb "$root/root/"
rm -f "$root"/root/*dbgsym*
cp -R "$TESTS/../packaging/debian/tests" "$root/root/tests"

# inside LABEL COMMAND...: in the new Debian.
inside() {
	label=$1
	shift
	run_as "$label" chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "$@"
	[ "$(cat "$label.status")" = 0 ] && return
	tail -n 20 "$label.out" "$label.err"
	fail "$label"
}
RUN_SECONDS=1800

inside update apt-get -q update
inside install sh -c 'apt-get -qy --no-install-recommends install /root/*.deb gcc libc6-dev pkg-config'
inside record sh /root/tests/record
inside library sh /root/tests/library
inside manual sh -c 'mprof-trace --version && mprof-trace --help >/dev/null'

# A later version takes the place of this one; files of one package are in no other.
for package in "$root"/root/*.deb; do
	rm -rf unpacked
	dpkg-deb -R "$package" unpacked
	sed -i -e 's/^Version: .*/&+later/' -e 's/\(libmprof0 (= [^)]*\))/\1+later)/' unpacked/DEBIAN/control
	dpkg-deb -b unpacked "$root/root/later_${package##*/}" >/dev/null || fail "a later package cannot be made"
done
inside upgrade sh -c 'apt-get -qy --no-install-recommends install /root/later_*.deb'
inside upgraded sh -c "dpkg -s mprof-trace | grep -q '+later'"
inside record_again sh /root/tests/record

inside remove apt-get -qy purge mprof-trace libmprof-dev libmprof0
for left in usr/bin/mprof-trace usr/include/mprof.h usr/share/doc/mprof-trace usr/share/doc/libmprof-dev; do
	[ ! -e "$root/$left" ] || fail "$left is left behind"
done
! ls "$root"/usr/lib/*/libmprof* >/dev/null 2>&1 || fail "the library is left behind"
