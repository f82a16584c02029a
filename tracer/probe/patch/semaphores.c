/* The counters of listeners to static probes; see semaphores.h. Probe layer. */
#include "tracer/probe/patch/semaphores.h"

#include "tracer/base/array.h"

/* Data lies behind its code, not farther than this in any linker's layout. */
static const uint64_t DATA_REACH_BYTES = 16 << 20;

static struct error *semaphore_change(const struct image *image, taddr_t semaphore, int change)
{
	uint16_t count;

	struct error *err = address_space_read(image->space, semaphore, &count, sizeof(count));
	count = (uint16_t)(count + change);
	return err ? err : address_space_write(image->space, semaphore, &count, sizeof(count));
}

struct error *semaphores_raise(struct image *image, taddr_t semaphore)
{
	for (size_t i = 0; i < image->semaphore_count; i++) {
		if (taddr_equal(image->semaphores[i], semaphore))
			return NULL;
	}
	struct error *err = array_reserve(&image->semaphores, &image->semaphore_capacity,
					  image->semaphore_count + 1, sizeof(*image->semaphores));
	if (err == NULL)
		err = semaphore_change(image, semaphore, 1);
	if (err == NULL)
		image->semaphores[image->semaphore_count++] = semaphore;
	return err;
}

struct error *semaphores_lower(struct image *image)
{
	struct error *first = NULL;

	while (image->semaphore_count > 0) {
		first = error_first(
			first,
			semaphore_change(image, image->semaphores[--image->semaphore_count], -1));
	}
	return first;
}

struct error *semaphores_clone(struct image *to, const struct image *from)
{
	struct error *err = array_reserve(&to->semaphores, &to->semaphore_capacity,
					  from->semaphore_count, sizeof(*to->semaphores));
	for (size_t i = 0; err == NULL && i < from->semaphore_count; i++)
		to->semaphores[to->semaphore_count++] = from->semaphores[i];
	return err;
}

void semaphores_forget(struct image *image, uint64_t start, uint64_t end)
{
	size_t kept = 0;

	for (size_t i = 0; i < image->semaphore_count; i++) {
		const taddr_t semaphore = image->semaphores[i];
		if (semaphore.value < start || semaphore.value >= end + DATA_REACH_BYTES)
			image->semaphores[kept++] = semaphore;
	}
	image->semaphore_count = kept;
}
