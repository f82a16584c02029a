#!/bin/bash
# What a program in a container has loaded is read there: through its root, from overlayfs, with debug files that its own
# links lead to. A file of ours that has the same name is never taken for it, and what is put in place of a debug file, a FIFO, a
# device, a directory, a huge file, holds nobody up.
# asserts: unharmed target
set -euo pipefail
# shellcheck source=tests/lib/containers.sh
. "$TESTS/lib/containers.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can make namespaces"
need_command objcopy strip mount
need_containers -m -p -f
unset DEBUGINFOD_URLS

# The library has another function at the place of each, outside.
cat >library.c <<'END'
#ifdef OUTSIDE
int other(int a) { return a * 7 + 1; }
int stranger(int a) { return other(a) - 3; }
#endif
int in_library(int a) { return a + 1; }
END
cat >program.c <<'END'
#include <poll.h>
#include <stdio.h>
#include <unistd.h>
int in_library(int);
static __attribute__((noinline)) int hidden(int a) { return a + 2; }
int main(void)
{
	struct pollfd input = { .fd = 0, .events = POLLIN };
	int sum = 0;

	printf("ready %d\n", (int)getpid());
	fflush(stdout);
	while (poll(&input, 1, 2) == 0)
		sum += hidden(in_library(sum));
	printf("done %d\n", sum != 0);
	return 0;
}
END
top=$PWD
cc -g -O0 -shared -fPIC -Wl,-soname,libsame.so -o inside.so library.c
cc -g -O0 -shared -fPIC -Wl,-soname,libsame.so -DOUTSIDE -o outside.so library.c
cc -g -O0 -Wl,--build-id -o whole program.c inside.so -Wl,-rpath,"$top/same"
objcopy --only-keep-debug whole program.debug
strip -o program whole
objcopy --add-gnu-debuglink=program.debug program
id=$(readelf -n program | sed -n 's/.*Build ID: //p')
debug_dir=usr/lib/debug/.build-id/${id:0:2}
mkdir same
cp outside.so same/libsame.so

# In the container "/" is what outside is at root/: what a program of libc needs, and $top/same.
make_root() {
	mkdir -p "$1/$top/same" "$1/$debug_dir" "$1/opt" "$1/proc" "$1/dev"
	cp program "$1/opt/program"
	cp inside.so "$1/$top/same/libsame.so"
	ldd program | grep -o '/[^ ]*' | grep -v libsame | while read -r file; do
		mkdir -p "$1/$(dirname "$file")"
		cp -L "$file" "$1/$file"
	done
}

# recorded LABEL ROOT: the program in it, attached to.
recorded() {
	begin_service "$1" unshare -m -p -f sh -c "mount -t proc proc '$2/proc' && chroot '$2' /opt/program; exit"
	start_attach "$1" --allow-missing --stacks=peak --lines -f 'hidden,in_library,other,stranger' -o "$1.dat" "$program" 9>&-
	wait_until has_lines "$1.dat" '^FUNC in_library ' 5
	stop_attach "$1"
	end_service "$1"
	well_formed "$1.dat"
	[ "$(count_calls "$1.dat" other)$(count_calls "$1.dat" stranger)" = 00 ] || fail "$1: a file of ours was taken"
}
# finds_hidden LABEL [no]: by its debug file, or not.
finds_hidden() {
	if [ "${2:-}" = no ]; then
		[ "$(count_calls "$1.dat" hidden)" -eq 0 ] || fail "$1: found without its debug file"
	else
		[ "$(count_calls "$1.dat" hidden)" -gt 0 ] || fail "$1: its debug file was not found"
		grep -q "^LINES* hidden .*/program.c" "$1.dat" || fail "$1: no lines of it"
	fi
}

make_root root
recorded bare "$top/root"
finds_hidden bare no
# A link with an absolute path is one within the container; outside, that path leads to a file that would hold us up.
mkdir -p root/store
cp program.debug root/store/debug
ln -s /store/debug "root/$debug_dir/${id:2}.debug"
recorded link "$top/root"
finds_hidden link
# By directories that are links, too.
mv "root/$debug_dir" root/store/ids
ln -s /store/ids "root/$debug_dir"
recorded links "$top/root"
finds_hidden links
rm "root/$debug_dir"
mv root/store/ids "root/$debug_dir"

