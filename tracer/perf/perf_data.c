/*
 * A file of perf record's, rewritten; see perf_data.h. Perf layer.
 *
 * Its format is described in the kernel's tools/perf/Documentation/perf.data-file-format.txt: a header, the ids and
 * attributes of events, the records, a table of sections (the "features") and these. All places are counted from the file's
 * beginning, so those behind the records move with them.
 */
#include "tracer/perf/perf_data.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <linux/perf_event.h>

#include "tracer/base/array.h"

struct file_section {
	uint64_t offset, bytes;
};
struct file_header {
	char magic[8];
	uint64_t bytes, attribute_bytes;
	struct file_section attributes, data, event_types;
	uint64_t features[4]; /* a bit each */
};
_Static_assert(sizeof(struct file_header) == 104, "as perf writes it");

/* Places within these would have to move, too; the kernel's tools/perf/util/header.h. */
enum { FEATURE_AUXTRACE = 18, FEATURE_DIRECTORY = 24 };

/* Records of perf's own: tools/lib/perf/include/perf/event.h. */
enum { RECORD_AUXTRACE = 71, RECORD_COMPRESSED = 81, RECORD_COMPRESSED2 = 83 };

/* The beginning of PERF_RECORD_MMAP2; a name of whole words follows, and what sample_id_all adds. */
struct mmap2 {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t start, bytes, offset;
	uint32_t major, minor;
	uint64_t inode, inode_generation;
	uint32_t protection, flags;
};
_Static_assert(sizeof(struct mmap2) == 72, "as the kernel writes it");

enum { RECORD_BYTES_MAX = UINT16_MAX };
static const char NAMELESS[8] =
	"//anon"; /* as the kernel and perf call what is mapped from no file */

struct copy {
	FILE *in, *out;
	struct perf_renaming *renaming;
	struct file_header header;
	uint64_t at;		       /* of @in, what has been read */
	int64_t moved;		       /* by so many bytes what is behind the records moves */
	struct perf_nameless *written; /* what has been writable; owned */
	size_t written_count, written_capacity;
};

static struct error *ends_early(const struct copy *copy)
{
	return ferror(copy->in)
		       ? error_os(errno, "read it")
		       : error_new(ERR_FORMAT, "it is cut off after %" PRIu64 " bytes", copy->at);
}

static struct error *read_bytes(struct copy *copy, void *ret, size_t bytes)
{
	if (fread(ret, 1, bytes, copy->in) != bytes)
		return ends_early(copy);
	copy->at += bytes;
	return NULL;
}

static struct error *write_bytes(const struct copy *copy, const void *from, size_t bytes)
{
	return fwrite(from, 1, bytes, copy->out) == bytes ? NULL : error_os(errno, "write");
}

static struct error *copy_bytes(struct copy *copy, uint64_t bytes)
{
	char buffer[1 << 16];
	struct error *err = NULL;

	while (err == NULL && bytes > 0) {
		const size_t part = bytes < sizeof(buffer) ? (size_t)bytes : sizeof(buffer);
		err = read_bytes(copy, buffer, part);
		if (err == NULL)
			err = write_bytes(copy, buffer, part);
		bytes -= part;
	}
	return err;
}

static bool has_feature(const struct file_header *header, unsigned feature)
{
	return header->features[feature / 64] >> feature % 64 & 1;
}

static struct error *check_header(const struct file_header *header)
{
	const struct file_section *data = &header->data, *attributes = &header->attributes;

	if (memcmp(header->magic, "PERFILE2", sizeof(header->magic)) != 0)
		return error_new(ERR_FORMAT, "it is no file of perf record's, or one of another "
					     "byte order");
	if (header->bytes != sizeof(*header))
		return error_new(ERR_FOREIGN, "perf has written it to a pipe: let it write a file "
					      "(perf record -o FILE)");
	if (has_feature(header, FEATURE_AUXTRACE) || has_feature(header, FEATURE_DIRECTORY))
		return error_new(ERR_FOREIGN, "it holds traces of a processor's own, or is one "
					      "file of several");
	if (data->bytes == 0)
		return error_new(ERR_FORMAT, "it holds no records: perf record has not ended well");
	if (data->offset < sizeof(*header) || data->offset > INT64_MAX / 2 ||
	    data->bytes > INT64_MAX / 2 || attributes->bytes > data->offset ||
	    attributes->offset > data->offset - attributes->bytes ||
	    (header->event_types.bytes > 0 && header->event_types.offset > data->offset))
		return error_new(ERR_FORMAT, "its header is damaged, or of another version");
	return NULL;
}

static struct error *note_written(struct copy *copy, const struct perf_nameless *code)
{
	struct error *err = array_reserve(&copy->written, &copy->written_capacity,
					  copy->written_count + 1, sizeof(*code));

	if (err == NULL)
		copy->written[copy->written_count++] = *code;
	return err;
}

/* As code of a compiler's at run time has been, which is written, and made executable after. */
static bool was_written(const struct copy *copy, const struct perf_nameless *code)
{
	for (size_t i = 0; i < copy->written_count; i++) {
		const struct perf_nameless *it = &copy->written[i];
		if (it->pid == code->pid && code->start >= it->start &&
		    code->start - it->start < it->bytes)
			return true;
	}
	return false;
}

