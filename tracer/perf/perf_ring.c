/* The buffer of one CPU, shared with the kernel; see perf_ring.h. Perf layer. */
#include "tracer/perf/perf_ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/perf_event.h>

enum { RECORD_BYTES_MAX = UINT16_MAX + 1 };

struct error *perf_ring_open(struct perf_ring *ring, int fd, size_t data_bytes, size_t least_bytes)
{
	const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	void *mapped;

	*ring = (struct perf_ring){ .fd = -1 };
	for (;; data_bytes /= 2) {
		mapped = mmap(NULL, page_bytes + data_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			      0);
		bool is_short = mapped == MAP_FAILED && (errno == EPERM || errno == ENOMEM);
		if (!is_short || data_bytes / 2 < least_bytes)
			break;
	}
	if (mapped == MAP_FAILED)
		return error_os(errno, "map %zu KiB for perf events", data_bytes / 1024);
	ring->fd = fd;
	ring->mapped = mapped;
	ring->mapped_bytes = page_bytes + data_bytes;
	ring->data_bytes = data_bytes;
	return NULL;
}

void perf_ring_close(struct perf_ring *ring)
{
	if (ring->mapped != NULL)
		munmap(ring->mapped, ring->mapped_bytes);
	free(ring->wrapped);
	*ring = (struct perf_ring){ .fd = -1 };
}

void perf_ring_look(struct perf_ring *ring)
{
	if (ring->mapped != NULL)
		ring->head = __atomic_load_n(&ring->mapped->data_head, __ATOMIC_ACQUIRE);
}

static const unsigned char *ring_data(const struct perf_ring *ring)
{
	return (const unsigned char *)ring->mapped + (ring->mapped_bytes - ring->data_bytes);
}

/* In one piece: the end of the buffer may have cut it in two. */
static const void *ring_piece(struct perf_ring *ring, size_t bytes)
{
	size_t at = (size_t)ring->tail & (ring->data_bytes - 1);
	size_t first_bytes = ring->data_bytes - at;

	if (bytes <= first_bytes)
		return ring_data(ring) + at;
	if (ring->wrapped == NULL)
		ring->wrapped = malloc(RECORD_BYTES_MAX);
	if (ring->wrapped == NULL)
		return NULL;
	memcpy(ring->wrapped, ring_data(ring) + at, first_bytes);
	memcpy(ring->wrapped + first_bytes, ring_data(ring), bytes - first_bytes);
	return ring->wrapped;
}

const struct perf_event_header *perf_ring_next(struct perf_ring *ring)
{
	/* The kernel keeps records aligned to 8 bytes, so that a header is never cut. */
	while (ring->next == NULL && ring->head - ring->tail >= sizeof(struct perf_event_header)) {
		const struct perf_event_header *header = ring_piece(ring, sizeof(*header));
		if (header->size < sizeof(*header) || header->size > ring->head - ring->tail) {
			ring->tail =
				ring->head; /* that cannot be: nothing behind it can be found */
			break;
		}
		ring->next = ring_piece(ring, header->size);
		if (ring->next == NULL) /* no memory for it: it is passed over */
			ring->tail += header->size;
	}
	return ring->next;
}

void perf_ring_pass(struct perf_ring *ring)
{
	ring->tail += ring->next->size;
	ring->next = NULL;
}

void perf_ring_give_back(struct perf_ring *ring)
{
	if (ring->mapped != NULL)
		__atomic_store_n(&ring->mapped->data_tail, ring->tail, __ATOMIC_RELEASE);
}
