/* Keeps an image's modules as the process's mappings are; see modules.h. Probe layer. */
#include "tracer/probe/modules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tracer/base/array.h"
#include "tracer/proc/mapped_file.h"

/* The program may change the protection of a part of it: the mapping is split, the code the same. */
static bool module_is_mapped(const struct module *module, const struct mapping *m)
{
	return m != NULL && module->device == m->device && module->inode == m->inode;
}

/*
 * A file's executable mapping. Deleted files too: their code still runs. Not what is shared: a patch
 * there, if the kernel lets us write it at all, is one in the file, and for all processes that map it.
 */
static bool mapping_is_module(const struct mapping *m)
{
	return m->executable && m->inode != 0 && !m->shared;
}

/* The kernel's own library, in no file. */
static bool mapping_is_vdso(const struct mapping *m)
{
	return m->executable && strcmp(m->path, "[vdso]") == 0;
}

static void modules_forget_unmapped(struct image *image, const struct proc_maps *maps)
{
	for (size_t i = image->module_count; i-- > 0;) {
		const struct module *module = &image->modules[i];
		const struct mapping *m = proc_maps_find(maps, module->start);
		if (module_is_mapped(module, m))
			continue;
		/* Programs copy their code to huge pages (node --use-largepages). */
		if (m != NULL && m->executable && m->inode == 0 &&
		    image_forget_replaced(image, module->start, module->end))
			continue;
		image_forget(image, module->start, module->end);
		image->modules[i] = image->modules[--image->module_count];
	}
}

/*
 * How we can open the file behind a mapping: by its name below the process's root, if it is still
 * the same file there, else through map_files (which wants CAP_CHECKPOINT_RESTORE). Another file that
 * has taken its name is never opened: its functions lie elsewhere.
 */
static void mapping_file_place(const struct mapping *m, pid_t pid, struct elf_place *place,
			       char *path, size_t path_bytes)
{
	char link[MAPPED_LINK_BYTES];

	place->name = mapped_file_name(m, pid);
	place->path = path;
	place->inode = m->inode;
	snprintf(path, path_bytes, "%s%s", place->root, place->name);
	if (mapped_file_is_at(m, pid, path))
		return;
	snprintf(path, path_bytes, "/proc/%d/exe", pid); /* the program itself, even deleted */
	if (mapped_file_is_at(m, pid, path))
		return;
	/* It is the file; some file systems number it otherwise in maps. */
	place->inode = 0;
	mapped_file_link(m, pid, link);
	snprintf(path, path_bytes, "%s", link);
}

bool module_is_program(const struct module *module, pid_t pid)
{
	char path[32];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return stat(path, &st) == 0 && st.st_ino == module->inode;
}

static struct error *mapping_open_at(const struct mapping *m, pid_t pid, struct symbol_store *store,
				     char *path, size_t path_bytes, const struct symbol_file **ret,
				     uint64_t *ret_bias)
{
	char root[64];
	struct elf_place place = { .root = root };

	snprintf(root, sizeof(root), "/proc/%d/root", pid);
	mapping_file_place(m, pid, &place, path, path_bytes);
	struct error *err = symbol_store_get_at(store, &place, ret);
	if (err == NULL && *ret != NULL &&
	    !symbol_file_bias(*ret, m->start, m->offset_bytes, m->end - m->start, ret_bias))
		err = error_new(ERR_FOREIGN,
				"%s is mapped at an offset that its segments do not have", m->path);
	if (err != NULL)
		*ret = NULL;
	if (err == NULL || place.inode != 0 || error_code(err) != ERR_FAILED)
		return err;
	error_free(err);
	return error_new(ERR_FAILED,
			 "%s was removed or replaced after it was loaded, and only root "
			 "can still read what is loaded",
			 m->path);
}

/* Whether the file is there for us under the same name, whatever its process is up to. */
static bool is_seen_by_us(const struct mapping *m)
{
	struct stat st;

	return stat(m->path, &st) == 0 && st.st_ino == m->inode && st.st_dev == m->device;
}