/* One record for each piece. */
static struct error *write_renamed(struct copy *copy, struct mmap2 mapping, const char *rest,
				   size_t rest_bytes)
{
	const char *path = copy->renaming->path;
	const size_t path_bytes = strlen(path);
	/* Whole words, with at least one byte of 0. */
	const size_t name_bytes = (path_bytes / 8 + 1) * 8;
	const uint64_t piece_bytes = copy->renaming->piece_bytes;
	const int64_t before = mapping.header.size;
	char name[PATH_MAX + 8] = { 0 };
	uint64_t left = mapping.bytes;
	struct error *err = NULL;

	if (path_bytes >= PATH_MAX || sizeof(mapping) + name_bytes + rest_bytes > RECORD_BYTES_MAX)
		return error_new(ERR_FAILED, "%s: the path is too long", path);
	snprintf(name, sizeof(name), "%s", path);
	mapping.offset = 0;
	mapping.header.size = (uint16_t)(sizeof(mapping) + name_bytes + rest_bytes);
	for (; err == NULL && left > 0; left -= mapping.bytes, mapping.start += mapping.bytes) {
		mapping.bytes = left < piece_bytes ? left : piece_bytes;
		copy->moved += mapping.header.size;
		err = write_bytes(copy, &mapping, sizeof(mapping));
		if (err == NULL)
			err = write_bytes(copy, name, name_bytes);
		if (err == NULL)
			err = write_bytes(copy, rest, rest_bytes);
	}
	copy->moved -= before;
	copy->renaming->count++;
	return err;
}

static struct error *copy_mapping(struct copy *copy, const char *record, size_t bytes)
{
	const size_t known_bytes = sizeof(struct mmap2) + sizeof(NAMELESS);
	struct mmap2 mapping;

	if (bytes < known_bytes ||
	    memcmp(record + sizeof(mapping), NAMELESS, sizeof(NAMELESS)) != 0)
		return write_bytes(copy, record, bytes);
	memcpy(&mapping, record, sizeof(mapping));
	const struct perf_nameless code = { mapping.pid, mapping.start, mapping.bytes };
	const bool is_private = (mapping.flags & MAP_PRIVATE) != 0;
	if (mapping.protection & PROT_WRITE) {
		struct error *err = note_written(copy, &code);
		return err != NULL ? err : write_bytes(copy, record, bytes);
	}
	if (mapping.protection != (PROT_READ | PROT_EXEC) || !is_private || code.bytes == 0 ||
	    (mapping.header.misc & PERF_RECORD_MISC_CPUMODE_MASK) != PERF_RECORD_MISC_USER ||
	    was_written(copy, &code) || !copy->renaming->is_wanted(&code))
		return write_bytes(copy, record, bytes);
	return write_renamed(copy, mapping, record + known_bytes, bytes - known_bytes);
}

static struct error *copy_record(struct copy *copy, uint64_t end)
{
	_Alignas(8) char record[RECORD_BYTES_MAX];
	struct perf_event_header header;

	if (end - copy->at < sizeof(header))
		return error_new(ERR_FORMAT, "its last record is cut off");
	struct error *err = read_bytes(copy, &header, sizeof(header));
	if (err != NULL)
		return err;
	if (header.size < sizeof(header) || header.size - sizeof(header) > end - copy->at)
		return error_new(ERR_FORMAT, "the record at %" PRIu64 " is damaged",
				 copy->at - sizeof(header));
	if (header.type == RECORD_COMPRESSED || header.type == RECORD_COMPRESSED2)
		return error_new(ERR_FOREIGN, "it is compressed: record without perf's -z");
	if (header.type == RECORD_AUXTRACE)
		return error_new(ERR_FOREIGN, "it holds traces of a processor's own");
	memcpy(record, &header, sizeof(header));
	err = read_bytes(copy, record + sizeof(header), header.size - sizeof(header));
	if (err != NULL)
		return err;
	return header.type == PERF_RECORD_MMAP2 ? copy_mapping(copy, record, header.size)
						: write_bytes(copy, record, header.size);
}

/* The table of what is behind the records, and that itself. */
static struct error *copy_features(struct copy *copy)
{
	const uint64_t end = copy->at;
	struct file_section section;
	struct error *err = NULL;
	char buffer[1 << 16];
	size_t got;

	for (unsigned i = 0; err == NULL && i < 8 * sizeof(copy->header.features); i++) {
		if (!has_feature(&copy->header, i))
			continue;
		err = read_bytes(copy, &section, sizeof(section));
		if (err == NULL && section.offset >= end)
			section.offset += (uint64_t)copy->moved;
		if (err == NULL)
			err = write_bytes(copy, &section, sizeof(section));
	}
	while (err == NULL && (got = fread(buffer, 1, sizeof(buffer), copy->in)) > 0)
		err = write_bytes(copy, buffer, got);
	return err == NULL && ferror(copy->in) ? ends_early(copy) : err;
}

static struct error *copy_all(struct copy *copy)
{
	struct file_header *header = &copy->header;

	struct error *err = read_bytes(copy, header, sizeof(*header));
	if (err == NULL)
		err = check_header(header);
	if (err == NULL)
		err = write_bytes(copy, header, sizeof(*header));
	if (err == NULL)
		err = copy_bytes(copy, header->data.offset - sizeof(*header));
	const uint64_t end = header->data.offset + header->data.bytes;
	while (err == NULL && copy->at < end)
		err = copy_record(copy, end);
	if (err == NULL)
		err = copy_features(copy);
	if (err != NULL)
		return err;
	header->data.bytes += (uint64_t)copy->moved;
	if (fseek(copy->out, 0, SEEK_SET) != 0)
		return error_os(errno, "write");
	return write_bytes(copy, header, sizeof(*header));
}

struct error *perf_data_rename(FILE *in, FILE *out, struct perf_renaming *renaming)
{
	struct copy copy = { .in = in, .out = out, .renaming = renaming };

	renaming->count = 0;
	struct error *err = copy_all(&copy);
	free(copy.written);
	return err;
}
