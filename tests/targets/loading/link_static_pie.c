/* flags: -static-pie */
/* Nested calls in a static program that relocates itself. */
#include "expect.h"
#include "calls/calls_nested.c"
