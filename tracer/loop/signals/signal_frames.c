/* Signal handlers that threads were in when they were attached to; see signal_frames.h. Loop layer. */
#include "tracer/loop/signals/signal_frames.h"

#include <string.h>

#include "tracer/arch/arch.h"
#include "tracer/base/log.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/probe/image.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/ptrace_ops.h"

enum {
	/* A thread that is stopped waits for us meanwhile. Deeper stacks are not known, then. */
	STACK_BYTES_MAX = 8 << 20,
	/* Handlers may have stacks of their own (sigaltstack(2)): one leads to the next. */
	STACKS_MAX = 16,
};

struct stack_part {
	taddr_t from, end;
};

/* What is read of one thread. */
struct looking {
	struct image *image;
	pid_t tid;
	struct stack_part parts[STACKS_MAX];
	size_t count;
	bool is_cut; /* there are more, or larger ones */
	int signal;
	taddr_t found;
};

/* The stack that @sp is on, unless it is known already. */
static void add_part(struct looking *looking, taddr_t sp)
{
	for (size_t i = 0; i < looking->count; i++) {
		const struct stack_part *known = &looking->parts[i];
		if (sp.value >= known->from.value && sp.value < known->end.value)
			return;
	}
	taddr_t end = image_mapping_end(looking->image, looking->tid, sp);
	if (end.value == 0) /* nothing can return there */
		return;
	bool is_whole = end.value - sp.value <= STACK_BYTES_MAX;
	looking->is_cut |= !is_whole || looking->count == STACKS_MAX;
	if (is_whole && looking->count < STACKS_MAX)
		looking->parts[looking->count++] = (struct stack_part){ sp, end };
}

static bool is_unblocking(const uint64_t *words, int signal)
{
	taddr_t pc, sp;
	uint64_t mask;

	return arch_signal_frame(words, &pc, &sp) && arch_signal_frame_mask(words, &mask) &&
	       !signal_set_has(mask, signal);
}

/* The first that returns to where @looking's signal is not blocked. */
static void find_unblocking(struct looking *looking, taddr_t at, const uint64_t *words,
			    size_t count)
{
	for (size_t i = 0; i < count && looking->found.value == 0; i++) {
		if (is_unblocking(&words[i], looking->signal))
			looking->found = taddr_add(at, i * sizeof(words[0]));
	}
}

/* Notes what may be frames, as far as they begin in the first @count of @words. */
static void note_frames(struct looking *looking, taddr_t at, const uint64_t *words, size_t count)
{
	taddr_t pc, sp;

	(void)at;
	for (size_t i = 0; i < count; i++) {
		if (!arch_signal_frame(&words[i], &pc, &sp))
			continue;
		image_cut(looking->image, pc);
		if (injected_at(&looking->image->injected, pc) != NULL)
			looking->image->injected.keeps_used = true;
		add_part(looking, sp);
	}
}

static void read_part(struct looking *looking, const struct stack_part *part,
		      void (*note)(struct looking *, taddr_t, const uint64_t *, size_t))
{
	enum { WORDS = 4096, OVERLAP = ARCH_SIGNAL_FRAME_WORDS - 1 };
	const struct address_space *space = looking->image->space;
	uint64_t words[OVERLAP + WORDS];
	size_t kept = 0, got = sizeof(uint64_t) * WORDS;

	/* The kernel aligns frames, and a stack pointer to words. */
	for (uint64_t at = part->from.value & ~UINT64_C(7);
	     at < part->end.value && got == sizeof(uint64_t) * WORDS; at += got) {
		got = address_space_read_some(space, taddr(at), words + kept,
					      sizeof(uint64_t) * WORDS);
		const size_t count = kept + got / sizeof(uint64_t);
		const size_t whole = count > OVERLAP ? count - OVERLAP : 0;
		note(looking, taddr(at - kept * sizeof(words[0])), words, whole);
		kept = count - whole;
		memmove(words, words + whole, kept * sizeof(words[0]));
	}
}

static void read_stacks(struct tracee *tracee, taddr_t sp)
{
	struct looking looking = { .image = tracee->process->space->image, .tid = tracee->tid };

	tracee->state->hit.frames = FRAMES_UNKNOWABLE;
	add_part(&looking, sp);
	for (size_t i = 0; i < looking.count; i++)
		read_part(&looking, &looking.parts[i], note_frames);
	if (looking.count > 0 && !looking.is_cut)
		tracee->state->hit.frames = FRAMES_KNOWN;
	else
		log_debug("which signal handlers thread %d is in is not known: its stack is too "
			  "large",
			  tracee->tid);
}

static bool is_due(const struct tracee *tracee)
{
	const struct address_space *space = tracee->process->space;

	return tracee->state->hit.frames == FRAMES_UNREAD && space != NULL && space->image != NULL;
}

void signal_frames_expect(struct tracee *tracee)
{
	tracee->state->hit.frames = FRAMES_UNREAD;
}

void signal_frames_copy(struct tracee *child, const struct tracee *parent)
{
	child->state->hit.frames = parent->state->hit.frames;
}

void signal_frames_forget(struct tracee *tracee)
{
	tracee->state->hit.frames = FRAMES_KNOWN;
}

struct error *signal_frames_read_stopped(struct tracee *tracee)
{
	taddr_t pc, sp;

	if (!is_due(tracee))
		return NULL;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err == NULL)
		read_stacks(tracee, sp);
	return err;
}

void signal_frames_read_asleep(struct tracee *tracee, taddr_t sp)
{
	if (is_due(tracee))
		read_stacks(tracee, sp);
}

bool signal_frames_are_known(const struct tracee *tracee)
{
	return tracee->state->hit.frames == FRAMES_KNOWN;
}

taddr_t signal_frames_unblocking(const struct tracee *tracee, taddr_t sp, int signal)
{
	const struct address_space *space = tracee->process->space;
	struct looking looking = { .tid = tracee->tid, .signal = signal };

	if (space == NULL || space->image == NULL)
		return taddr(0);
	looking.image = space->image;
	add_part(&looking, sp);
	if (looking.count > 0)
		read_part(&looking, &looking.parts[0], find_unblocking);
	return looking.found;
}

bool signal_frames_unblocks(const struct tracee *tracee, taddr_t frame, int signal)
{
	uint64_t words[ARCH_SIGNAL_FRAME_WORDS];

	return address_space_read_some(tracee->process->space, frame, words, sizeof(words)) ==
		       sizeof(words) &&
	       is_unblocking(words, signal);
}
