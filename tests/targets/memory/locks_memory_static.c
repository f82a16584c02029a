/* flags: -static */
/* variants: now both */
/* Has of libc's functions only those that it uses. */
#include "expect.h"
#include "memory/locks_memory.c"
