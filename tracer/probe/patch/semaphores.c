/* The counters of listeners to static probes; see semaphores.h. Probe layer. */
#include "tracer/probe/patch/semaphores.h"

#include <stdlib.h>

#include "tracer/base/array.h"

/* Data lies behind its code, not farther than this in any linker's layout. */
static const uint64_t DATA_REACH_BYTES = 16 << 20;

void semaphores_deinit(struct semaphores *semaphores)
{
	free(semaphores->all);
	*semaphores = (struct semaphores){ 0 };
}

static struct error *semaphore_change(const struct address_space *space, taddr_t semaphore,
				      int change)
{
	uint16_t count;

	struct error *err = address_space_read(space, semaphore, &count, sizeof(count));
	count = (uint16_t)(count + change);
	return err ? err : address_space_write(space, semaphore, &count, sizeof(count));
}

struct error *semaphores_add(struct semaphores *semaphores, taddr_t semaphore)
{
	for (size_t i = 0; i < semaphores->count; i++) {
		if (taddr_equal(semaphores->all[i], semaphore))
			return NULL;
	}
	struct error *err = array_reserve(&semaphores->all, &semaphores->capacity,
					  semaphores->count + 1, sizeof(*semaphores->all));
	if (err == NULL)
		semaphores->all[semaphores->count++] = semaphore;
	return err;
}

struct error *semaphores_raise(struct semaphores *semaphores, const struct address_space *space)
{
	while (semaphores->raised_count < semaphores->count) {
		taddr_t *next = &semaphores->all[semaphores->raised_count];
		struct error *err = semaphore_change(space, *next, 1);
		const bool is_unmapped = err != NULL && error_code(err) == ERR_UNMAPPED;
		if (is_unmapped)
			*next = semaphores->all[--semaphores->count];
		else if (err == NULL)
			semaphores->raised_count++;
		err = error_ignore(err, ERR_UNMAPPED);
		if (err != NULL)
			return err;
	}
	return NULL;
}

struct error *semaphores_lower(struct semaphores *semaphores, const struct address_space *space)
{
	struct error *first = NULL;

	while (semaphores->raised_count > 0) {
		struct error *err =
			semaphore_change(space, semaphores->all[--semaphores->raised_count], -1);
		first = error_first(first, error_ignore(err, ERR_UNMAPPED));
	}
	semaphores->count = 0;
	return first;
}

struct error *semaphores_clone(struct semaphores *to, const struct semaphores *from)
{
	struct error *err = array_reserve(&to->all, &to->capacity, from->count, sizeof(*to->all));
	for (size_t i = 0; err == NULL && i < from->count; i++)
		to->all[to->count++] = from->all[i];
	if (err == NULL)
		to->raised_count = from->raised_count;
	return err;
}

void semaphores_forget(struct semaphores *semaphores, uint64_t start, uint64_t end)
{
	size_t kept = 0, raised_count = 0;

	for (size_t i = 0; i < semaphores->count; i++) {
		const taddr_t semaphore = semaphores->all[i];
		if (semaphore.value >= start && semaphore.value < end + DATA_REACH_BYTES)
			continue;
		raised_count += i < semaphores->raised_count;
		semaphores->all[kept++] = semaphore;
	}
	semaphores->count = kept;
	semaphores->raised_count = raised_count;
}
