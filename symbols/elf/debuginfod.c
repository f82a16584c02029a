/* A client of debuginfod servers; see debuginfod.h. Symbols layer. */
#include "symbols/elf/debuginfod.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The part of libdebuginfod that is used, as debuginfod_find_debuginfo(3) gives it. */
struct debuginfod_client;
typedef int (*debuginfod_progress_fn)(struct debuginfod_client *client, long done, long total);
struct debuginfod_library {
	struct debuginfod_client *(*begin)(void);
	void (*end)(struct debuginfod_client *client);
	int (*find_debuginfo)(struct debuginfod_client *client, const unsigned char *build_id,
			      int bytes, char **ret_path);
	void (*set_progressfn)(struct debuginfod_client *client, debuginfod_progress_fn progress);
	void (*set_user_data)(struct debuginfod_client *client, void *data);
	void *(*get_user_data)(struct debuginfod_client *client);
};

bool debuginfod_is_configured(void)
{
	const char *urls = getenv("DEBUGINFOD_URLS");

	return urls != NULL && urls[strspn(urls, " ")] != '\0';
}

static bool library_symbol(void *handle, const char *name, void *ret)
{
	void *symbol = dlsym(handle, name);

	memcpy(ret, &symbol, sizeof(symbol)); /* POSIX: an object pointer may be a function's */
	return symbol != NULL;
}

/* It stays loaded: a second dlopen is free, and web libraries do not like to be unloaded. */
static bool library_load(struct debuginfod_library *library)
{
	void *handle = dlopen("libdebuginfod.so.1", RTLD_NOW | RTLD_LOCAL);

	return handle != NULL && library_symbol(handle, "debuginfod_begin", &library->begin) &&
	       library_symbol(handle, "debuginfod_end", &library->end) &&
	       library_symbol(handle, "debuginfod_find_debuginfo", &library->find_debuginfo) &&
	       library_symbol(handle, "debuginfod_set_progressfn", &library->set_progressfn) &&
	       library_symbol(handle, "debuginfod_set_user_data", &library->set_user_data) &&
	       library_symbol(handle, "debuginfod_get_user_data", &library->get_user_data);
}

/* The library gives a callback its client and nothing else, and that has our sources. */
static int client_progress(struct debuginfod_client *client, long done, long total)
{
	struct debuginfod_library library;

	if (!library_load(&library))
		return 0;
	const struct symbol_sources *sources = library.get_user_data(client);
	sources->progress(sources->progress_data, done > 0 ? (uint64_t)done : 0,
			  total > 0 ? (uint64_t)total : 0);
	return 0; /* go on */
}

int debuginfod_fetch(const struct symbol_sources *sources, const unsigned char *build_id,
		     size_t bytes, char **ret_path)
{
	struct debuginfod_library library;

	if (!library_load(&library))
		return -ENOPKG;
	struct debuginfod_client *client = library.begin();
	if (client == NULL)
		return -ENOMEM;
	if (sources->progress != NULL) {
		library.set_user_data(client, (void *)sources);
		library.set_progressfn(client, client_progress);
	}
	int fd = library.find_debuginfo(client, build_id, (int)bytes, ret_path);
	library.end(client);
	if (sources->progress != NULL)
		sources->progress(sources->progress_data, 1, 1);
	return fd;
}
