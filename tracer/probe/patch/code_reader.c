/* Reads code and brings nothing into memory; see code_reader.h. Probe layer. */
#include "tracer/probe/patch/code_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include "tracer/arch/arch.h"
#include "tracer/proc/proc_file.h"

void code_reader_init(struct code_reader *reader)
{
	*reader = (struct code_reader){ .fd = -1 };
}

void code_reader_begin_file(struct code_reader *reader, const char *path, uint64_t start,
			    uint64_t end, uint64_t offset_bytes)
{
	code_reader_end_file(reader);
	reader->fd = proc_openat_soon(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	reader->start = start;
	reader->end = end;
	reader->offset_bytes = offset_bytes;
}

void code_reader_end_file(struct code_reader *reader)
{
	if (reader->fd >= 0)
		close(reader->fd);
	reader->fd = -1;
}

/* Code within one page. */
static size_t read_in_page(const struct code_reader *reader, struct footprint *footprint,
			   const struct address_space *space, uint64_t from, uint8_t *ret,
			   size_t bytes)
{
	bool is_in_file = reader->fd >= 0 && from >= reader->start && from < reader->end;

	if (!is_in_file || !footprint_is_absent(footprint, from))
		return address_space_read_some(space, taddr(from), ret, bytes);
	/* A private mapping shows the file until it is written to (mmap(2)). */
	ssize_t got =
		pread(reader->fd, ret, bytes, (off_t)(reader->offset_bytes + from - reader->start));
	return got < 0 ? 0 : (size_t)got;
}

size_t code_reader_read(const struct code_reader *reader, struct footprint *footprint,
			const struct address_space *space, pid_t tid, taddr_t from, uint8_t *ret,
			size_t bytes)
{
	size_t done = 0;

	footprint->tid = tid;
	while (done < bytes) {
		uint64_t at = from.value + done;
		size_t part = ARCH_PAGE_BYTES - at % ARCH_PAGE_BYTES;
		if (part > bytes - done)
			part = bytes - done;
		size_t got = read_in_page(reader, footprint, space, at, ret + done, part);
		done += got;
		if (got < part)
			break;
	}
	return done;
}
