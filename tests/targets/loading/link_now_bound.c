/* flags: -Wl,-z,now -Wl,-z,relro */
/* Nested calls in a program bound at start. */
#include "expect.h"
#include "calls/calls_nested.c"
