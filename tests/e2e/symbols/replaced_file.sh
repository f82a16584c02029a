#!/bin/bash
# A library and a program that were replaced on disk while they run, as an upgrade does: what is probed
# is what runs, and where that cannot be read, nothing; never what the new file has at those places.
set -euo pipefail
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can read a file that was removed, and become another user"
need_command cc setpriv

# The runner's directory is closed to others.
open=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-replaced.XXXXXX")
trap 'rm -rf "$open"' EXIT
cd "$open"
cat >library.c <<'END'
#ifdef NEW
int padding(int a) { return a * 7 + 1; }
int other(int a) { return padding(a) - 3; }
#endif
int in_library(int a) { return a + 1; }
END
cat >program.c <<'END'
#include <stdio.h>
#include <unistd.h>
int in_library(int);
#ifdef NEW
int stranger(int a) { return a * 3; }
#endif
int in_program(int a) { return a + 2; }
int main(void)
{
	printf("ready %d\n", (int)getpid());
	fflush(stdout);
	for (int i = 0;; i++) {
		usleep(2000);
		if (in_library(i) != i + 1 || in_program(i) != i + 2)
			return 1;
		if (i % 20 == 0)
			printf("%d\n", i);
		fflush(stdout);
	}
}
END
cc -g -O0 -shared -fPIC -DNEW -o new.so library.c
cc -g -O0 -shared -fPIC -o libreplaced.so library.c
cc -g -O0 -o program program.c -L. -lreplaced -Wl,-rpath,"$PWD"
cc -g -O0 -DNEW -o new_program program.c -L. -lreplaced -Wl,-rpath,"$PWD"
cp "$MPROF_TRACE" tracer
chmod 755 . tracer
mkdir work
chown 65534 work
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)

# has_lines FILE COUNT: that many, or more.
has_lines() {
	[ "$(wc -l <"$1")" -ge "$2" ]
}

for user in root nobody; do
	as=()
	[ "$user" = root ] || as=("${as_nobody[@]}")
	cc -g -O0 -shared -fPIC -o old.so library.c
	mv old.so libreplaced.so
	cc -g -O0 -o old program.c -L. -lreplaced -Wl,-rpath,"$PWD"
	mv old program
	"${as[@]}" ./program >"$user.out" &
	program=$!
	wait_until grep -q '^ready ' "$user.out"
	cp new.so fresh.so
	mv fresh.so libreplaced.so
	cp new_program fresh
	mv fresh program
	# A shell has what it starts with & ignore SIGINT.
	(cd work && exec env --default-signal=INT "${as[@]}" ../tracer attach --allow-missing -o "$user.dat" \
		-f 'in_library,in_program,other,padding,stranger' "$program" 2>"../$user.err") &
	tracer=$!
	wait_until grep -q 'attached to' "$user.err"
	# 20 calls lie between two lines, and these come behind what is in the file now.
	seen=$(wc -l <"$user.out")
	wait_until has_lines "$user.out" $((seen + 2))
	kill -INT "$tracer"
	wait "$tracer" || fail "$user: status $?: $(cat "$user.err")"
	kill -0 "$program" 2>/dev/null || fail "$user: the program has ended"
	kill "$program"
	wait "$program" 2>/dev/null || :
	[ "$(count_calls "work/$user.dat" in_program)" -gt 0 ] || fail "$user: the program that runs was not read"
	for new in other padding stranger; do
		[ "$(count_calls "work/$user.dat" "$new")" = 0 ] || fail "$user: $new is not what runs"
	done
done
[ "$(count_calls work/root.dat in_library)" -gt 0 ] || fail "the library that is loaded was not read"
[ "$(count_calls work/nobody.dat in_library)" = 0 ] || fail "nobody can read a library that is gone"
says nobody 'no function of .*libreplaced.so \(deleted\) is probed: .* was removed or replaced'
