/* Where debug files are; see dwarf_search.h. Symbols layer. */
#include "symbols/elf/dwarf_search.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <elfutils/libdwelf.h>
#include <zlib.h>

#include "symbols/elf/debuginfod.h"
#include "symbols/place/root_open.h"
#include "tracer/base/error.h"

static const char DEBUG_DIR[] = "/usr/lib/debug";

struct dwarf_search {
	const struct elf_place *place;
	const struct symbol_sources *sources;
	const struct debug_wanted *wanted;
	char *directory; /* of the file, below its root; NULL: not known */
	char hex[2 * 64 + 1];
	struct debug_found *found;
};

static bool file_has_build_id(int fd, const struct debug_wanted *wanted)
{
	const void *found;
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);

	if (elf == NULL)
		return false;
	ssize_t bytes = dwelf_elf_gnu_build_id(elf, &found);
	bool same = bytes > 0 && (size_t)bytes == wanted->build_id_bytes &&
		    memcmp(found, wanted->build_id, (size_t)bytes) == 0;
	elf_end(elf);
	return same;
}

/* The checksum of .gnu_debuglink is that of zlib. No debug file is so large that it cannot be read to its end. */
static bool file_has_crc(int fd, off_t bytes, uint32_t wanted)
{
	static const off_t BYTES_MAX = INT64_C(4) << 30;
	unsigned char block[65536];
	uLong crc = crc32(0, NULL, 0);
	off_t at = 0;
	ssize_t got;

	if (bytes > BYTES_MAX)
		return false;
	while ((got = pread(fd, block, sizeof(block), at)) > 0) {
		crc = crc32(crc, block, (uInt)got);
		at += got;
	}
	return got == 0 && crc == wanted;
}

/* Opens the file at the printf-made path below @root if it is the one. */
PRINTF_LIKE(3, 4)
static bool dwarf_search_try(struct dwarf_search *search, const char *root, const char *format, ...)
{
	const struct debug_wanted *wanted = search->wanted;
	struct stat status;
	char *below, *path;
	va_list args;

	va_start(args, format);
	int length = vasprintf(&below, format, args);
	va_end(args);
	if (length < 0)
		return false;
	length = asprintf(&path, "%s%s", root, below);
	int fd = length < 0 ? -1 : root_open(root, below, 0);
	free(below);
	if (fd >= 0 && fstat(fd, &status) == 0 &&
	    (wanted->build_id_bytes > 0 ? file_has_build_id(fd, wanted)
					: file_has_crc(fd, status.st_size, wanted->crc))) {
		search->found->fd = fd;
		search->found->path = path;
		return true;
	}
	if (fd >= 0)
		close(fd);
	if (length >= 0)
		free(path);
	return false;
}

/* A directory in which the debug files of a whole system lie, such as /usr/lib/debug. */
static bool dwarf_search_try_tree(struct dwarf_search *search, const char *root, int length,
				  const char *directory)
{
	const char *link = search->wanted->link;

	if (search->hex[0] != '\0' &&
	    dwarf_search_try(search, root, "%.*s/.build-id/%.2s/%s.debug", length, directory,
			     search->hex, search->hex + 2))
		return true;
	return link != NULL && search->directory != NULL &&
	       dwarf_search_try(search, root, "%.*s%s/%s", length, directory, search->directory,
				link);
}

/* The file's own surroundings, below @root. */
static bool dwarf_search_try_beside(struct dwarf_search *search, const char *root)
{
	const char *link = search->wanted->link;

	if (link == NULL || search->directory == NULL)
		return false;
	return dwarf_search_try(search, root, "%s/%s", search->directory, link) ||
	       dwarf_search_try(search, root, "%s/.debug/%s", search->directory, link);
}

static bool dwarf_search_try_dirs(struct dwarf_search *search)
{
	const char *next = search->sources->debug_dirs;

	while (next != NULL && *next != '\0') {
		int length = (int)strcspn(next, ":");
		if (length > 0 && dwarf_search_try_tree(search, "", length, next))
			return true;
		next += length + (next[length] == ':');
	}
	return false;
}

