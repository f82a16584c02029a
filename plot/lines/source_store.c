/* The text of source files; see source_store.h. Plot layer. */
#include "plot/lines/source_store.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plot/lines/source_file.h"
#include "plot/profile/text_pool.h"
#include "tracer/base/array.h"
#include "tracer/base/utf8.h"

/* What is kept of all files together: a profile may name any number of them. */
static const size_t BYTES_MOST = (size_t)1 << 28;

struct stored_source {
	struct source_text text;
	struct source_file file;
	char *found; /* where; NULL: nowhere */
	bool is_read;
};

struct source_store {
	const char *const *dirs;
	size_t dir_count;
	struct text_pool paths;
	struct stored_source *sources; /* one for each path */
	size_t count, capacity;
	size_t bytes; /* of all that are read */
};

struct error *source_store_create(const char *const *dirs, size_t count, struct source_store **ret)
{
	*ret = calloc(1, sizeof(**ret));
	if (*ret == NULL)
		return error_no_memory();
	(*ret)->dirs = dirs;
	(*ret)->dir_count = count;
	return NULL;
}

static void stored_source_forget(struct stored_source *source)
{
	source_file_deinit(&source->file);
	free(source->found);
	*source = (struct stored_source){ 0 };
}

static void source_store_forget(struct source_store *store)
{
	for (size_t i = 0; i < store->count; i++)
		stored_source_forget(&store->sources[i]);
	store->bytes = 0;
}

void source_store_destroy(struct source_store *store)
{
	if (store == NULL)
		return;
	source_store_forget(store);
	free(store->sources);
	text_pool_deinit(&store->paths);
	free(store);
}

/* The next shorter end of a path: behind its next '/'. NULL: there is none. */
static const char *shorter_end(const char *path)
{
	const char *slash = strchr(path, '/');

	return slash == NULL ? NULL : slash + 1;
}

static bool is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Where the file is; what is longer than any path is nowhere. */
static struct error *find(const struct source_store *store, const char *path, char **ret)
{
	char candidate[PATH_MAX];
	bool is_found = false;

	for (size_t i = 0; i < store->dir_count && !is_found; i++) {
		const char *end = path;
		do {
			if (*end == '/' || strncmp(end, "../", 3) == 0)
				continue;
			int bytes = snprintf(candidate, sizeof(candidate), "%s/%s", store->dirs[i],
					     end);
			is_found = bytes > 0 && (size_t)bytes < sizeof(candidate) &&
				   is_file(candidate);
		} while (!is_found && (end = shorter_end(end)) != NULL);
	}
	*ret = strdup(is_found ? candidate : path);
	return *ret != NULL ? NULL : error_no_memory();
}

static struct error *stored_source_read(const struct source_store *store, const char *path,
					struct stored_source *source)
{
	struct error *err = find(store, path, &source->found);

	if (err == NULL)
		err = source_file_read(source->found, &source->text.why, &source->file);
	if (err != NULL)
		return err;
	source->is_read = true;
	source->text.path = source->found;
	source->text.modified_ns = source->file.modified_ns;
	source->text.line_count = source->file.line_count;
	return NULL;
}

struct error *source_store_get(struct source_store *store, const char *path,
			       const struct source_text **ret)
{
	int32_t number;
	struct error *err = text_pool_need(&store->paths, path, &number);

	if (err == NULL)
		err = array_reserve(&store->sources, &store->capacity, (size_t)number + 1,
				    sizeof(*store->sources));
	if (err != NULL)
		return err;
	while (store->count <= (size_t)number)
		store->sources[store->count++] = (struct stored_source){ 0 };
	struct stored_source *source = &store->sources[number];
	if (!source->is_read) {
		if (store->bytes > BYTES_MOST)
			source_store_forget(store);
		err = stored_source_read(store, path, source);
		if (err != NULL)
			return err;
		store->bytes += source->file.byte_count +
				source->file.line_count * sizeof(*source->file.ends);
	}
	*ret = &source->text;
	return NULL;
}

char *source_text_line(const struct source_text *text, uint32_t line)
{
	static const char replacement[] = "\xef\xbf\xbd", ellipsis[] = "\xe2\x80\xa6";
	enum { BYTES_READ_MOST = 4096 };
	/* It is the first of what it lies in. */
	const struct stored_source *source = (const struct stored_source *)text;
	size_t bytes, out = 0;
	const char *from = source_file_line(&source->file, line, &bytes);
	const bool is_cut = bytes > BYTES_READ_MOST;

	if (is_cut)
		bytes = BYTES_READ_MOST;
	char *clean = malloc(bytes * (sizeof(replacement) - 1) + sizeof(ellipsis));
	if (clean == NULL)
		return NULL;
	for (size_t at = 0, length; at < bytes; at += length) {
		uint32_t c;
		length = utf8_decode(from + at, bytes - at, &c);
		bool is_bad = length == 0 || (character_is_control(c) && c != '\t');
		if (length == 0 && is_cut && bytes - at < UTF8_MAX_BYTES)
			break; /* a letter that is cut itself */
		const char *piece = is_bad ? replacement : from + at;
		size_t piece_bytes = is_bad ? sizeof(replacement) - 1 : length;
		memcpy(clean + out, piece, piece_bytes);
		out += piece_bytes;
		if (length == 0)
			length = 1;
	}
	if (is_cut)
		memcpy(clean + out, ellipsis, sizeof(ellipsis));
	else
		clean[out] = '\0';
	return clean;
}
