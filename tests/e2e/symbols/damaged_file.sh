#!/bin/bash
# Damaged and hostile ELF files: one warning that names the file, and the rest goes on.
set -euo pipefail
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"
need_command cc

cat >program.c <<'END'
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
int tick(int a) { return a + 1; }
int main(int argc, char **argv)
{
	int fd = open(argv[argc - 1], O_RDONLY);
	if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		return 1;
	pid_t child = fork();
	if (child > 0) {
		printf("ready %d\n", (int)getpid());
		fflush(stdout);
	}
	for (int i = 0;; i++) {
		usleep(2000);
		if (tick(i) != i + 1 || (child == 0 && getppid() == 1))
			return 1;
	}
}
END
cc -g -O0 -o program program.c

# It is mapped as code in two processes.
head -c 40 program >cut_short
./program cut_short >program.out &
program=$!
trap 'kill $program 2>/dev/null || :' EXIT
wait_until grep -q '^ready ' program.out
start_attach attached -f tick -o attached.dat "$program"
wait_until grep -q '^FUNC tick ' attached.dat
stop_attach attached
[ "$(grep -c 'no function of .*/cut_short is probed: .* is cut short' attached.err)" = 1 ] ||
	fail "not one warning: $(cat attached.err)"

# What is no ELF file at all is nobody's business.
kill "$program"
wait "$program" 2>/dev/null || :
printf 'text %.0s' {1..1000} >text
./program text >second.out &
program=$!
wait_until grep -q '^ready ' second.out
start_attach attached -f tick -o attached.dat "$program"
wait_until grep -q '^FUNC tick ' attached.dat
stop_attach attached
! grep -q 'is probed:' attached.err || fail "a warning of what is no ELF file"

# Its own funcs: an error that names it.
run_as funcs "$MPROF_TRACE" funcs --static ./cut_short
status_is funcs 125
says_one_line funcs
says funcs './cut_short is cut short'
# Tables that lead nowhere: every eighth byte of the section headers.
section_headers=$(readelf -hW program | sed -n 's/.*Start of section headers: *\([0-9]*\).*/\1/p')
for ((at = section_headers; at < $(stat -c %s program); at += 56)); do
	cp program damaged
	printf '\377\377\377\377\377\377\377\377' | dd of=damaged bs=1 seek="$at" conv=notrunc status=none
	run_as damaged "$MPROF_TRACE" funcs --static ./damaged
	read -r status <damaged.status
	[ "$status" = 0 ] || [ "$status" = 125 ] || fail "byte $at: status $status"
	[ "$status" = 0 ] || says damaged './damaged'
done