struct error *mapping_open(const struct mapping *m, pid_t pid, struct symbol_store *store,
			   const struct symbol_file **ret, uint64_t *ret_bias)
{
	char path[4200];
	const struct elf_place place = { m->path, m->path, "", m->inode };

	/* A process that ends takes the way through its /proc with it. */
	if (!is_seen_by_us(m))
		return mapping_open_at(m, pid, store, path, sizeof(path), ret, ret_bias);
	struct error *err = symbol_store_get_at(store, &place, ret);
	if (err == NULL && *ret != NULL &&
	    !symbol_file_bias(*ret, m->start, m->offset_bytes, m->end - m->start, ret_bias))
		*ret = NULL;
	return err;
}

/*
 * Whether it is a libc that could not be read; one that only cannot be opened, such as what an update has removed, is
 * none. @err: why it was not read; NULL: it was tried before.
 */
static bool is_unread_libc(const struct module *module, const struct mapping *m,
			   const struct error *err)
{
	const char *name = basename(m->path);
	const bool is_libc = strncmp(name, "libc.so", strlen("libc.so")) == 0 ||
			     strncmp(name, "libc-2.", strlen("libc-2.")) == 0 ||
			     strncmp(name, "ld-musl-", strlen("ld-musl-")) == 0;

	return is_libc && module->file == NULL &&
	       (err == NULL || error_code(err) == ERR_FORMAT || error_code(err) == ERR_MEMORY);
}

/* Tells why no function is known of @m, unless that is because it, or the process, is gone. Takes @why. */
static struct error *module_refuse(const struct mapping *m, pid_t pid,
				   const struct module_sink *sink, struct error *why)
{
	struct proc_maps maps;

	struct error *gone = proc_maps_read(&maps, pid);
	if (gone == NULL) {
		const struct mapping *now = proc_maps_find(&maps, m->start);
		if (now != NULL && now->inode == m->inode && now->device == m->device)
			sink->refused(sink->context, m, why);
		proc_maps_deinit(&maps);
	}
	error_free(why);
	return gone;
}

/*
 * A part of what is mapped by @m is not there, or not any more: it is looked at again by the next modules_update. As long as
 * patches are only prepared, one comes before they are written. Takes @why.
 */
static struct error *module_lose(const struct image *image, struct module *module,
				 const struct mapping *m, pid_t pid, const struct module_sink *sink,
				 struct error *why)
{
	module->is_opened = false;
	if (!image->defers_patches)
		return module_refuse(m, pid, sink, why);
	error_free(why);
	return NULL;
}

static struct error *modules_append(struct image *image, const struct mapping *m,
				    struct module **ret)
{
	struct error *err = array_reserve(&image->modules, &image->module_capacity,
					  image->module_count + 1, sizeof(*image->modules));

	if (err != NULL)
		return err;
	*ret = &image->modules[image->module_count++];
	**ret = (struct module){
		.start = m->start, .end = m->end, .device = m->device, .inode = m->inode
	};
	return NULL;
}

/* Functions of libc's may turn out to be the vdso's (IFUNC). No pattern finds any there, so it is not read. */
static struct error *modules_add_vdso(struct image *image, const struct mapping *m)
{
	struct module *module = image_module_at(image, taddr(m->start));

	if (module != NULL)
		return NULL;
	struct error *err = modules_append(image, m, &module);
	if (err == NULL)
		module->is_vdso = module->is_opened = true;
	return err;
}

static struct error *modules_add(struct image *image, const struct mapping *m, pid_t pid,
				 struct symbol_store *store, const struct module_sink *sink)
{
	char path[4200];
	struct module *module = image_module_at(image, taddr(m->start));

