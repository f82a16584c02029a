/* flags: -static -no-pie */
/* Nested calls in a static program without a loader. */
#include "expect.h"
#include "calls/calls_nested.c"