# The link leads to what outside is the right file, and in the container nothing.
ln -sf "$top/program.debug" "root/$debug_dir/${id:2}.debug"
recorded outside "$top/root"
finds_hidden outside no

rm "root/$debug_dir/${id:2}.debug"
for kind in fifo directory device huge; do
	case $kind in
	fifo) mkfifo "root/opt/program.debug" "root/$debug_dir/${id:2}.debug" ;;
	directory) mkdir "root/opt/program.debug" "root/$debug_dir/${id:2}.debug" ;;
	device)
		mknod "root/opt/program.debug" c 1 5 2>/dev/null || continue
		mknod "root/$debug_dir/${id:2}.debug" c 1 5
		;;
	huge)
		truncate -s 1T "root/opt/program.debug" 2>/dev/null || continue
		truncate -s 1T "root/$debug_dir/${id:2}.debug"
		;;
	esac
	recorded "$kind" "$top/root"
	finds_hidden "$kind" no
	rm -r "root/opt/program.debug" "root/$debug_dir/${id:2}.debug"
done

# The directory of the library becomes a link to where ours is, after it was loaded; and the root itself is replaced.
begin_service replaced unshare -m -p -f sh -c "chroot '$top/root' /opt/program; exit"
mv "root/$top/same" root/same.away
ln -s "../../../../../../../../../../$top/same" "root/$top/same"
start_attach replaced --allow-missing -f 'in_library,other,stranger' -o replaced.dat "$program" 9>&-
wait_until has_lines replaced.dat '^FUNC in_library ' 5
stop_attach replaced
mv root root.away
mkdir root
start_attach moved --allow-missing -f 'in_library,other,stranger' -o moved.dat "$program" 9>&-
wait_until has_lines moved.dat '^FUNC in_library ' 5
stop_attach moved
for label in replaced moved; do
	[ "$(count_calls $label.dat other)$(count_calls $label.dat stranger)" = 00 ] || fail "$label: a file of ours was taken"
done
end_service replaced
rm -r root root.away

# overlayfs: the program in the lower layer, its debug file in the upper one, the library changed above the lower one. maps has
# another device than stat(2) when the layers are in different file systems.
mkdir lower upper
make_root lower
cp outside.so "lower/$top/same/libsame.so"
overlay() {
	unshare -m sh -c 'mount -t tmpfs none upper && mkdir upper/layer upper/work upper/all &&
		mount -t overlay none -o lowerdir=lower,upperdir=upper/layer,workdir=upper/work upper/all && "$@"' sh "$@"
}
if overlay true 2>overlay.err; then
	cat >overlay.sh <<-END
		cp "$top/inside.so" "$top/upper/all/$top/same/libsame.so" &&
			cp "$top/program.debug" "$top/upper/all/opt/" &&
			mount -t proc proc "$top/upper/all/proc" && chroot "$top/upper/all" /opt/program
	END
	begin_service overlay unshare -m -p -f sh -c "mount -t tmpfs none upper && mkdir upper/layer upper/work upper/all &&
		mount -t overlay none -o lowerdir=lower,upperdir=upper/layer,workdir=upper/work upper/all && . ./overlay.sh"
	start_attach overlay --allow-missing -f 'hidden,in_library,other,stranger' -o overlay.dat "$program" 9>&-
	wait_until has_lines overlay.dat '^FUNC in_library ' 5
	stop_attach overlay
	end_service overlay
	finds_hidden_calls=$(count_calls overlay.dat hidden)
	[ "$finds_hidden_calls" -gt 0 ] || fail "overlay: its debug file was not found"
	[ "$(count_calls overlay.dat other)$(count_calls overlay.dat stranger)" = 00 ] || fail "the lower file was taken"
else
	echo "no overlay can be mounted here: $(cat overlay.err)"
fi
