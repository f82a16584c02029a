/* The counters by which a program knows that its static probes are listened to (probe layer). */
#ifndef PROBE_PATCH_SEMAPHORES_H
#define PROBE_PATCH_SEMAPHORES_H

#include "tracer/probe/image.h"

/* Raises the counter at @semaphore by one, once an image. */
struct error *semaphores_raise(struct image *image, taddr_t semaphore) MUST_CHECK;

/* Lowers them all again. */
struct error *semaphores_lower(struct image *image) MUST_CHECK;

/* A copy of the memory: its counters are as raised. */
struct error *semaphores_clone(struct image *to, const struct image *from) MUST_CHECK;

/* Those of a module whose code was in [start, end) are gone. */
void semaphores_forget(struct image *image, uint64_t start, uint64_t end);

#endif
