/* Names of code made at run time; see jit_names.h. Loop layer. */
#include "tracer/loop/stacks/jit_names.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbols/place/root_open.h"
#include "tracer/base/array.h"
#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/base/utf8.h"
#include "tracer/proc/process_facts.h"

enum {
	PART_BYTES = 4 << 20, /* that are read at once */
	FILE_BYTES_MAX = 128 << 20,
	SYMBOLS_MAX = 1 << 20,
	NAME_BYTES_MAX = 1000,
	OVERLAPS_MAX = 64, /* lines that are looked at for one address */
	COST_FACTOR = 50,
};

void jit_names_deinit(struct jit_names *names)
{
	free(names->symbols);
	free(names->texts);
	*names = (struct jit_names){ 0 };
}

static int symbol_compare(const void *left, const void *right)
{
	const struct jit_symbol *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->name > b->name) - (a->name < b->name);
}

static struct error *add_symbol(struct jit_names *names, uint64_t start, uint64_t size,
				const char *name)
{
	const size_t length = strnlen(name, NAME_BYTES_MAX);

	struct error *err = array_reserve(&names->symbols, &names->capacity, names->count + 1,
					  sizeof(*names->symbols));
	if (err == NULL)
		err = array_reserve(&names->texts, &names->text_capacity,
				    names->text_bytes + length + 1, 1);
	if (err != NULL)
		return err;
	char *text = names->texts + names->text_bytes;
	memcpy(text, name, length);
	text[length] = '\0';
	text_sanitize(text);
	names->symbols[names->count++] =
		(struct jit_symbol){ start, start + size, (uint32_t)names->text_bytes };
	names->text_bytes += length + 1;
	return NULL;
}

/* One line, without its end. What is none is skipped, as perf does. */
static struct error *add_line(struct jit_names *names, const char *line)
{
	char *end;

	if (!isxdigit((unsigned char)line[0]))
		return NULL;
	const uint64_t start = strtoull(line, &end, 16);
	if (*end != ' ' || !isxdigit((unsigned char)end[1]))
		return NULL;
	const uint64_t size = strtoull(end + 1, &end, 16);
	if (*end != ' ' || end[1] == '\0' || size == 0 || size > UINT64_MAX - start)
		return NULL;
	return add_symbol(names, start, size, end + 1);
}

/* All whole lines of @part, which has room for a NUL behind it; *@ret_used: their bytes. */
static struct error *add_lines(struct jit_names *names, char *part, size_t bytes, size_t *ret_used)
{
	struct error *err = NULL;
	char *end;

	*ret_used = 0;
	while (err == NULL && names->count < SYMBOLS_MAX &&
	       (end = memchr(part + *ret_used, '\n', bytes - *ret_used)) != NULL) {
		*end = '\0';
		err = add_line(names, part + *ret_used);
		*ret_used = (size_t)(end + 1 - part);
	}
	return err;
}

static struct error *read_part(struct jit_names *names, int fd, uint64_t bytes)
{
	const size_t wanted = bytes < PART_BYTES ? (size_t)bytes : PART_BYTES;
	char *part = malloc(wanted + 1);
	size_t used = 0;

	if (part == NULL)
		return error_no_memory();
	const ssize_t got = pread(fd, part, wanted, (off_t)names->read_bytes);
	struct error *err = got <= 0 ? NULL : add_lines(names, part, (size_t)got, &used);
	free(part);
	names->read_bytes += used;
	/* The last line may be written in two halves, but none is as long as that. */
	names->is_given_up = (got == PART_BYTES && used == 0) || names->count == SYMBOLS_MAX ||
			     names->read_bytes >= FILE_BYTES_MAX;
	if (names->count > 0)
		qsort(names->symbols, names->count, sizeof(*names->symbols), symbol_compare);
	return err;
}

static bool is_believed(struct jit_names *names, const struct stat *file, uid_t user)
{
	names->is_given_up = !S_ISREG(file->st_mode) || (file->st_uid != user && file->st_uid != 0);
	if (names->is_given_up)
		log_debug("names of code made at run time are not read: the file perf-*.map is not "
			  "one "
			  "of the program's user");
	return !names->is_given_up;
}

static void read_file(struct jit_names *names, int fd, uid_t user)
{
	struct stat file;

	if (fstat(fd, &file) != 0 || !is_believed(names, &file, user))
		return;
	/* Another program of that number, or one that has begun anew. */
	if (file.st_dev != names->device || file.st_ino != names->inode ||
	    (uint64_t)file.st_size < names->read_bytes) {
		jit_names_deinit(names);
		names->device = file.st_dev;
		names->inode = file.st_ino;
	}
	if ((uint64_t)file.st_size > names->read_bytes)
		error_free(read_part(names, fd, (uint64_t)file.st_size - names->read_bytes));
}

void jit_names_update(struct jit_names *names, pid_t tid)
{
	const int64_t begun_ns = clock_now_ns();
	struct process_facts facts;
	char root[64], path[64];

	if (names->is_given_up || begun_ns < names->look_next_ns)
		return;
	struct error *err = process_facts_read(tid, &facts);
	if (err == NULL) {
		snprintf(root, sizeof(root), "/proc/%d/root", tid);
		snprintf(path, sizeof(path), "/tmp/perf-%d.map", facts.own_group);
		const int fd = root_open(root, path, O_NOFOLLOW);
		if (fd >= 0) {
			read_file(names, fd, (uid_t)facts.user);
			close(fd);
		}
	}
	error_free(err);
	const int64_t now_ns = clock_now_ns();
	names->look_next_ns = now_ns + COST_FACTOR * (now_ns - begun_ns);
}

const char *jit_names_name(const struct jit_names *names, taddr_t pc)
{
	const struct jit_symbol *found = NULL;
	size_t first = 0, end = names->count;

	while (first < end) {
		const size_t middle = first + (end - first) / 2;
		if (names->symbols[middle].start <= pc.value)
			first = middle + 1;
		else
			end = middle;
	}
	/* Memory is used again for other functions. */
	for (size_t i = first; i > 0 && first - i < OVERLAPS_MAX; i--) {
		const struct jit_symbol *symbol = &names->symbols[i - 1];
		if (pc.value < symbol->end && (found == NULL || symbol->name > found->name))
			found = symbol;
	}
	return found == NULL ? NULL : names->texts + found->name;
}
