/* Unit tests of rewriting what perf record has written: files made by hand, whole, of other kinds, and damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include <linux/perf_event.h>

#include "tracer/perf/perf_data.h"

enum {
	WANTED = 4096,
	LARGE = 2 * WANTED + 512,
	BYTES_MAX = 4096,
	FEATURE = 3,
	LATER_FEATURE = 200,
	AUXTRACE = 18
};
static const char PATH[] = "/some/where.so";

struct section {
	uint64_t offset, bytes;
};
struct header {
	char magic[8];
	uint64_t bytes, attribute_bytes;
	struct section attributes, data, event_types;
	uint64_t features[4];
};
struct mapping {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t start, bytes, offset, device, inode, generation;
	uint32_t protection, flags;
	char name[8];
	uint64_t id; /* as sample_id_all adds */
};
struct made {
	struct header header;
	uint64_t attribute;
	struct mapping mappings[6];
	struct perf_event_header other;
	struct section features[2];
	char first[5], second[7];
};

static bool is_wanted(const struct perf_nameless *code)
{
	return code->bytes == WANTED || code->bytes == LARGE;
}

static struct mapping map(uint32_t pid, uint64_t start, uint64_t bytes, int protection,
			  const char *name)
{
	struct mapping mapping = {
		.header = { PERF_RECORD_MMAP2, PERF_RECORD_MISC_USER, sizeof(mapping) },
		.pid = pid,
		.tid = pid,
		.start = start,
		.bytes = bytes,
		.offset = start,
		.protection = (uint32_t)protection,
		.flags = MAP_PRIVATE,
		.id = 0x1122334455667788,
	};
	memcpy(mapping.name, name, strlen(name));
	return mapping;
}

static struct made make(void)
{
	const int code = PROT_READ | PROT_EXEC, data = PROT_READ | PROT_WRITE;
	struct made made = {
		.header = { .magic = "PERFILE2",
			    .bytes = sizeof(struct header),
			    .attributes = { offsetof(struct made, attribute), 8 },
			    .data = { offsetof(struct made, mappings),
				      offsetof(struct made, features) -
					      offsetof(struct made, mappings) } },
		.attribute = 7,
		.mappings = { map(1, 0x10000, WANTED, code, "//anon"),
			      map(1, 0x20000, WANTED, code, "/a/b"),
			      map(1, 0x30000, 8 * WANTED, data, "//anon"),
			      map(1, 0x31000, WANTED, code, "//anon"),
			      map(2, 0x31000, WANTED, code, "//anon"),
			      map(2, 0x50000, 2 * WANTED, code, "//anon") },
		.other = { PERF_RECORD_EXIT, 0, sizeof(made.other) },
		.features = { { offsetof(struct made, first), sizeof(made.first) },
			      { offsetof(struct made, second), sizeof(made.second) } },
		.first = "first",
		.second = "second",
	};
	made.header.features[FEATURE / 64] |= UINT64_C(1) << FEATURE % 64;
	made.header.features[LATER_FEATURE / 64] |= UINT64_C(1) << LATER_FEATURE % 64;
	return made;
}

/* How many bytes it makes of the first @bytes of @made; *@ret_err: how it fails, owned. */
static size_t rename_in(const struct made *made, size_t bytes, struct perf_renaming *renaming,
			uint8_t ret[static BYTES_MAX], struct error **ret_err)
{
	FILE *in = tmpfile(), *out = tmpfile();

	assert_non_null(in);
	assert_non_null(out);
	assert_int_equal(fwrite(made, 1, bytes, in), bytes);
	rewind(in);
	*renaming = (struct perf_renaming){ .path = PATH,
					    .piece_bytes = WANTED,
					    .is_wanted = is_wanted };
	*ret_err = perf_data_rename(in, out, renaming);
	rewind(out);
	const size_t got = fread(ret, 1, BYTES_MAX, out);
	fclose(in);
	fclose(out);
	return got;
}

