/* What is done about breaks; see breaks.h. Loop layer. */
#include "tracer/loop/break_actions/breaks.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/break_actions/break_core.h"
#include "tracer/loop/break_actions/break_event.h"
#include "tracer/loop/break_actions/break_stack.h"
#include "tracer/loop/break_actions/gdb_hand_over.h"
#include "tracer/loop/breaks/break_command.h"
#include "tracer/loop/breaks/break_place.h"
#include "tracer/loop/dispatch/let_go.h"
#include "tracer/loop/dispatch/resume.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"

static const double MIB = 1 << 20;

/* "break:memory>=500M", as the name of a MARK: with no-break spaces. */
static void mark(const struct break_event *event)
{
	static const char SPACE[] = "\xc2\xa0";
	char name[2 * BREAK_CONDITION_BYTES + 16] = "break:";
	size_t used = strlen(name);

	for (const char *at = event->text; *at != '\0' && used + sizeof(SPACE) < sizeof(name);
	     at++) {
		const bool is_space = *at == ' ';
		memcpy(name + used, is_space ? SPACE : at, is_space ? sizeof(SPACE) - 1 : 1);
		used += is_space ? sizeof(SPACE) - 1 : 1;
	}
	name[used] = '\0';
	recorder_mark(event->session->recorder, name, event->process->pid, event->tid,
		      clock_now_ns(), event->bytes, false);
}

/* Also with -q: nobody would know why it does. */
static void tell_standing(const struct process *process)
{
	log_error("process %d (%s) stands still, and is sampled only from now on: 'kill -CONT %d' "
		  "lets it go on",
		  process->pid, process->name, process->pid);
}

static void run_command(struct break_event *event, const char *command)
{
	struct break_facts facts = {
		.pid = event->process->pid,
		.tid = event->tid,
		.bytes = event->bytes,
		.text = event->text,
	};
	char *stacks;

	break_stack_take(event, false, &stacks);
	facts.stacks = stacks;
	break_command_run(event->session, command, &facts);
	free(stacks);
}

/* As the lines of a list. */
static void say_stack(struct break_event *event)
{
	char *stacks, *list = NULL, *rest;
	size_t bytes;

	break_stack_take(event, true, &stacks);
	FILE *out = stacks == NULL ? NULL : open_memstream(&list, &bytes);
	if (out == NULL) {
		free(stacks);
		return;
	}
	for (char *line = strtok_r(stacks, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest))
		fprintf(out, "\n  %s", line);
	if (fclose(out) == 0 && list[0] != '\0')
		log_info("the stacks:%s", list);
	free(list);
	free(stacks);
}

/* The process may be gone afterwards. *@ret_leaves: a thread of it that is kept is not to be resumed. */
static void act(struct break_event *event, bool *ret_leaves)
{
	const struct break_settings *settings = event->session->options->breaks;
	struct process *process = event->process;

	*ret_leaves = false;
	switch (settings->action) {
	case BREAK_STACK:
		say_stack(event);
		break;
	case BREAK_CORE:
		break_core_write(event);
		break;
	case BREAK_KILL:
		kill(process->pid, SIGKILL);
		*ret_leaves = true;
		break;
	case BREAK_COMMAND:
		run_command(event, settings->command);
		break;
	case BREAK_STOP:
	case BREAK_GDB:
		process->state->breaks.left_tid = event->tid;
		if (process->is_untraced) {
			kill(process->pid, SIGSTOP);
			event->session->breaks.is_due = true;
			break;
		}
		let_go_standing(event->session, process);
		*ret_leaves = true;
		break;
	}
}

static void say(const struct break_event *event)
{
	static const char *const done[] = {
		[BREAK_STACK] = "its stacks follow",
		[BREAK_STOP] = "it is stopped",
		[BREAK_CORE] = "its core file is next",
		[BREAK_KILL] = "it is killed",
		[BREAK_GDB] = "gdb gets it",
		[BREAK_COMMAND] = "the command is run",
	};
	const struct break_settings *settings = event->session->options->breaks;

	log_info("break: %s: process %d (%s) has %.1f MiB, in thread %d: %s", event->text,
		 event->process->pid, event->process->name, (double)event->bytes / MIB, event->tid,
		 done[settings->action]);
}

/* The first condition of @due; all of them have led to this break. */
static const char *take_due(struct session *session, struct process *process, unsigned due)
{
	const struct break_settings *settings = session->options->breaks;
	struct break_watch *watch = process->state->breaks.watch;
	const char *text = NULL;

	for (size_t i = 0; i < settings->condition_count; i++) {
		if (!(due & (1U << i)))
			continue;
		if (text == NULL)
			text = settings->conditions[i].text;
		session->breaks.count[i]++;
		watch->done |= 1U << i;
	}
	return text;
}

static bool may_break(const struct session *session, const struct process *process)
{
	const struct process_leave_state *leave = &process->state->leave;

	return !session->is_releasing && !process->is_unfollowed && !process->shares_memory &&
	       leave->on_behalf_of == 0 && leave->caller == 0 &&
	       process->state->breaks.left_tid == 0;
}

