/*
 * From an ELF file to a symbol_file: header, segments, interpreter, symbols (symbols layer).
 *
 * A child of ours reads it, see isolate.h. Once it is read, neither the file nor libdwfl stays open.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols/elf/elf_sections.h"
#include "symbols/file/symbol_file_private.h"
#include "tracer/base/array.h"
#include "tracer/base/machine.h"

static struct error *script_error(const char *name, const char *head, size_t bytes)
{
	size_t skip = 2;

	while (skip < bytes && head[skip] == ' ')
		skip++;
	int length = (int)strcspn(head + skip, " \t\r\n");
	return error_new(
		ERR_FOREIGN,
		"%s is a script, run by %.*s: functions are found in that program, not in it", name,
		length, head + skip);
}

struct error *symbol_request_check(const struct symbol_request *request)
{
	const char *name = request->place.name;
	union {
		Elf64_Ehdr elf;
		char text[128];
	} head = { .text = "" };

	ssize_t bytes = pread(request->fd, &head, sizeof(head) - 1, 0);
	if (bytes < 0)
		return error_os(errno, "cannot read %s", name);
	if (bytes > 2 && head.text[0] == '#' && head.text[1] == '!')
		return script_error(name, head.text, (size_t)bytes);
	if (bytes < SELFMAG || memcmp(head.text, ELFMAG, SELFMAG) != 0)
		return error_new(ERR_FOREIGN,
				 "%s is no ELF file: give a compiled program or library", name);
	if (bytes < (ssize_t)sizeof(head.elf))
		return error_new(ERR_FORMAT, "%s is cut short: only %zd bytes of an ELF file", name,
				 bytes);
	if (head.elf.e_ident[EI_CLASS] != ELFCLASS64 || head.elf.e_ident[EI_DATA] != ELFDATA2LSB ||
	    head.elf.e_machine != MACHINE_ELF)
		return error_new(ERR_FOREIGN, "%s is for another machine: only %s can be traced",
				 name, MACHINE_NAME);
	if (head.elf.e_type == ET_REL)
		return error_new(ERR_FOREIGN, "%s is an object file: link it first", name);
	if (head.elf.e_type != ET_EXEC && head.elf.e_type != ET_DYN)
		return error_new(ERR_FOREIGN, "%s is an ELF file, but no program or library", name);
	return NULL;
}

static struct error *add_segment(struct symbol_file *file, size_t *capacity,
				 const GElf_Phdr *header)
{
	struct error *err = array_reserve(&file->segments, capacity, file->segment_count + 1,
					  sizeof(*file->segments));
	if (err != NULL)
		return err;
	/* The sum of start and size must not wrap around. */
	uint64_t room = UINT64_MAX - header->p_vaddr;
	file->segments[file->segment_count++] = (struct symbol_segment){
		.offset_bytes = header->p_offset,
		.start = taddr(header->p_vaddr),
		.file_bytes = header->p_filesz < room ? header->p_filesz : room,
		.memory_bytes = header->p_memsz < room ? header->p_memsz : room,
		.executable = (header->p_flags & PF_X) != 0,
	};
	return NULL;
}

static struct error *set_interpreter(struct symbol_file *file, Elf *elf, const GElf_Phdr *header)
{
	Elf_Data *data =
		elf_getdata_rawchunk(elf, (int64_t)header->p_offset, header->p_filesz, ELF_T_BYTE);

	if (data == NULL || data->d_size == 0 || file->interpreter != NULL)
		return NULL;
	file->interpreter = strndup(data->d_buf, data->d_size);
	return file->interpreter ? NULL : error_no_memory();
}

static bool has_debug_info(Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	const char *name;

	while ((name = elf_section_next(elf, &section, &header)) != NULL) {
		if (strcmp(name, ".debug_info") == 0)
			return true;
	}
	return false;
}

static int segment_compare(const void *left, const void *right)
{
	const struct symbol_segment *a = left, *b = right;

	return (a->start.value > b->start.value) - (a->start.value < b->start.value);
}

static struct error *read_segments(struct symbol_file *file, Elf *elf)
{
	size_t count = 0, capacity = 0;
	struct error *err = NULL;
	GElf_Phdr header;

	if (elf_getphdrnum(elf, &count) != 0)
		count = 0;
	for (size_t i = 0; i < count && err == NULL; i++) {
		if (gelf_getphdr(elf, (int)i, &header) == NULL)
			break;
		if (header.p_type == PT_LOAD)
			err = add_segment(file, &capacity, &header);
		else if (header.p_type == PT_INTERP)
			err = set_interpreter(file, elf, &header);
	}
	if (err == NULL && file->segment_count == 0)
		err = error_new(ERR_FORMAT, "it has no loadable segment");
	if (err == NULL)
		qsort(file->segments, file->segment_count, sizeof(*file->segments),
		      segment_compare);
	return err;
}

static struct error *read_origin(struct symbol_file *file, const struct dwfl_session *session)
{
	const unsigned char *build_id;
	size_t bytes = dwfl_session_build_id(session, &build_id);
	const char *debug_path = dwfl_session_debug_path(session, &file->origin.server_errnum);
	char *hex = bytes > 0 ? malloc(2 * bytes + 1) : NULL;
	char *path = debug_path != NULL ? strdup(debug_path) : NULL;

