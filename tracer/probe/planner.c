/* Probes x modules -> sites; see planner.h. Probe layer. */
#include "tracer/probe/planner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/log.h"
#include "tracer/probe/modules.h"

/* What the patterns ask for in one file. */
struct plan {
	const struct symbol_file *file;
	struct symbol_match *matches;
	size_t count;
};

struct error *planner_init(struct planner *planner, const struct pattern_set *patterns)
{
	*planner = (struct planner){ .patterns = patterns };
	probe_set_init(&planner->probes, patterns);
	return symbol_store_create(&planner->store);
}

void planner_deinit(struct planner *planner)
{
	size_t cursor = 0;
	struct plan *plan;

	while ((plan = addr_map_next(&planner->plans, &cursor)) != NULL) {
		free(plan->matches);
		free(plan);
	}
	addr_map_deinit(&planner->plans);
	addr_map_deinit(&planner->told);
	probe_set_deinit(&planner->probes);
	symbol_store_destroy(planner->store);
}

static struct error *planner_plan_of(struct planner *planner, const struct symbol_file *file,
				     const struct plan **ret)
{
	struct plan *plan = addr_map_get(&planner->plans, (uintptr_t)file);
	if (plan != NULL) {
		*ret = plan;
		return NULL;
	}
	plan = calloc(1, sizeof(*plan));
	if (plan == NULL)
		return error_no_memory();
	plan->file = file;
	struct error *err =
		symbol_file_match(file, planner->patterns, &plan->matches, &plan->count);
	if (err == NULL)
		err = addr_map_put(&planner->plans, (uintptr_t)file, plan);
	if (err != NULL) {
		free(plan->matches);
		free(plan);
		return err;
	}
	*ret = plan;
	return NULL;
}

/* One module being planned. */
struct planning {
	struct planner *planner;
	struct image *image;
	struct tracee *tracee;
};

/* Said once for each function of a file, however many processes map it. */
static void planner_refuse(struct planner *planner, const struct symbol_match *match,
			   const char *file, const char *why)
{
	uint64_t key = (uintptr_t)match->function;
	if (addr_map_get(&planner->told, key) != NULL)
		return;
	error_free(addr_map_put(&planner->told, key, planner));
	planner->refused_count++;
	log_warning("%s in %s is not probed: %s", match->label, file, why);
}

static struct error *planning_insert(struct planning *p, const struct module *module,
				     const struct symbol_match *match)
{
	const char *file = symbol_file_name(module->file);
	struct probe *probe;
	struct site *site;

	if (match->function->is_ifunc) {
		planner_refuse(
			p->planner, match, file,
			"its implementation is chosen at run time (IFUNC); name that one, such as "
			"those that 'mprof-trace funcs' lists");
		return NULL;
	}
	taddr_t address = taddr(match->function->start.value + module->bias);
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
	}
	return err;
}

/*
 * The dynamic linker calls an empty function whenever its list of libraries has changed, for
 * debuggers (link.h: r_brk). It is called with all libraries mapped and no constructor run.
 */
static struct error *planning_watch_linker(struct planning *p, const struct module *module)
{
	static const char *const names[] = { "_dl_debug_state", "dlDebugState" };
	taddr_t in_file;
	struct site *site;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!symbol_file_find(module->file, names[i], &in_file))
			continue;
		taddr_t address = taddr(in_file.value + module->bias);
		struct error *err = image_insert(p->image, p->tracee, address, SITE_LINKER, &site);
		if (err != NULL)
			return error_context(err, "watch the dynamic linker");
		p->image->has_linker_site = true;
		return NULL;
	}
	return NULL;
}

/* Where the program says what it wants done with SIGTRAP, which our traps raise. */
static struct error *planning_watch_signals(struct planning *p, const struct module *module)
{
	static const struct {
		const char *name;
		enum site_role role;
	} functions[] = {
		{ "pthread_sigmask", SITE_SIGMASK },
		{ "sigaction", SITE_SIGACTION },
		{ "signal", SITE_SIGNAL },
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		taddr_t in_file;
		struct site *site;
		if (!symbol_file_find(module->file, functions[i].name, &in_file))
			continue;
		struct error *err =
			image_insert(p->image, p->tracee, taddr(in_file.value + module->bias),
				     functions[i].role, &site);
		if (err != NULL && error_code(err) != ERR_FORMAT)
			return err;
		error_free(err); /* then only a program that handles SIGTRAP can tell */
	}
	return NULL;
}

static struct error *planning_add_module(void *context, struct module *module, const char *path)
{
	struct planning *p = context;
	const struct plan *plan = NULL;

	if (!p->image->is_settled) {
		struct error *err = planning_watch_linker(p, module);
		if (err != NULL)
			return err;
	}
	struct error *err = planning_watch_signals(p, module);
	if (err == NULL)
		err = planner_plan_of(p->planner, module->file, &plan);
	for (size_t i = 0; err == NULL && i < plan->count; i++)
		err = planning_insert(p, module, &plan->matches[i]);
	if (err == NULL && plan->count > 0)
		log_debug("%zu functions probed in %s, loaded at %#lx", plan->count, path,
			  (unsigned long)module->bias);
	return err;
}

struct error *planner_update(struct planner *planner, struct image *image, struct tracee *tracee)
{
	struct planning p = { planner, image, tracee };
	const struct module_sink sink = { planning_add_module, &p };

	return modules_update(image, tracee->tid, planner->store, &sink);
}

/*
 * glibc reports twice on the way to main: when nothing but itself and the program is mapped, and when
 * all libraries are. Others report once.
 */
static bool image_has_libraries(const struct image *image)
{
	enum { PROGRAM_AND_LINKER = 2 };
	return image->linker_hits > 1 || image->module_count > PROGRAM_AND_LINKER;
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

struct error *planner_near_names(const struct planner *planner, size_t pattern,
				 struct near_names *ret)
{
	size_t cursor = 0;
	const struct plan *plan;
	struct error *err = NULL;

	*ret = (struct near_names){ 0 };
	while (err == NULL && (plan = addr_map_next(&planner->plans, &cursor)) != NULL)
		err = near_names_gather(ret, plan->file,
					pattern_set_text(planner->patterns, pattern));
	if (err != NULL)
		near_names_deinit(ret);
	return err;
}