/* @kept: NULL: nobody is. */
static void deal(struct session *session, struct process *process, unsigned due,
		 struct tracee *kept)
{
	const struct break_settings *settings = session->options->breaks;
	struct break_event event = { .session = session, .process = process, .kept = kept };
	const struct tracee *about = kept != NULL ? kept : break_place_thread(settings, process);
	bool leaves = process->state->leave.on_behalf_of != 0; /* it stays in its stop for that */

	/* Another thread may have been there before it. */
	if (!settings->every)
		due &= ~process->state->breaks.watch->done;
	if (due != 0 && may_break(session, process) &&
	    (about != NULL || !break_place_is_limited(settings))) {
		event.tid = about != NULL ? about->tid : process->pid;
		event.bytes = process->state->breaks.bytes;
		event.text = take_due(session, process, due);
		mark(&event);
		say(&event);
		act(&event, &leaves);
	}
	if (event.kept != NULL && !leaves)
		error_free(dispatch_resume(event.kept, 0));
}

/* What is due of a process, or of a thread of it that is kept, is taken out of the books. 0: nothing is. */
static unsigned take_due_of(const struct process *process, struct tracee **ret_kept)
{
	struct process_break_state *breaks = &process->state->breaks;
	unsigned due = breaks->due;

	breaks->due = 0;
	*ret_kept = NULL;
	for (struct tracee *it = process->threads; due == 0 && it != NULL; it = it->next) {
		struct thread_state *state = it->state;
		due = state->breaks.due;
		state->breaks.due = 0;
		*ret_kept = due != 0 && it->is_stopped ? it : NULL;
	}
	return due;
}

/* A process with something due; NULL: there is none any more. */
static struct process *next_due(const struct session *session, unsigned *ret_due,
				struct tracee **ret_kept)
{
	size_t cursor = 0;
	struct process *process;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		*ret_due = take_due_of(process, ret_kept);
		if (*ret_due != 0)
			return process;
	}
	return NULL;
}

/* Those that have left, and stand still now. */
static void look_at_left(struct session *session)
{
	const struct break_settings *settings = session->options->breaks;
	size_t cursor = 0;
	struct process *process;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		pid_t *left_tid = &process->state->breaks.left_tid;
		if (!process->is_untraced || *left_tid == 0)
			continue;
		if (settings->action == BREAK_GDB) {
			gdb_hand_over_look(session, process, left_tid);
			continue;
		}
		tell_standing(process);
		*left_tid = 0;
	}
}

void breaks_run(struct session *session)
{
	struct tracee *kept;
	struct process *process;
	unsigned due;

	if (!session->breaks.is_due && !gdb_hand_over_is_over(session))
		return;
	session->breaks.is_due = false;
	while ((process = next_due(session, &due, &kept)) != NULL)
		deal(session, process, due, kept);
	look_at_left(session);
	if (gdb_hand_over_is_over(session) &&
	    target_process(&session->target, session->breaks.gdb_pid) == NULL)
		gdb_hand_over_drop(session);
}

void breaks_end(const struct session *session)
{
	const struct break_settings *settings = session->options->breaks;
	size_t cursor = 0;
	const struct process *process;

	if (settings == NULL || settings->action != BREAK_GDB)
		return;
	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		bool is_stopped = process->is_untraced || process->state->leave.is_stopped;
		if (process->state->breaks.left_tid != 0 && is_stopped &&
		    process->pid != session->breaks.gdb_pid)
			kill(process->pid, SIGCONT);
	}
}

bool breaks_wait(const struct session *session)
{
	return session->breaks.gdb_pid != 0;
}

/* "12.3 MiB", or what it has grown by. */
static void tell_unmet(const struct session *session, size_t number)
{
	const struct break_condition *condition = &session->options->breaks->conditions[number];
	const struct session_counts *counts = &session->counts;
	const uint64_t peak_bytes = counts->main_peak.bytes > counts->child_peak.bytes
					    ? counts->main_peak.bytes
					    : counts->child_peak.bytes;
	char seen[256] = "";
	size_t used = 0;

	for (size_t i = 0; i < condition->term_count && used < sizeof(seen); i++) {
		const struct break_term *term = &condition->terms[i];
		uint64_t bytes = session->breaks.highest.bytes[number][i];
		/* Also between samples, as the kernel has it. */
		if (term->figure == BREAK_MEMORY && peak_bytes > bytes)
			bytes = peak_bytes;
		const double mib = (double)bytes / MIB;
		used += (size_t)snprintf(
			seen + used, sizeof(seen) - used, "%s%s %.1f MiB", i > 0 ? ", " : "",
			term->figure == BREAK_MEMORY ? "the highest memory of a process was"
						     : "the most that one grew in that time was",
			mib);
	}
	if (condition->term_count == 0)
		log_warning("no break: there was no %s", condition->text);
	else
		log_warning("no break: %s was never so at a sample or a probe; %s", condition->text,
			    seen);
}

void breaks_tell(const struct session *session)
{
	const struct break_settings *settings = session->options->breaks;

	for (size_t i = 0; settings != NULL && i < settings->condition_count; i++) {
		if (session->breaks.count[i] == 0)
			tell_unmet(session, i);
	}
}
