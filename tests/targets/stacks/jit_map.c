/*
 * Code made at run time, named in /tmp/perf-PID.map: two functions with frame pointers that call what they are given. The second
 * takes the place of another one, whose line comes before. Then it is said again, in other words, when it has been called.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "expect.h"

enum { FUNCTION_BYTES = 64 };

void grows(int mib)
{
	size_t bytes = (size_t)mib << 20;
	char *memory =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		_exit(77);
	memset(memory, 1, bytes);
}

/* push rbp; mov rbp, rsp; mov rax, CALLEE; call rax; pop rbp; ret: its argument is the callee's. */
static char *write_code(char *at, const void *callee)
{
	static const unsigned char head[] = { 0x55, 0x48, 0x89, 0xe5, 0x48, 0xb8 };
	static const unsigned char tail[] = { 0xff, 0xd0, 0x5d, 0xc3 };

	memcpy(at, head, sizeof(head));
	memcpy(at + sizeof(head), &callee, sizeof(callee));
	memcpy(at + sizeof(head) + sizeof(callee), tail, sizeof(tail));
	return at;
}

static void note(FILE *map, const char *at, const char *name)
{
	fprintf(map, "%lx %x %s\n", (unsigned long)(uintptr_t)at, FUNCTION_BYTES, name);
	fflush(map);
}

/* PATH: where the map is; without it, it is where it belongs. */
int main(int argc, char **argv)
{
	char path[64];
	char *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	expect("calls grows 2");
	snprintf(path, sizeof(path), "/tmp/perf-%d.map", (int)getpid());
	if (code == MAP_FAILED || (argc > 1 && symlink(argv[1], path) != 0))
		return 77;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	FILE *map = fd < 0 ? NULL : fdopen(fd, "w");
	if (map == NULL)
		return 77;
	char *inner = write_code(code, (const void *)grows);
	char *outer = write_code(code + FUNCTION_BYTES, inner);
	fputs("this is no line\n0 0\n\n1 ffffffffffffffff too much\nzz 1 none\n", map);
	note(map, outer, "was here before");
	note(map, inner, "jitted_inner /app/x.js:1");
	note(map, outer, "jitted_outer \033[31m\xff");
	((void (*)(int))outer)(8);
	note(map, inner, "jitted_again");
	((void (*)(int))outer)(16);
	unlink(path);
	return 0;
}
