/*
 * The stack of a running thread, as libunwind's own ptrace accessors see it: a line each "NAME", linker names, the innermost
 * first. It shares no code with ours.
 *
 * usage: walk_stack TID
 */
#include <libunwind-ptrace.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

static int walk(unw_addr_space_t space, void *context)
{
	enum { FRAMES_MAX = 500 };
	unw_cursor_t cursor;
	unw_word_t offset;
	char name[4096];

	if (unw_init_remote(&cursor, space, context) < 0)
		return 1;
	for (int i = 0; i < FRAMES_MAX; i++) {
		if (unw_get_proc_name(&cursor, name, sizeof(name), &offset) < 0)
			snprintf(name, sizeof(name), "?");
		puts(name);
		if (unw_step(&cursor) <= 0)
			break;
	}
	return 0;
}

int main(int argc, char **argv)
{
	pid_t tid = argc == 2 ? (pid_t)atoi(argv[1]) : 0;
	int status;

	if (tid <= 0 || ptrace(PTRACE_ATTACH, tid, NULL, NULL) != 0 ||
	    waitpid(tid, &status, __WALL) != tid) {
		perror("walk_stack");
		return 1;
	}
	unw_addr_space_t space = unw_create_addr_space(&_UPT_accessors, 0);
	void *context = _UPT_create(tid);
	int result = space == NULL || context == NULL ? 1 : walk(space, context);
	_UPT_destroy(context);
	unw_destroy_addr_space(space);
	ptrace(PTRACE_DETACH, tid, NULL, NULL);
	return result;
}