	file->origin.build_id = hex;
	file->origin.debug_path = path;
	if ((bytes > 0 && hex == NULL) || (debug_path != NULL && path == NULL))
		return error_no_memory();
	for (size_t i = 0; i < bytes; i++)
		sprintf(hex + 2 * i, "%02x", build_id[i]);
	return NULL;
}

static void origin_deinit(struct symbol_origin *origin)
{
	free((char *)origin->build_id);
	free((char *)origin->debug_path);
}

static struct error *read_excluded(struct symbol_file *file, Elf *elf)
{
	struct excluded_code excluded = { 0 };
	struct error *err = excluded_code_read(&excluded, elf);

	file->excluded = excluded.ranges;
	file->excluded_count = excluded.count;
	return err;
}

/* Where a thread may be cancelled: between these labels of glibc (2.41 on) and of musl. */
static void find_cancellation(struct symbol_file *file)
{
	static const char *const labels[][2] = {
		{ "__syscall_cancel_arch_start", "__syscall_cancel_arch_end" },
		{ "__cp_begin", "__cp_end" },
	};
	taddr_t start, end;

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		if (symbol_file_find(file, labels[i][0], &start) &&
		    symbol_file_find(file, labels[i][1], &end))
			file->cancellation = (struct excluded_range){ start.value, end.value,
								      CODE_OF_CANCELLATION };
	}
}

static struct error *symbol_file_load(struct symbol_file *file, struct dwfl_session *session,
				      bool reads_unnamed)
{
	struct error *err = read_segments(file, dwfl_session_elf(session));
	file->has_debug_info = has_debug_info(dwfl_session_elf(session));
	if (err == NULL)
		err = symtab_init(&file->symtab, session, reads_unnamed, file->segments,
				  file->segment_count, &file->origin.kind);
	if (err == NULL)
		err = usdt_table_read(&file->usdt, dwfl_session_elf(session));
	if (err == NULL)
		err = read_excluded(file, dwfl_session_elf(session));
	if (err == NULL)
		err = read_origin(file, session);
	return err;
}

struct error *symbol_request_read(const struct symbol_request *request, FILE *out,
				  uint64_t *ret_bytes)
{
	struct symbol_file file = { 0 };
	struct dwfl_session *session;

	int fd = dup(request->fd);
	if (fd < 0)
		return error_os(errno, "read it");
	struct error *err = dwfl_session_open(fd, &request->place, request->sources, &session);
	if (err != NULL)
		return err;
	err = symbol_file_load(&file, session, request->sources->reads_unnamed);
	if (err == NULL)
		*ret_bytes = symbol_file_send(&file, out);
	origin_deinit(&file.origin);
	symtab_deinit(&file.symtab);
	usdt_table_deinit(&file.usdt);
	free(file.excluded);
	free(file.segments);
	free(file.interpreter);
	dwfl_session_close(session);
	return err;
}

static struct error *read_isolated(void *context, FILE *out)
{
	uint64_t bytes;

	return symbol_request_read(context, out, &bytes);
}

struct error *symbol_file_create(const struct symbol_request *request, char *data, size_t bytes,
				 struct symbol_file **ret)
{
	struct symbol_file *file = calloc(1, sizeof(*file));
	struct error *err = NULL;

	if (file == NULL)
		return error_no_memory();
	file->identity = request->identity;
	file->name = strdup(request->place.name);
	file->sources = request->sources;
	file->place.path = strdup(request->place.path);
	file->place.root = strdup(request->place.root);
	file->labels = calloc(1, sizeof(*file->labels));
	file->homonyms = calloc(1, sizeof(*file->homonyms));
	if (file->name == NULL || file->place.path == NULL || file->place.root == NULL ||
	    file->labels == NULL || file->homonyms == NULL)
		err = error_no_memory();
	if (err == NULL)
		err = symbol_file_receive(file, data, bytes);
	if (err != NULL) {
		symbol_file_destroy(file);
		return err;
	}
	find_cancellation(file);
	*ret = file;
	return NULL;
}

struct error *symbol_file_read(struct symbol_request *request, struct symbol_file **ret)
{
	struct isolated sent = { 0 };
	struct error *err = symbol_request_check(request);

	if (err != NULL)
		return err;
	err = isolate_run(read_isolated, request, &READING_LIMITS, &sent);
	if (err == NULL)
		err = symbol_file_create(request, sent.data, sent.bytes, ret);
	if (err == NULL)
		(*ret)->received = sent;
	else
		isolated_deinit(&sent);
	return error_context(err, "cannot read the functions of %s", request->place.name);
}

void symbol_file_destroy(struct symbol_file *file)
{
	if (file == NULL)
		return;
	if (file->labels != NULL) {
		size_t cursor = 0;
		char *label;
		while ((label = addr_map_next(file->labels, &cursor)) != NULL)
			free(label);
		addr_map_deinit(file->labels);
		free(file->labels);
	}
	if (file->homonyms != NULL)
		addr_map_deinit(file->homonyms);
	free(file->homonyms);
	free((char *)file->place.path);
	free((char *)file->place.root);
	isolated_deinit(&file->received);
	free(file->name);
	free(file);
}
