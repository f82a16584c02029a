/* The counters by which a program knows that its static probes are listened to (probe layer). */
#ifndef PROBE_PATCH_SEMAPHORES_H
#define PROBE_PATCH_SEMAPHORES_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"
#include "tracer/base/taddr.h"
#include "tracer/tracee/address_space.h"

/* Those that we raise by one in a memory. Zeroed: none. */
struct semaphores {
	taddr_t *all;
	size_t count, capacity;
	size_t raised_count; /* the first of them are raised */
};

void semaphores_deinit(struct semaphores *semaphores);

/* The counter at @semaphore is to be raised by one, once a memory: by the next semaphores_raise. */
struct error *semaphores_add(struct semaphores *semaphores, taddr_t semaphore) MUST_CHECK;

/* Raises those that are not yet; what has been unmapped is forgotten. */
struct error *semaphores_raise(struct semaphores *semaphores,
			       const struct address_space *space) MUST_CHECK;

/* Lowers them all again. */
struct error *semaphores_lower(struct semaphores *semaphores,
			       const struct address_space *space) MUST_CHECK;

/* A copy of the memory: its counters are as raised. */
struct error *semaphores_clone(struct semaphores *to, const struct semaphores *from) MUST_CHECK;

/* Those of a module whose code was in [start, end) are gone. */
void semaphores_forget(struct semaphores *semaphores, uint64_t start, uint64_t end);

#endif
