/* flags: -rdynamic -s */
/* Nested calls in a stripped program that has only its .dynsym. */
#include "expect.h"
#include "calls/calls_nested.c"
