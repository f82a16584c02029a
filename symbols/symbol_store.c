/* All files read so far; see symbol_file.h. Symbols layer. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbols/symbol_file_private.h"
#include "tracer/base/array.h"

struct symbol_store {
	struct symbol_file **files; /* owned; a file that changed on disk has two entries */
	size_t count, capacity;
};

struct error *symbol_store_create(struct symbol_store **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret ? NULL : error_no_memory();
}

void symbol_store_destroy(struct symbol_store *store)
{
	if (store == NULL)
		return;
	for (size_t i = 0; i < store->count; i++)
		symbol_file_destroy(store->files[i]);
	free(store->files);
	free(store);
}

static bool identity_equal(const struct file_identity *a, const struct file_identity *b)
{
	return a->device == b->device && a->inode == b->inode && a->size_bytes == b->size_bytes &&
	       a->modified.tv_sec == b->modified.tv_sec &&
	       a->modified.tv_nsec == b->modified.tv_nsec;
}

static struct file_identity identity_of(const struct stat *status)
{
	return (struct file_identity){ status->st_dev, status->st_ino, status->st_mtim,
				       status->st_size };
}

static const struct symbol_file *symbol_store_find(const struct symbol_store *store,
						   const struct file_identity *identity)
{
	for (size_t i = 0; i < store->count; i++) {
		if (identity_equal(&store->files[i]->identity, identity))
			return store->files[i];
	}
	return NULL;
}

/* Opens a regular file: a FIFO would wait for a writer, a device might do anything. */
static struct error *open_regular(const char *path, const char *name, int *ret_fd,
				  struct stat *ret_status)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return error_os(errno, "cannot open %s", name);
	if (fstat(fd, ret_status) != 0) {
		int saved = errno;
		close(fd);
		return error_os(saved, "cannot read %s", name);
	}
	if (!S_ISREG(ret_status->st_mode)) {
		close(fd);
		return error_new(ERR_FORMAT, "%s is %s: give a compiled program or library", name,
				 S_ISDIR(ret_status->st_mode) ? "a directory" : "no regular file");
	}
	*ret_fd = fd;
	return NULL;
}

struct error *symbol_store_get(struct symbol_store *store, const char *path, const char *name,
			       const struct symbol_file **ret)
{
	struct stat status;
	int fd = -1;

	/* A file known already is not even opened. */
	if (stat(path, &status) == 0) {
		struct file_identity identity = identity_of(&status);
		*ret = symbol_store_find(store, &identity);
		if (*ret != NULL)
			return NULL;
	}
	struct error *err = open_regular(path, name, &fd, &status);
	if (err != NULL)
		return err;
	err = array_reserve(&store->files, &store->capacity, store->count + 1,
			    sizeof(struct symbol_file *));
	if (err != NULL) {
		close(fd);
		return err;
	}
	struct file_identity identity = identity_of(&status);
	err = symbol_file_read(fd, path, name, &identity, &store->files[store->count]);
	if (err == NULL)
		*ret = store->files[store->count++];
	return err;
}

const char *symbol_file_path(const struct symbol_file *file)
{
	const char *const paths[] = { file->path, file->name };
	struct stat status;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (stat(paths[i], &status) != 0)
			continue;
		struct file_identity identity = identity_of(&status);
		if (identity_equal(&identity, &file->identity))
			return paths[i];
	}
	return NULL;
}

struct error *symbol_file_open_lines(const struct symbol_file *file, struct line_reader **ret)
{
	const char *path = symbol_file_path(file);

	return path ? line_reader_open(path, ret)
		    : error_new(ERR_FAILED, "%s is no longer there", file->name);
}
