/* All files read so far; see symbol_file.h. Symbols layer. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbols/file/symbol_ahead.h"
#include "symbols/file/symbol_file_private.h"
#include "tracer/base/array.h"
#include "tracer/base/log.h"

struct store_entry {
	struct file_identity identity;
	struct symbol_file *file; /* owned; NULL: it cannot be read */
};

/* An ELF file of bytes that were given to us: a memfd(2). */
struct bytes_file {
	int fd;
	uint8_t *bytes; /* mapped, read-only */
	size_t count;
};

struct symbol_store {
	struct bytes_file *of_bytes;
	size_t of_bytes_count, of_bytes_capacity;
	struct store_entry *entries; /* a file that changed on disk has two */
	size_t count, capacity;
	struct symbol_sources sources;
	struct symbol_ahead ahead;
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
		symbol_file_destroy(store->entries[i].file);
	for (size_t i = 0; i < store->of_bytes_count; i++) {
		munmap(store->of_bytes[i].bytes, store->of_bytes[i].count);
		close(store->of_bytes[i].fd);
	}
	free(store->of_bytes);
	symbol_ahead_deinit(&store->ahead);
	free(store->entries);
	free(store);
}

void symbol_store_set_sources(struct symbol_store *store, const struct symbol_sources *sources)
{
	store->sources = *sources;
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

static const struct store_entry *symbol_store_find(const struct symbol_store *store,
						   const struct file_identity *identity)
{
	for (size_t i = 0; i < store->count; i++) {
		if (identity_equal(&store->entries[i].identity, identity))
			return &store->entries[i];
	}
	return NULL;
}

static bool place_fits(const struct elf_place *place, const struct stat *status)
{
	return place->inode == 0 || place->inode == status->st_ino;
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
		return error_new(ERR_FOREIGN, "%s is %s: give a compiled program or library", name,
				 S_ISDIR(ret_status->st_mode) ? "a directory" : "no regular file");
	}
	*ret_fd = fd;
	return NULL;
}

/* A server that cannot be asked is warned of once, and not asked again. */
static void symbol_store_heed_servers(struct symbol_store *store, const struct symbol_file *file)
{
	int errnum = file->origin.server_errnum;

	if (errnum == 0 || !store->sources.asks_servers)
		return;
	store->sources.asks_servers = false;
	if (errnum == ENOPKG)
		log_warning("no debuginfod server is asked: libdebuginfod.so.1 cannot be loaded; "
			    "install libdebuginfod1");
	else
		log_warning("the debuginfod servers in DEBUGINFOD_URLS cannot be asked: %s; going "
			    "on without them",
			    strerror(errnum));
}

struct error *symbol_store_get(struct symbol_store *store, const char *path, const char *name,
			       const struct symbol_file **ret)
{
	return symbol_store_get_at(store, &(struct elf_place){ path, name, "", 0 }, ret);
}

/* The file at @place, if it has been read; it is not even opened for that. */
static const struct store_entry *symbol_store_known(const struct symbol_store *store,
						    const struct elf_place *place)
{
	struct stat status;

	if (stat(place->path, &status) != 0 || !place_fits(place, &status))
		return NULL;
	struct file_identity identity = identity_of(&status);
	return symbol_store_find(store, &identity);
}

/* Opens the file at @place; its descriptor is the caller's. */
static struct error *symbol_store_request(const struct symbol_store *store,
					  const struct elf_place *place, struct symbol_request *ret)
{
	struct stat status = { 0 };
	int fd = -1;

	struct error *err = open_regular(place->path, place->name, &fd, &status);
	if (err != NULL)
		return err;
	if (!place_fits(place, &status)) {
		close(fd);
		return error_new(ERR_FAILED, "another file has just taken the place of %s",
				 place->name);
	}
	*ret = (struct symbol_request){ fd, *place, identity_of(&status), &store->sources };
	return NULL;
}

static struct error *symbol_store_reserve(struct symbol_store *store, size_t count)
{
	return array_reserve(&store->entries, &store->capacity, store->count + count,
			     sizeof(*store->entries));
}

