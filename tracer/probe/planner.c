/* Probes x modules -> sites; see planner.h. Probe layer. */
#include "tracer/probe/planner.h"

#include <stdlib.h>

#include "tracer/base/heap.h"
#include "tracer/base/log.h"
#include "tracer/probe/ifunc.h"
#include "tracer/probe/inlined_sites.h"
#include "tracer/probe/linker_break.h"
#include "tracer/probe/lines/line_sites.h"
#include "tracer/probe/modules.h"
#include "tracer/probe/planner_private.h"
#include "tracer/probe/usdt_sites.h"
#include "tracer/probe/site.h"

/* About what a probed function takes: its site, probe, name, places in tables. */
enum { SITE_BYTES = 500 };

struct error *planner_init(struct planner *planner, const struct pattern_set *patterns)
{
	*planner = (struct planner){ .patterns = patterns };
	struct error *err = probe_set_init(&planner->probes, patterns);
	return err != NULL ? err : symbol_store_create(&planner->store);
}

static void plan_destroy(struct plan *plan)
{
	inlined_plan_deinit(&plan->inlined);
	line_plan_deinit(&plan->lines);
	usdt_matches_free(plan->usdt, plan->usdt_count);
	free(plan->matches);
	free(plan);
}

void planner_deinit(struct planner *planner)
{
	size_t cursor = 0;
	struct plan *plan;

	while ((plan = addr_map_next(&planner->plans, &cursor)) != NULL) {
		plan_destroy(plan);
	}
	addr_map_deinit(&planner->plans);
	addr_map_deinit(&planner->told);
	probe_set_deinit(&planner->probes);
	symbol_store_destroy(planner->store);
}

/* What may be a Python function's name is no C function's. */
static void plan_leave_python(struct plan *plan, const struct pattern_set *patterns)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->count; i++) {
		if (!pattern_set_is_dotted(patterns, plan->matches[i].pattern))
			plan->matches[kept++] = plan->matches[i];
	}
	plan->count = kept;
}

/* The first program that is seen is the one that addresses belong to. */
static void planner_note_program(struct planner *planner, const struct module *module, pid_t pid)
{
	if (planner->program == NULL && module_is_program(module, pid))
		planner->program = module->file;
}

/* Damaged debugging information is no reason not to probe the functions. */
static struct error *plan_lines(struct plan *plan)
{
	struct error *err = line_plan_make(plan->file, plan->matches, plan->count, &plan->lines);

	(void)error_take(&err, ERR_FORMAT, log_warning, "no lines are recorded");
	(void)error_take(&err, ERR_FAILED, log_warning, "no lines are recorded");
	return err;
}

static struct error *planner_plan_of(struct planner *planner, const struct symbol_file *file,
				     struct plan **ret)
{
	bool is_program = file == planner->program;
	struct plan *plan = addr_map_get(&planner->plans, (uintptr_t)file);
	if (plan != NULL) {
		*ret = plan;
		return NULL;
	}
	plan = calloc(1, sizeof(*plan));
	if (plan == NULL)
		return error_no_memory();
	plan->file = file;
	const struct watch_wishes wishes = { is_program, planner->wants_python,
					     planner->waits_for_mpi, planner->survives };
	watch_points_find(&plan->watch, file, &wishes);
	struct error *err = symbol_file_match(file, planner->patterns, is_program, &plan->matches,
					      &plan->count);
	heap_expect(plan->count * SITE_BYTES);
	if (err == NULL)
		err = usdt_match_all(file, planner->patterns, planner->wants_marks, &plan->usdt,
				     &plan->usdt_count);
	if (err == NULL && planner->wants_inlined && !planner->wants_python)
		err = inlined_plan_make(file, planner->patterns, &plan->inlined);
	if (planner->wants_python)
		plan_leave_python(plan, planner->patterns);
	if (err == NULL && planner->wants_lines && !planner->wants_python)
		err = plan_lines(plan);
	if (err == NULL)
		err = addr_map_put(&planner->plans, (uintptr_t)file, plan);
	if (err != NULL) {
		plan_destroy(plan);
		return err;
	}
	plan_note_matched(plan, &planner->probes);
	plan_tell_places(plan, planner->patterns);
	plan_tell_lines(plan);
	*ret = plan;
	return NULL;
}

/* One module being planned. */
struct planning {
	struct planner *planner;
	struct image *image;
	struct tracee *tracee;
};

/*
 * Said once for each function of a file, however many processes map it; a glob may hit many that
 * cannot be probed.
 */
