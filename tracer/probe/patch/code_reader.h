/*
 * Reads code and brings nothing into memory by it (probe layer): what is not there is read from its
 * file, for footprint.h counts what would be in memory without us.
 */
#ifndef PROBE_PATCH_CODE_READER_H
#define PROBE_PATCH_CODE_READER_H

#include "tracer/probe/patch/footprint.h"
#include "tracer/tracee/address_space.h"

struct code_reader {
	int fd; /* of the file behind the mapping that is being planned; -1: none */
	uint64_t start, end, offset_bytes;
};

void code_reader_init(struct code_reader *reader);

/*
 * The file at @path is mapped at [start, end) from @offset_bytes on: absent code there is read from it
 * until code_reader_end_file. That it cannot be opened is no error.
 */
void code_reader_begin_file(struct code_reader *reader, const char *path, uint64_t start,
			    uint64_t end, uint64_t offset_bytes);
void code_reader_end_file(struct code_reader *reader);

/* As address_space_read_some; @footprint is of @space, of which thread @tid is one. */
size_t code_reader_read(const struct code_reader *reader, struct footprint *footprint,
			const struct address_space *space, pid_t tid, taddr_t from, uint8_t *ret,
			size_t bytes);

#endif
