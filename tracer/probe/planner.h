/*
 * Probes x modules -> sites (probe layer).
 *
 * Plans an image when its program starts and whenever the dynamic linker has changed its list of
 * libraries. A file's matches are worked out once and shared by all images.
 */
#ifndef PROBE_PLANNER_H
#define PROBE_PLANNER_H

#include "symbols/pattern/pattern.h"
#include "symbols/file/symbol_file.h"
#include "tracer/probe/image.h"
#include "tracer/probe/probe_set.h"

struct planner {
	struct symbol_store *store;	    /* owned */
	const struct pattern_set *patterns; /* borrowed */
	struct probe_set probes;
	bool wants_python;		   /* patterns without a module are Python functions */
	bool wants_inlined;		   /* functions are probed where they are inlined, too */
	bool wants_lines;		   /* the lines of probed functions are, too */
	bool waits_for_mpi;		   /* MPI_Init is watched: images wait for it */
	bool survives;			   /* programs survive our being killed */
	bool wants_marks;		   /* marks of mprof_mark.h, without being asked for */
	const struct symbol_file *program; /* the first one; NULL: not seen yet */
	struct addr_map plans;		   /* symbol_file -> its matches */
	struct addr_map told;		   /* hash of what the user has been told once */
	size_t refused_count;		   /* sites that could not be inserted */
};

struct error *planner_init(struct planner *planner, const struct pattern_set *patterns) MUST_CHECK;
void planner_deinit(struct planner *planner);

/*
 * Brings @image's modules up to date and inserts the sites of what is new. @tracee is a
 * thread of it, as for image_insert. What cannot be probed is said and counted, not an error.
 */
struct error *planner_update(struct planner *planner, struct image *image,
			     struct tracee *tracee) MUST_CHECK;

/*
 * @image has waited (image->is_waiting): inserts the sites of all that it maps by now. As for planner_update.
 */
struct error *planner_begin(struct planner *planner, struct image *image,
			    struct tracee *tracee) MUST_CHECK;

/* Works out what matches in the files that process @pid maps; @image is empty, and only for this. */
struct error *planner_read_ahead(struct planner *planner, struct image *image,
				 pid_t pid) MUST_CHECK;

/* A SITE_LINKER was hit: update, and see whether all libraries of the start are there. */
struct error *planner_linker_hit(struct planner *planner, struct image *image,
				 struct tracee *tracee) MUST_CHECK;

/* A SITE_START was hit: likewise, and from now on r_brk tells. */
struct error *planner_start_hit(struct planner *planner, struct image *image,
				struct tracee *tracee) MUST_CHECK;

/* One after another the files read so far; begin with *@cursor 0. NULL: no more. */
const struct symbol_file *planner_next_file(const struct planner *planner, size_t *cursor);

/*
 * Why pattern @pattern matches nothing, in a clause, if any file read so far can say it; *@ret is owned
 * (free), NULL: none can.
 */
struct error *planner_explain(const struct planner *planner, size_t pattern, char **ret) MUST_CHECK;

/* Likewise symbol_file_inlined, for a pattern that has matched something. */
struct error *planner_inlined(const struct planner *planner, size_t pattern, char **ret) MUST_CHECK;

/* The names nearest to pattern @pattern in all files read so far. Release with near_names_deinit. */
struct error *planner_near_names(const struct planner *planner, size_t pattern,
				 struct near_names *ret) MUST_CHECK;

#endif
