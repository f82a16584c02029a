/* The first traps; see attach_arm.h. Loop layer. */
#include "tracer/loop/attach/attach_arm.h"

#include <errno.h>
#include <time.h>

#include "tracer/base/clock.h"
#include "tracer/loop/attach/attach_secure.h"
#include "tracer/probe/arming/arming.h"
#include "tracer/probe/linker_break.h"
#include "tracer/proc/thread_look.h"

/*
 * A thread that has announced a library's end before there was a trap unmaps it soon. One that has been stopped in
 * between does not, and there is no end of that to wait for.
 */
static void await_unloading(const struct image *image, pid_t tid)
{
	static const int64_t PATIENCE_NS = NS_PER_S / 5;
	static const struct timespec pause = { 0, 1000000 };
	const int64_t start_ns = clock_now_ns();

	while (linker_break_unloads(image, tid) && clock_now_ns() - start_ns < PATIENCE_NS)
		nanosleep(&pause, NULL);
}

/* What has come meanwhile has been relocated, perhaps: what its resolvers have chosen is in the linker's tables. */
static struct error *look_again(struct session *session, struct image *image, struct tracee *tracee)
{
	if (image->has_linker_site && !image->is_given_up)
		await_unloading(image, tracee->tid);
	image->is_settled = false;
	struct error *err = planner_update(&session->planner, image, tracee);
	image->is_settled = true;
	return error_ignore(err, ERR_GONE); /* the thread: its process would be told of */
}

static struct error *arm(struct session *session, struct process *process)
{
	struct image *image = process->space->image;
	struct tracee *tracee = target_tracee(&session->target, thread_find_living(process->pid));
	bool has_lost;

	if (tracee == NULL)
		tracee = process->threads;
	if (tracee == NULL)
		return error_os(ESRCH, "process %d has ended", process->pid);
	/* Else it is a copy of a memory that has been, or its program was executed since, and starts by its own linker. */
	const bool is_prepared = image->defers_patches;
	struct error *err = image_arm_first(image, SITE_LINKER);
	if (err == NULL && is_prepared)
		err = look_again(session, image, tracee);
	if (err == NULL)
		err = image_arm(image, &has_lost);
	if (err == NULL && has_lost && is_prepared)
		err = look_again(session, image, tracee);
	return err;
}

struct error *attach_arm(struct session *session, struct process *process)
{
	const pid_t pid = process->pid;

	/* One that has come since the others were. */
	struct error *err = attach_secure(session, process);
	process = target_process(&session->target, pid);
	if (err != NULL || process == NULL || process->is_untraced || process->space == NULL)
		return err;
	return arm(session, process);
}
