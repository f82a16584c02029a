/* flags: -no-pie */
/* Nested calls in a program at a fixed address. */
#include "expect.h"
#include "calls/calls_nested.c"
