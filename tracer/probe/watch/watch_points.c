/* Functions that are watched for our own sake; see watch_points.h. Probe layer. */
#include "tracer/probe/watch/watch_points.h"

#include <assert.h>

static bool watch(struct watch_points *points, const struct symbol_file *file, const char *name,
		  enum site_role role)
{
	assert(points->count < WATCH_POINTS_MAX);
	struct watch_point *point = &points->points[points->count];

	if (!symbol_file_find(file, name, &point->in_file))
		return false;
	point->role = role;
	points->count++;
	return true;
}

/*
 * libc has all the functions by which a program says what it wants done with SIGTRAP, which our traps
 * raise; other files may have one of them by chance. (signal calls sigaction in every libc: a second
 * trap on the way would find what the first has noted, and not done yet.)
 * Of mlockall that would do no harm, and a static program that has it may have none of the others.
 */
static void watch_libc(struct watch_points *points, const struct symbol_file *file,
		       const struct watch_wishes *wishes)
{
	size_t before = points->count;
	bool is_libc = watch(points, file, "pthread_sigmask", SITE_SIGMASK) &&
		       watch(points, file, "sigaction", SITE_SIGACTION) &&
		       watch(points, file, "syscall", SITE_SYSCALL);

	if (!is_libc)
		points->count = before;
	else {
		watch(points, file, "clone", SITE_CLONE);
		watch(points, file, "execve", SITE_EXEC);
		watch(points, file, "execveat", SITE_EXEC);
		watch(points, file, "prctl", SITE_PRCTL);
	}
	if (is_libc && wishes->survival) {
		watch(points, file, "posix_spawn", SITE_SPAWN); /* system and popen call it */
		watch(points, file, "posix_spawnp", SITE_SPAWN);
	}
	if (is_libc && !wishes->is_program) /* which may have a function of that name of its own */
		watch(points, file, "ptrace", SITE_PTRACE);
	watch(points, file, "mlockall", SITE_MLOCKALL);
}

/*
 * A tool may have taken the name without the P (MPI 4.0, 15.2 Profiling Interface). Fortran's wrappers call C's functions in
 * all that we know, but need not. Programs with the sessions of MPI 4 never call MPI_Init.
 */
static void watch_mpi(struct watch_points *points, const struct symbol_file *file)
{
	static const char *const names[] = {
		"MPI_Init",	    "MPI_Init_thread", "MPI_Session_init", "PMPI_Init",
		"PMPI_Init_thread", "mpi_init_",       "mpi_init_thread_",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		watch(points, file, names[i], SITE_MPI_INIT);
}

void watch_points_find(struct watch_points *ret, const struct symbol_file *file,
		       const struct watch_wishes *wishes)
{
	ret->count = 0;
	if (wishes->python)
		watch(ret, file, "Py_RunMain", SITE_PYTHON_MAIN);
	/*
	 * The dynamic linker calls an empty function whenever its list of libraries has changed, for
	 * debuggers (link.h: r_brk). It is called with all libraries mapped and no constructor run.
	 */
	if (!watch(ret, file, "_dl_debug_state", SITE_LINKER))
		watch(ret, file, "dlDebugState", SITE_LINKER);
	watch(ret, file, "runtime.copystack", SITE_GO_COPY);
	watch_libc(ret, file, wishes);
	if (wishes->mpi_init)
		watch_mpi(ret, file);
}