static void planner_refuse(struct planner *planner, const struct symbol_match *match,
			   const char *file, const char *why)
{
	enum { SAID_MAX = 3 };
	uint64_t key = (uintptr_t)match->function;

	if (addr_map_get(&planner->told, key) != NULL)
		return;
	error_free(addr_map_put(&planner->told, key, planner));
	if (++planner->refused_count <= SAID_MAX)
		log_warning("%s in %s is not probed: %s", match->label, file, why);
	else
		log_debug("%s in %s is not probed: %s", match->label, file, why);
}

static struct error *planning_insert_ifunc(struct planning *p, const struct symbol_match *match,
					   taddr_t address)
{
	struct probe *probe;

	struct error *err =
		probe_set_add(&p->planner->probes, match->pattern, match->label, &probe);
	return err ? err : ifunc_watch(p->image, p->tracee, address, probe);
}

static struct error *planning_insert(struct planning *p, const struct module *module,
				     const struct symbol_match *match)
{
	const char *file = symbol_file_name(module->file);
	struct probe *probe;
	struct site *site;

	if (probe_set_drops(&p->planner->probes, match->function, match->label))
		return NULL;
	taddr_t address = taddr(match->function->start.value + module->bias);
	if (match->function->is_ifunc)
		return planning_insert_ifunc(p, match, address);
	struct error *err = image_insert(p->image, p->tracee, address, SITE_ENTRY, &site);
	if (err != NULL && error_code(err) == ERR_FORMAT) {
		planner_refuse(p->planner, match, file, error_message(err));
		error_free(err);
		return NULL;
	}
	if (err != NULL)
		return err;
	/* The first name asked for is the one shown; an alias only adds its pattern. */
	const char *label = site->probe == NULL ? match->label : site->probe->name;
	err = probe_set_add(&p->planner->probes, match->pattern, label, &probe);
	if (err == NULL && site->probe == NULL) {
		site->probe = probe;
		site->function_bytes = match->function->size_bytes;
		site->variant = match->variant;
	}
	return err;
}

static struct error *planning_insert_usdt(struct planning *p, const struct module *module,
					  const struct usdt_match *match)
{
	struct error *err = usdt_insert(p->image, p->tracee, &p->planner->probes, module, match);
	if (error_take(&err, ERR_FORMAT, log_debug, "%s in %s is not probed", match->label,
		       symbol_file_name(module->file)))
		p->planner->refused_count++;
	return err;
}

static struct error *planning_watch(struct planning *p, const struct module *module,
				    const struct watch_point *point)
{
	struct site *site;
	taddr_t address = taddr(point->in_file.value + module->bias);

	if (point->role == SITE_LINKER && p->image->is_settled)
		return NULL; /* a second one, of a library that is none */
	struct error *err = image_insert(p->image, p->tracee, address, point->role, &site);
	if (point->role == SITE_LINKER) {
		p->image->has_linker_site = err == NULL;
		return error_context(err, "watch the dynamic linker");
	}
	p->image->is_go |= err == NULL && point->role == SITE_GO_COPY;
	return error_ignore(err, ERR_FORMAT); /* only a program that handles SIGTRAP can tell */
}

/* The sites of all that @plan has for @module. */
static struct error *planning_insert_all(struct planning *p, const struct module *module,
					 struct plan *plan)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < plan->watch.count; i++)
		err = planning_watch(p, module, &plan->watch.points[i]);
	if (err != NULL || p->image->is_waiting)
		return err;
	for (size_t i = 0; err == NULL && i < plan->count; i++)
		err = planning_insert(p, module, &plan->matches[i]);
	for (size_t i = 0; err == NULL && i < plan->usdt_count; i++)
		err = planning_insert_usdt(p, module, &plan->usdt[i]);
	if (err == NULL)
		err = line_plan_insert(&plan->lines, p->image, p->tracee, module);
	if (err == NULL)
		err = inlined_plan_insert(&plan->inlined, p->image, p->tracee, &p->planner->probes,
					  module);
	return err;
}

static struct error *planning_add_module(void *context, struct module *module, const char *path)
{
	struct planning *p = context;
	struct plan *plan = NULL;

	planner_note_program(p->planner, module, p->tracee->tid);
	struct error *err = planner_plan_of(p->planner, module->file, &plan);
	if (err == NULL)
		err = planning_insert_all(p, module, plan);
	if (err == NULL && plan->count > 0 && !p->image->is_waiting)
		log_debug("%zu functions probed in %s, loaded at %#lx", plan->count, path,
			  (unsigned long)module->bias);
	return err;
}