/* The first and the fifth are renamed: the others are a file's, another size's, or were written to in that process. */
static void test_renames(void **state)
{
	(void)state;
	const size_t more = sizeof(PATH) / 8 * 8; /* each: 16 bytes of name for 8 */
	const struct made made = make();
	struct perf_renaming renaming;
	uint8_t found[BYTES_MAX];
	const uint8_t *at = found;
	struct error *err;

	const size_t bytes = rename_in(&made, sizeof(made), &renaming, found, &err);
	assert_null(err);
	assert_int_equal(renaming.count, 2);
	assert_int_equal(bytes, sizeof(made) + 2 * more);

	struct header header = made.header;
	header.data.bytes += 2 * more;
	assert_memory_equal(at, &header, sizeof(header));
	at += sizeof(header);
	assert_memory_equal(at, &made.attribute, sizeof(made.attribute));
	at += sizeof(made.attribute);
	for (int i = 0; i < 6; i++) {
		const bool is_renamed = i == 0 || i == 4;
		struct mapping mapping = made.mappings[i];
		const size_t before = offsetof(struct mapping, name);
		if (!is_renamed) {
			assert_memory_equal(at, &mapping, sizeof(mapping));
			at += sizeof(mapping);
			continue;
		}
		mapping.offset = 0;
		mapping.header.size = (uint16_t)(mapping.header.size + more);
		assert_memory_equal(at, &mapping, before);
		assert_string_equal((const char *)at + before, PATH);
		at += before + 8 + more;
		assert_memory_equal(at, &mapping.id, sizeof(mapping.id));
		at += sizeof(mapping.id);
	}
	assert_memory_equal(at, &made.other, sizeof(made.other));
	at += sizeof(made.other);
	for (int i = 0; i < 2; i++, at += sizeof(struct section)) {
		struct section section = made.features[i];
		section.offset += 2 * more;
		assert_memory_equal(at, &section, sizeof(section));
	}
	assert_memory_equal(at, made.first, sizeof(made.first) + sizeof(made.second));
}

static void assert_fails(const struct made *made, size_t bytes, enum error_code code)
{
	struct perf_renaming renaming;
	uint8_t found[BYTES_MAX];
	struct error *err;

	rename_in(made, bytes, &renaming, found, &err);
	assert_non_null(err);
	assert_int_equal(error_code(err), code);
	error_free(err);
}

/* Two whole pieces and what is left. */
static void test_pieces(void **state)
{
	(void)state;
	const size_t more = sizeof(PATH) / 8 * 8;
	struct made made = make();
	struct perf_renaming renaming;
	uint8_t found[BYTES_MAX];
	struct error *err;

	made.mappings[0].bytes = LARGE;
	const size_t bytes = rename_in(&made, sizeof(made), &renaming, found, &err);
	assert_null(err);
	assert_int_equal(renaming.count, 2);
	assert_int_equal(bytes, sizeof(made) + 4 * more + 2 * sizeof(struct mapping));
	const uint8_t *at = found + offsetof(struct made, mappings);
	for (uint64_t i = 0; i < 3; i++, at += sizeof(struct mapping) + more) {
		struct mapping piece;
		memcpy(&piece, at, sizeof(piece));
		assert_int_equal(piece.start, 0x10000 + i * WANTED);
		assert_int_equal(piece.bytes, i < 2 ? WANTED : LARGE - 2 * WANTED);
		assert_int_equal(piece.offset, 0);
		assert_string_equal((const char *)at + offsetof(struct mapping, name), PATH);
	}
	assert_memory_equal(at, &made.mappings[1], sizeof(made.mappings[1]));
}

/* Wherever in the header, the records or the table it is cut off. */
static void test_cut_off(void **state)
{
	(void)state;
	const struct made made = make();

	for (size_t bytes = 0; bytes < offsetof(struct made, first); bytes++)
		assert_fails(&made, bytes, ERR_FORMAT);
}

static void test_other_kinds(void **state)
{
	(void)state;
	static const uint32_t foreign[] = { 71, 81, 83 }; /* traces, and what is compressed */
	struct made made = make();

	made.header.magic[0] = 'Q';
	assert_fails(&made, sizeof(made), ERR_FORMAT);
	made = make();
	made.header.bytes = 16; /* as in a pipe */
	assert_fails(&made, sizeof(made), ERR_FOREIGN);
	made = make();
	made.header.features[0] |= 1 << AUXTRACE;
	assert_fails(&made, sizeof(made), ERR_FOREIGN);
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		made = make();
		made.other.type = foreign[i];
		assert_fails(&made, sizeof(made), ERR_FOREIGN);
	}
	made = make();
	made.header.data.bytes = 0;
	assert_fails(&made, sizeof(made), ERR_FORMAT);
}

/* No field leads anywhere, whatever it is. */
static void test_damaged(void **state)
{
	(void)state;
	static const uint64_t values[] = { 0, 1, 7, 105, UINT32_MAX, INT64_MAX, UINT64_MAX };
	struct perf_renaming renaming;
	uint8_t found[BYTES_MAX];
	struct error *err;

	for (size_t at = 8; at + 8 <= offsetof(struct made, first); at += 4) {
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			struct made made = make();
			memcpy((char *)&made + at, &values[i], sizeof(values[i]));
			rename_in(&made, sizeof(made), &renaming, found, &err);
			error_free(err);
		}
	}
	struct made made = make();
	made.mappings[2].header.size = 4;
	assert_fails(&made, sizeof(made), ERR_FORMAT);
	made.mappings[2].header.size = UINT16_MAX;
	assert_fails(&made, sizeof(made), ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_renames), cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_cut_off), cmocka_unit_test(test_other_kinds),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests_name("perf_data", tests, NULL, NULL);
}
