/*
 * Fuzzes the way of an ELF file through `funcs`: its functions, their labels, patterns, near names,
 * and source lines (libFuzzer, with ASan and UBSan). Built by tests/fuzz/build.sh.
 *
 * wrap: isolate_run
 */
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "symbols/code/code_extents.h"
#include "symbols/code/inlined_frames.h"
#include "symbols/code/line_rows.h"
#include "symbols/dwarf/dwarf_function.h"
#include "symbols/file/symbol_file.h"
#include "tests/fuzz/require.h"
#include "tracer/probe/code/jump_window.h"
#include "tracer/probe/inlined/inlined_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t bytes_max, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t bytes, size_t bytes_max);

/* What is true of any file that could be read. */
static void check_functions(const struct symbol_file *file)
{
	size_t count;
	const struct function *functions = symbol_file_functions(file, &count);

	for (size_t i = 0; i < count; i++) {
		const struct function *f = &functions[i];
		const char *label;
		require(i == 0 || functions[i - 1].start.value < f->start.value);
		require(f->start.value + f->size_bytes >= f->start.value);
		require(symbol_file_is_code(file, f->start));
		require(symbol_file_function_at(file, f->start) != NULL);
		for (size_t n = 0;; n++) {
			error_free(symbol_file_label(file, f, n, &label));
			if (label == NULL)
				break;
		}
	}
}

static void match_functions(const struct symbol_file *file)
{
	struct pattern_set *set;
	struct symbol_match *matches;
	struct inlined_plan inlined;
	struct near_names names = { 0 };
	char *text;
	size_t count;

	require(pattern_set_create(&set) == NULL);
	require(pattern_set_add(set, "main,*,/x/,ns::f,a.c:hidden,a.c:3,0x1000,a@b") == NULL);
	require(symbol_file_match(file, set, true, &matches, &count) == NULL);
	free(matches);
	require(inlined_plan_make(file, set, &inlined) == NULL);
	inlined_plan_deinit(&inlined);
	for (size_t i = 0; i < pattern_set_count(set); i++) {
		require(symbol_file_explain(file, set, i, true, false, &text) == NULL);
		free(text);
		require(symbol_file_inlined(file, set, i, &text) == NULL);
		free(text);
	}
	require(near_names_gather(&names, file, "mian") == NULL);
	near_names_deinit(&names);
	require(symbol_file_describe(file, &text) == NULL);
	free(text);
	require(symbol_file_advise(file, &text) == NULL);
	free(text);
	pattern_set_destroy(set);
}

static void find_rows(const struct symbol_file *file)
{
	enum { FUNCTIONS_MOST = 64 };
	const struct function *functions[FUNCTIONS_MOST];
	struct line_rows rows;
	size_t count;

	const struct function *all = symbol_file_functions(file, &count);
	if (count > FUNCTIONS_MOST)
		count = FUNCTIONS_MOST;
	for (size_t i = 0; i < count; i++)
		functions[i] = &all[i];
	struct error *err = symbol_file_line_rows(file, functions, count, &rows);
	/* What the child finds it sends so that it is sound. */
	require(err == NULL || strstr(error_message(err), "led astray") == NULL);
	if (err == NULL)
		line_rows_deinit(&rows);
	error_free(err);
}

static void find_lines(const struct symbol_file *file, const char *path)
{
	static const struct symbol_sources sources;
	const struct elf_place place = { path, path, "", 0 };
	struct line_reader *lines;
	const char *source;
	unsigned line;
	size_t count;
	const struct function *functions = symbol_file_functions(file, &count);

	struct error *err = line_reader_open(&place, &sources, &lines);
	if (err == NULL) {
		for (size_t i = 0; i < count; i++)
			(void)line_reader_find(lines, functions[i].start, &source, &line);
		line_reader_close(lines);
	}
	error_free(err);
}

/* Where the code of a function ends, what is inlined into it, where jumps may be written. */
static void find_code(const struct symbol_file *file)
{
	enum { FUNCTIONS_MOST = 8, BYTES_MOST = 48 };
	struct code_extents extents = { 0 };
	struct jump_targets *targets = NULL;
	size_t count;
	const struct function *functions = symbol_file_functions(file, &count);

	struct error *err = symbol_file_read_extents(file, &extents);
	for (size_t i = 0; i < count && i < FUNCTIONS_MOST; i++)
		(void)code_extents_at(&extents, functions[i].start);
	code_extents_deinit(&extents);
	error_free(err);
	err = jump_targets_create(file, &targets);
	for (size_t i = 0; err == NULL && i < count && i < FUNCTIONS_MOST; i++) {
		struct jump_function *function;
		const taddr_t start = functions[i].start;
		struct error *why = jump_function_create(targets, start, &function);
		for (uint64_t k = 0; why == NULL && k < BYTES_MOST; k++) {
			struct jump_window window;
			if (!jump_function_holds(function, taddr_add(start, k)))
				continue;
			jump_window_find(function, taddr_add(start, k), &window);
			require(window.bytes <= JUMP_WINDOW_BYTES_MAX);
			jump_window_find_punned(function, taddr_add(start, k), &window);
		}
		if (why == NULL)
			jump_function_destroy(function);
		error_free(why);
	}
	jump_targets_destroy(targets);
	error_free(err);
}