/* Said once for each file, however many processes map it. */
static void planning_refuse_file(void *context, const struct mapping *m, const struct error *why)
{
	struct planner *planner = ((struct planning *)context)->planner;
	uint64_t key = m->inode ^ m->device << 48;

	if (addr_map_get(&planner->told, key) != NULL)
		return;
	error_free(addr_map_put(&planner->told, key, planner));
	/* Programs map as code what is no ELF file, too, and no pattern is for that. */
	if (error_code(why) == ERR_FOREIGN || pattern_set_count(planner->patterns) == 0)
		log_debug("no functions from %s: %s", m->path, error_message(why));
	else
		log_warning("no function of %s is probed: %s", m->path, error_message(why));
}

/* The program says to libc what it wants done with SIGTRAP: that must be noted where there are traps (sigtrap_state.h). */
static struct error *refuse_unread_libc(const struct image *image)
{
	for (size_t i = 0; i < image->module_count; i++) {
		if (image->modules[i].is_unread_libc)
			return error_new(ERR_FAILED,
					 "its libc could not be read, by which it says what "
					 "it wants done with signals");
	}
	return NULL;
}

struct error *planner_update(struct planner *planner, struct image *image, struct tracee *tracee)
{
	if (image->is_given_up)
		return NULL;
	struct planning p = { planner, image, tracee };
	const struct module_sink sink = { planning_add_module, planning_refuse_file, &p };

	struct error *err = modules_update(image, tracee->tid, planner->store, &sink);
	if (err == NULL)
		err = refuse_unread_libc(image);
	if (err == NULL && !image->has_linker_site && !image->is_settled)
		err = linker_break_find(image, tracee, &image->has_linker_site);
	/* Later the resolvers' own sites see what is resolved. */
	if (err == NULL && !image->is_settled)
		err = error_ignore(ifunc_find_resolved(image, tracee), ERR_UNMAPPED);
	return err;
}

struct error *planner_begin(struct planner *planner, struct image *image, struct tracee *tracee)
{
	bool was_settled = image->is_settled;

	image->is_waiting = false;
	/* All modules are new again. What resolvers have chosen by now is in the linker's tables. */
	image->module_count = 0;
	image->is_settled = false;
	struct error *err = planner_update(planner, image, tracee);
	image->is_settled = was_settled;
	return err;
}

/* A process whose files are read before anything is inserted in it. */
struct read_ahead {
	struct planning planning; /* first: it is what planning_refuse_file gets */
	pid_t pid;
};

static struct error *planning_read_module(void *context, struct module *module, const char *path)
{
	const struct read_ahead *ahead = context;
	struct plan *plan;

	(void)path;
	planner_note_program(ahead->planning.planner, module, ahead->pid);
	return planner_plan_of(ahead->planning.planner, module->file, &plan);
}

struct error *planner_read_ahead(struct planner *planner, struct image *image, pid_t pid)
{
	struct read_ahead ahead = { { planner, image, NULL }, pid };
	const struct module_sink sink = { planning_read_module, planning_refuse_file, &ahead };

	return modules_update(image, pid, planner->store, &sink);
}

/*
 * glibc reports twice on the way to main: when nothing but itself and the program is mapped, and when
 * all libraries are. Others report once.
 */
static bool image_has_libraries(const struct image *image)
{
	enum { PROGRAM_AND_LINKER = 2 };
	unsigned files = 0;

	for (size_t i = 0; i < image->module_count; i++)
		files += image->modules[i].inode != 0;
	return image->linker_hits > 1 || files > PROGRAM_AND_LINKER;
}

struct error *planner_linker_hit(struct planner *planner, struct image *image,
				 struct tracee *tracee)
{
	image->linker_hits++;
	struct error *err = planner_update(planner, image, tracee);
	if (err == NULL && image_has_libraries(image))
		image->is_settled = true;
	return err;
}

struct error *planner_start_hit(struct planner *planner, struct image *image, struct tracee *tracee)
{
	struct error *err = image->is_settled ? NULL : linker_break_started(image, tracee);

	if (err == NULL)
		err = planner_update(planner, image, tracee);
	if (err == NULL)
		image->is_settled = true;
	return err;
}

const struct symbol_file *planner_next_file(const struct planner *planner, size_t *cursor)
{
	const struct plan *plan = addr_map_next(&planner->plans, cursor);
	return plan ? plan->file : NULL;
}