	if (module == NULL) {
		struct error *err = modules_append(image, m, &module);
		if (err != NULL)
			return err;
	}
	module->is_writable = module->is_writable || m->writable;
	if (store == NULL || module->is_opened)
		return NULL;
	module->is_opened = true;
	struct error *err =
		mapping_open_at(m, pid, store, path, sizeof(path), &module->file, &module->bias);
	module->is_unread_libc = is_unread_libc(module, m, err);
	if (err != NULL)
		err = module_refuse(m, pid, sink, err);
	if (err != NULL || module->file == NULL)
		return err;
	code_reader_begin_file(&image->reader, path, m->start, m->end, m->offset_bytes);
	err = sink->added(sink->context, module, m->path);
	code_reader_end_file(&image->reader);
	footprint_close_pagemap(&image->footprint);
	if (err != NULL && error_code(err) == ERR_UNMAPPED)
		err = module_lose(image, module, m, pid, sink, err);
	return err;
}

/* A child for each file would be expensive. */
static void modules_read_ahead(struct image *image, const struct proc_maps *maps, pid_t pid,
			       struct symbol_store *store)
{
	char root[64], path[4200];

	snprintf(root, sizeof(root), "/proc/%d/root", pid);
	for (size_t i = 0; i < maps->count; i++) {
		const struct mapping *m = &maps->mappings[i];
		const struct module *module = image_module_at(image, taddr(m->start));
		struct elf_place place = { .root = root };
		if (!mapping_is_module(m) || (module != NULL && module->is_opened))
			continue;
		mapping_file_place(m, pid, &place, path, sizeof(path));
		symbol_store_want(store, &place);
	}
	symbol_store_read_wanted(store);
}

struct error *modules_update(struct image *image, pid_t pid, struct symbol_store *store,
			     const struct module_sink *sink)
{
	struct proc_maps maps;

	struct error *err = proc_maps_read(&maps, pid);
	if (err != NULL)
		return err;
	modules_forget_unmapped(image, &maps);
	if (store != NULL)
		modules_read_ahead(image, &maps, pid, store);
	for (size_t i = 0; err == NULL && i < maps.count; i++) {
		if (mapping_is_module(&maps.mappings[i]))
			err = modules_add(image, &maps.mappings[i], pid, store, sink);
		else if (mapping_is_vdso(&maps.mappings[i]))
			err = modules_add_vdso(image, &maps.mappings[i]);
	}
	proc_maps_deinit(&maps);
	return err;
}

/* The rest of the last page of its code: mapped, and no part of what the file says is loaded. 0: it is too small. */
static taddr_t module_spare(const struct module *module)
{
	const uint64_t alignment = 16, page = (uint64_t)ARCH_PAGE_BYTES;
	size_t count = 0;

	if (module->file == NULL || module->is_writable)
		return taddr(0);
	const struct symbol_segment *segments = symbol_file_segments(module->file, &count);
	for (size_t i = 0; i < count; i++) {
		uint64_t end = module->bias + segments[i].start.value + segments[i].memory_bytes;
		uint64_t at = (end + alignment - 1) & ~(alignment - 1);
		if (segments[i].executable && end > module->start && at <= module->end &&
		    module->end - at < page && module->end - at >= INJECTION_SPARE_BYTES)
			return taddr(at);
	}
	return taddr(0);
}

/* The dynamic linker has several names; the last part of them is one. */
static bool module_is_linker(const struct module *module, const struct module *program)
{
	const char *linker = program->file == NULL ? NULL : symbol_file_interpreter(program->file);

	return linker != NULL && module->file != NULL &&
	       strcmp(basename(linker), basename(symbol_file_name(module->file))) == 0;
}

struct error *modules_find_spare(struct image *image, pid_t pid)
{
	const struct module *program = NULL;
	const struct module *found = NULL;

	for (size_t i = 0; i < image->module_count && program == NULL; i++) {
		if (module_is_program(&image->modules[i], pid))
			program = &image->modules[i];
	}
	if (program == NULL)
		return NULL;
	for (size_t i = 0; i < image->module_count; i++) {
		const struct module *module = &image->modules[i];
		if ((module == program || module_is_linker(module, program)) &&
		    module_spare(module).value != 0 && (found == NULL || module == program))
			found = module;
	}
	if (found == NULL)
		return NULL;
	image->injected.injection.spare = module_spare(found);
	return footprint_patch(&image->footprint, image->injected.injection.spare,
			       INJECTION_SPARE_BYTES, found->start, found->end);
}
