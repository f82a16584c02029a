/* Commands whose files have not landed yet; each definition here is weak and gives way to it. */
#include "tracer/cli/command.h"

static struct error *pending_run(int argc, char **argv, int *ret_status)
{
	(void)argc;
	(void)ret_status;
	return error_new(ERR_FAILED, "%s: not built into this binary", argv[0]);
}

#define PENDING(n)                                                                                 \
	__attribute__((weak)) const struct command cmd_##n = { #n, "(not in this binary)",         \
							       pending_run };
PENDING(run)
PENDING(plot)
PENDING(list)
PENDING(rm)
PENDING(clean)
PENDING(peak)
PENDING(funcs)