static bool dwarf_search_try_root(struct dwarf_search *search, const char *root)
{
	return dwarf_search_try_beside(search, root) ||
	       dwarf_search_try_tree(search, root, (int)strlen(DEBUG_DIR), DEBUG_DIR);
}

/* There the file itself may stand, too, as it was before it was stripped. */
static bool dwarf_search_try_sysroot(struct dwarf_search *search, const char *sysroot)
{
	const char *slash = strrchr(search->place->name, '/');

	if (dwarf_search_try_root(search, sysroot))
		return true;
	return search->directory != NULL && slash != NULL && search->hex[0] != '\0' &&
	       dwarf_search_try(search, sysroot, "%s%s", search->directory, slash);
}

static bool dwarf_search_try_alt(struct dwarf_search *search)
{
	const char *path = search->wanted->alt_path, *from = search->wanted->alt_from;
	const char *slash = from ? strrchr(from, '/') : NULL, *root = search->place->root;
	const size_t root_bytes = strlen(root);

	if (path == NULL || search->hex[0] == '\0')
		return false;
	if (path[0] == '/')
		return dwarf_search_try(search, root, "%s", path) ||
		       dwarf_search_try(search, "", "%s", path);
	if (slash == NULL)
		return false;
	if (strncmp(from, root, root_bytes) != 0 || from[root_bytes] != '/')
		return dwarf_search_try(search, "", "%.*s/%s", (int)(slash - from), from, path);
	from += root_bytes;
	return dwarf_search_try(search, root, "%.*s/%s", (int)(slash - from), from, path);
}

static bool dwarf_search_try_places(struct dwarf_search *search)
{
	const char *sysroot = search->sources->sysroot, *root = search->place->root;

	if (dwarf_search_try_dirs(search) || dwarf_search_try_alt(search))
		return true;
	if (sysroot != NULL && dwarf_search_try_sysroot(search, sysroot))
		return true;
	return (root[0] != '\0' && dwarf_search_try_root(search, root)) ||
	       dwarf_search_try_root(search, "");
}

static bool dwarf_search_ask(struct dwarf_search *search)
{
	const struct debug_wanted *wanted = search->wanted;

	if (!search->sources->asks_servers || wanted->build_id_bytes == 0)
		return false;
	int fd = debuginfod_fetch(search->sources, wanted->build_id, wanted->build_id_bytes,
				  &search->found->path);
	if (fd < 0) {
		search->found->server_errnum = fd == -ENOENT ? 0 : -fd;
		return false;
	}
	search->found->fd = fd;
	return true;
}

/* The directory of the file without symbolic links; what a process has mapped has none. */
static char *place_directory(const struct elf_place *place)
{
	char *path = place->root[0] == '\0' ? realpath(place->name, NULL) : strdup(place->name);
	char *slash = path ? strrchr(path, '/') : NULL;

	if (slash == NULL || path[0] != '/') {
		free(path);
		return NULL;
	}
	*slash = '\0';
	return path;
}

bool dwarf_search_find(const struct elf_place *place, const struct symbol_sources *sources,
		       const struct debug_wanted *wanted, struct debug_found *ret)
{
	struct debug_wanted safe = *wanted;
	struct dwarf_search search = { place, sources, &safe, NULL, "", ret };

	*ret = (struct debug_found){ .fd = -1 };
	/* A name with a slash would lead anywhere. */
	if (safe.link != NULL && (strchr(safe.link, '/') != NULL || safe.link[0] == '\0'))
		safe.link = NULL;
	if (safe.build_id_bytes > sizeof(search.hex) / 2)
		return false;
	for (size_t i = 0; i < safe.build_id_bytes; i++)
		sprintf(search.hex + 2 * i, "%02x", safe.build_id[i]);
	search.directory = place_directory(place);
	bool found = dwarf_search_try_places(&search) || dwarf_search_ask(&search);
	free(search.directory);
	return found;
}
