/* Keeps an image's modules as the process's mappings are; see modules.h. Probe layer. */
#include "tracer/probe/modules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tracer/base/array.h"
#include "tracer/base/log.h"

/* The program may change the protection of a part of it: the mapping is split, the code the same. */
static bool module_is_mapped(const struct module *module, const struct mapping *m)
{
	return m != NULL && module->device == m->device && module->inode == m->inode;
}

/* A file's executable mapping. Deleted files too: their code still runs. */
static bool mapping_is_module(const struct mapping *m)
{
	return m->executable && m->inode != 0;
}

static void modules_forget_unmapped(struct image *image, const struct proc_maps *maps)
{
	for (size_t i = image->module_count; i-- > 0;) {
		const struct module *module = &image->modules[i];
		if (module_is_mapped(module, proc_maps_find(maps, module->start)))
			continue;
		image_forget(image, module->start, module->end);
		image->modules[i] = image->modules[--image->module_count];
	}
}

/*
 * How we can open the file behind a mapping: by its name below the process's root, if it is still
 * the same file there, else through map_files (which wants CAP_CHECKPOINT_RESTORE).
 */
static void mapping_file_path(const struct mapping *m, pid_t pid, char *ret, size_t ret_bytes)
{
	struct stat st;

	snprintf(ret, ret_bytes, "/proc/%d/root%s", pid, m->path);
	if (stat(ret, &st) == 0 && st.st_ino == m->inode)
		return;
	snprintf(ret, ret_bytes, "/proc/%d/exe", pid); /* the program itself, even deleted */
	if (stat(ret, &st) == 0 && st.st_ino == m->inode)
		return;
	snprintf(ret, ret_bytes, "/proc/%d/map_files/%lx-%lx", pid, m->start, m->end);
}

bool module_is_program(const struct module *module, pid_t pid)
{
	char path[32];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return stat(path, &st) == 0 && st.st_ino == module->inode;
}

static void module_open(struct module *module, const struct mapping *m, pid_t pid,
			struct symbol_store *store)
{
	char path[4200];

	mapping_file_path(m, pid, path, sizeof(path));
	struct error *err = symbol_store_get(store, path, m->path, &module->file);
	if (err == NULL && !symbol_file_bias(module->file, m->start, m->offset_bytes,
					     m->end - m->start, &module->bias)) {
		module->file = NULL;
		err = error_new(ERR_FORMAT,
				"%s is mapped at an offset that its segments do not have", m->path);
	}
	if (err != NULL) {
		module->file = NULL;
		log_debug("no functions from %s: %s", m->path, error_message(err));
		error_free(err);
	}
}

static struct error *modules_add(struct image *image, const struct mapping *m, pid_t pid,
				 struct symbol_store *store, const struct module_sink *sink)
{
	struct module *module = image_module_at(image, taddr(m->start));

	if (module == NULL) {
		struct error *err = array_reserve(&image->modules, &image->module_capacity,
						  image->module_count + 1, sizeof(*image->modules));
		if (err != NULL)
			return err;
		module = &image->modules[image->module_count++];
		*module = (struct module){
			.start = m->start, .end = m->end, .device = m->device, .inode = m->inode
		};
	}
	if (store == NULL || module->is_opened)
		return NULL;
	module->is_opened = true;
	module_open(module, m, pid, store);
	return module->file == NULL ? NULL : sink->added(sink->context, module, m->path);
}

struct error *modules_update(struct image *image, pid_t pid, struct symbol_store *store,
			     const struct module_sink *sink)
{
	struct proc_maps maps;

	struct error *err = proc_maps_read(&maps, pid);
	if (err != NULL)
		return err;
	modules_forget_unmapped(image, &maps);
	for (size_t i = 0; err == NULL && i < maps.count; i++) {
		if (mapping_is_module(&maps.mappings[i]))
			err = modules_add(image, &maps.mappings[i], pid, store, sink);
	}
	proc_maps_deinit(&maps);
	return err;
}