static void find_frames(const struct symbol_file *file)
{
	enum { ADDRESSES_MOST = 64 };
	struct cfa_rule rules[ADDRESSES_MOST];
	taddr_t addresses[ADDRESSES_MOST];
	struct inlined_frames frames = { 0 };
	const char *names[8];
	size_t count, used = 0;
	const struct function *functions = symbol_file_functions(file, &count);

	for (size_t i = 0; i < count && used + 4 <= ADDRESSES_MOST; i++)
		for (uint64_t k = 0; k < 4; k++)
			addresses[used++] =
				taddr_add(functions[i].start, k * functions[i].size_bytes / 4);
	error_free(symbol_file_cfa_rules(file, addresses, used, rules));
	(void)inlined_frames_are_told(file);
	struct error *err = inlined_frames_read(&frames, file, addresses, used);
	for (size_t i = 0; err == NULL && i < used; i++)
		require(inlined_frames_at(&frames, addresses[i], names, 8) <= 8);
	inlined_frames_deinit(&frames);
	error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static const struct symbol_sources sources = { .reads_unnamed = true };
	static int fd = -1; /* one file for all inputs */
	static char path[64];
	struct symbol_store *store;
	const struct symbol_file *file;

	if (fd < 0) {
		fd = memfd_create("elf", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	require(ftruncate(fd, 0) == 0 && pwrite(fd, data, bytes, 0) == (ssize_t)bytes);
	require(symbol_store_create(&store) == NULL);
	symbol_store_set_sources(store, &sources);
	struct error *err = symbol_store_get(store, path, path, &file);
	if (err == NULL) {
		check_functions(file);
		match_functions(file);
		find_lines(file, path);
		find_rows(file);
		find_code(file);
		find_frames(file);
	}
	error_free(err);
	symbol_store_destroy(store);
	return 0;
}

/* Numbers that are on the edge of something. */
static uint64_t choose_number(uint64_t old, size_t bytes)
{
	const uint64_t numbers[] = { 0,
				     1,
				     old + 1,
				     old - 1,
				     old * 2,
				     old / 2,
				     bytes,
				     bytes - 1,
				     1u << 31,
				     UINT32_MAX,
				     INT64_MAX,
				     UINT64_MAX,
				     (uint64_t)random(),
				     old ^ 1u << random() % 32,
				     0x1000,
				     UINT64_MAX - 4095 };

	return numbers[(size_t)random() % (sizeof(numbers) / sizeof(numbers[0]))];
}

/* Changes one number of @width bytes in the @size bytes at @offset, if that is in the file. */
static void change_number(uint8_t *data, size_t bytes, uint64_t offset, uint64_t size)
{
	static const size_t widths[] = { 1, 2, 4, 8 };
	size_t width = widths[random() % 4];
	uint64_t number = 0;

	if (size < width || offset > bytes || size > bytes - offset)
		return;
	uint8_t *at = data + offset + (uint64_t)random() % (size / width) * width;
	memcpy(&number, at, width);
	number = choose_number(number, bytes);
	memcpy(at, &number, width);
}

/* Somewhere in a section, or in its header. */
static void change_section(uint8_t *data, size_t bytes, const Elf64_Ehdr *header)
{
	Elf64_Shdr section;

	if (header->e_shnum == 0)
		return;
	uint64_t at = header->e_shoff + (uint64_t)random() % header->e_shnum * sizeof(section);
	if (at > bytes || bytes - at < sizeof(section))
		return;
	memcpy(&section, data + at, sizeof(section));
	if (random() % 3 == 0)
		change_number(data, bytes, at, sizeof(section));
	else if (section.sh_type != SHT_NOBITS)
		change_number(data, bytes, section.sh_offset, section.sh_size);
}

/* Blind changes mostly hit code, which nobody reads: these go where the format is. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t bytes_max, unsigned seed)
{
	Elf64_Ehdr header;

	srandom(seed);
	if (bytes < sizeof(header) || random() % 8 == 0)
		return LLVMFuzzerMutate(data, bytes, bytes_max);
	memcpy(&header, data, sizeof(header));
	for (long i = 1 + random() % 4; i > 0; i--) {
		switch (random() % 8) {
		case 0:
			change_number(data, bytes, 0, sizeof(header));
			break;
		case 1:
			change_number(data, bytes, header.e_phoff,
				      (uint64_t)header.e_phnum * sizeof(Elf64_Phdr));
			break;
		default:
			change_section(data, bytes, &header);
		}
	}
	return random() % 16 == 0 ? 1 + (size_t)random() % bytes : bytes;
}
