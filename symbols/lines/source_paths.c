/* Paths of source files; see source_paths.h. Symbols layer. */
#include "symbols/lines/source_paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

struct error *source_paths_add(struct source_paths *paths, const char *text, size_t bytes,
			       uint32_t *ret)
{
	if (paths->bytes + bytes + 1 > UINT32_MAX)
		return error_new(ERR_FORMAT, "it names too many source files");
	struct error *err = array_reserve(&paths->text, &paths->capacity, paths->bytes + bytes + 1,
					  sizeof(*paths->text));
	if (err != NULL)
		return err;
	memcpy(paths->text + paths->bytes, text, bytes);
	paths->text[paths->bytes + bytes] = '\0';
	*ret = (uint32_t)paths->bytes;
	paths->bytes += bytes + 1;
	return NULL;
}

static struct error *find_path(struct source_paths *paths, const char *path, uint32_t *ret)
{
	const uint64_t hash = addr_map_text_key(path, strlen(path));
	uintptr_t known = (uintptr_t)addr_map_get(&paths->of_hash, hash);

	if (known != 0 && strcmp(paths->text + known - 1, path) == 0) {
		*ret = (uint32_t)(known - 1);
		return NULL;
	}
	struct error *err = source_paths_add(paths, path, strlen(path), ret);
	return err ? err : addr_map_put(&paths->of_hash, hash, (void *)((uintptr_t)*ret + 1));
}

static struct error *find_whole_path(struct source_paths *paths, const char *path, uint32_t *ret)
{
	char *whole;

	if (path[0] == '/' || paths->base == NULL || paths->base[0] != '/')
		return find_path(paths, path, ret);
	if (asprintf(&whole, "%s/%s", paths->base, path) < 0)
		return error_no_memory();
	struct error *err = find_path(paths, whole, ret);
	free(whole);
	return err;
}

/* Each unit has texts of its own for the same path. */
struct error *source_paths_need(struct source_paths *paths, const char *path, uint32_t *ret)
{
	uintptr_t known = (uintptr_t)addr_map_get(&paths->places, (uintptr_t)path);

	if (known != 0) {
		*ret = (uint32_t)(known - 1);
		return NULL;
	}
	struct error *err = find_whole_path(paths, path, ret);
	return err ? err
		   : addr_map_put(&paths->places, (uintptr_t)path, (void *)((uintptr_t)*ret + 1));
}

char *source_paths_finish(struct source_paths *paths, size_t *ret_bytes)
{
	char *text = paths->text;

	*ret_bytes = paths->bytes;
	addr_map_deinit(&paths->places);
	addr_map_deinit(&paths->of_hash);
	*paths = (struct source_paths){ 0 };
	return text;
}