struct error *symbol_store_get_at(struct symbol_store *store, const struct elf_place *place,
				  const struct symbol_file **ret)
{
	const struct store_entry *known = symbol_store_known(store, place);
	struct symbol_request request = { .fd = -1 };

	*ret = known != NULL ? known->file : NULL;
	if (known != NULL)
		return NULL;
	struct error *err = symbol_store_reserve(store, 1);
	if (err == NULL)
		err = symbol_store_request(store, place, &request);
	if (err != NULL)
		return err;
	struct store_entry *entry = &store->entries[store->count];
	*entry = (struct store_entry){ .identity = request.identity };
	err = symbol_file_read(&request, &entry->file);
	close(request.fd);
	if (err == NULL || error_code(err) == ERR_FORMAT || error_code(err) == ERR_FOREIGN)
		store->count++;
	if (err != NULL)
		return err;
	symbol_store_heed_servers(store, entry->file);
	*ret = entry->file;
	return NULL;
}

static struct error *bytes_file_open(const char *name, const uint8_t *bytes, size_t count,
				     struct bytes_file *ret)
{
	ret->fd = memfd_create(name, MFD_CLOEXEC);
	if (ret->fd < 0)
		return error_os(errno, "cannot make a file for %s", name);
	ret->count = count;
	ssize_t written = write(ret->fd, bytes, count);
	ret->bytes = written == (ssize_t)count
			     ? mmap(NULL, count, PROT_READ, MAP_SHARED, ret->fd, 0)
			     : MAP_FAILED;
	if (ret->bytes != MAP_FAILED)
		return NULL;
	/* A write that was cut short for lack of room has set no errno. */
	int saved = written >= 0 && written < (ssize_t)count ? ENOSPC : errno;
	close(ret->fd);
	return error_os(saved, "cannot keep a copy of %s", name);
}

struct error *symbol_store_get_bytes(struct symbol_store *store, const char *name,
				     const uint8_t *bytes, size_t count,
				     const struct symbol_file **ret)
{
	const struct bytes_file *known = NULL;
	char path[64];

	for (size_t i = 0; i < store->of_bytes_count && known == NULL; i++) {
		if (store->of_bytes[i].count == count &&
		    memcmp(store->of_bytes[i].bytes, bytes, count) == 0)
			known = &store->of_bytes[i];
	}
	if (known == NULL) {
		struct error *err =
			array_reserve(&store->of_bytes, &store->of_bytes_capacity,
				      store->of_bytes_count + 1, sizeof(*store->of_bytes));
		if (err == NULL)
			err = bytes_file_open(name, bytes, count,
					      &store->of_bytes[store->of_bytes_count]);
		if (err != NULL)
			return err;
		known = &store->of_bytes[store->of_bytes_count++];
	}
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), known->fd);
	return symbol_store_get(store, path, name, ret);
}

void symbol_store_want(struct symbol_store *store, const struct elf_place *place)
{
	struct symbol_request request = { .fd = -1 };

	/* A server may take long, and only one file is asked for if it cannot be reached. */
	if (store->sources.asks_servers || symbol_store_known(store, place) != NULL)
		return;
	struct error *err = symbol_store_request(store, place, &request);
	if (err == NULL && symbol_ahead_is_full(&store->ahead, &request))
		symbol_store_read_wanted(store);
	if (err == NULL)
		err = symbol_ahead_add(&store->ahead, &request);
	error_free(err); /* symbol_store_get_at will meet it again */
}

void symbol_store_read_wanted(struct symbol_store *store)
{
	struct symbol_file *files[SYMBOL_AHEAD_MAX];
	struct error *err = symbol_store_reserve(store, SYMBOL_AHEAD_MAX);
	size_t count = err == NULL ? symbol_ahead_read(&store->ahead, files) : 0;

	error_free(err);
	for (size_t i = 0; i < count; i++)
		store->entries[store->count++] =
			(struct store_entry){ files[i]->identity, files[i] };
}

bool symbol_file_place(const struct symbol_file *file, struct elf_place *ret)
{
	const struct elf_place places[] = { { file->place.path, file->name, file->place.root, 0 },
					    { file->name, file->name, "", 0 } };
	struct stat status;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (stat(places[i].path, &status) != 0)
			continue;
		struct file_identity identity = identity_of(&status);
		if (identity_equal(&identity, &file->identity)) {
			*ret = places[i];
			return true;
		}
	}
	return false;
}

struct error *symbol_file_open_lines(const struct symbol_file *file, struct line_reader **ret)
{
	struct elf_place place;

	return symbol_file_place(file, &place)
		       ? line_reader_open(&place, file->sources, ret)
		       : error_new(ERR_FAILED, "%s is no longer there", file->name);
}
