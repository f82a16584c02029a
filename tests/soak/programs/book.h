/*
 * The book that a random program keeps of itself (tests/soak/programs): what each of its threads has entered and left,
 * in which order, when, and how deep. It lies in the file $BOOK, which its children and the programs that it
 * executes map as well; check.py reads it. Without $BOOK it is kept all the same, for nobody.
 *
 * A thread writes to a log of its own, and so does a handler of signals that come at any time. Functions that are
 * called too often to be written down one by one are counted (HOT). The names of functions are numbers here: generate.py
 * finds all ENTER and HOT in the sources, and writes the enum and the list.
 */
#ifndef SOAK_BOOK_H
#define SOAK_BOOK_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { BOOK_EVENTS = 6144, BOOK_FUNCTIONS = 128, BOOK_DEEPEST = 512, BOOK_LOGS = 2048, JUMPS = 24 };

/* CAUGHT: what was open at this depth and deeper has been thrown past. TAIL: the function is left as the one that it is
 * about to call is. FORKED: open in the parent at the fork; SHARED: at a vfork. FIBER: @depth is the number of the stack that is on from here.
 * GAINS: @depth is what the function gains, in MiB. */
enum book_kind {
	ENTERED,
	LEFT,
	CAUGHT,
	TAIL,
	FORKED,
	FIBER,
	THREAD_ENDS,
	EXITS,
	EXECUTES,
	GAINS,
	SHARED
};

struct book_event {
	int64_t time_ns; /* CLOCK_MONOTONIC */
	uint16_t function;
	uint16_t kind;
	uint32_t depth; /* calls around it on its stack */
};

struct book_log {
	int32_t pid, tid;
	uint32_t is_async; /* of a handler that interrupts anything */
	uint32_t count;	   /* of events; more than BOOK_EVENTS: the rest was not written */
	uint64_t entered[BOOK_FUNCTIONS], hot[BOOK_FUNCTIONS];
	struct book_event events[BOOK_EVENTS];
};

struct book {
	uint32_t logs, rounds;
	struct book_log log[BOOK_LOGS];
};

struct jump {
	sigjmp_buf state;
};

/* A thread of control. */
struct th {
	struct book *book;
	struct book_log *log;
	struct th *async; /* of the handler that interrupts anything */
	uint32_t depth;
	uint64_t random;
	int64_t budget;			/* calls that it may still make */
	unsigned jumps;			/* places that may be jumped to */
	unsigned catchers;		/* try blocks around */
	unsigned is_handling, is_quiet; /* within a handler; must get no signal */
	char *fault_page;
	uint64_t sum;
	struct jump jump[JUMPS];
	uint16_t open
		[BOOK_DEEPEST]; /* what is open, at each depth: not in the book, which a forked child shares */
};

#define INLINE static inline __attribute__((always_inline, unused))

INLINE int64_t book_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ll + now.tv_nsec;
}

INLINE void book_put(struct book_log *log, unsigned kind, unsigned function, uint32_t depth)
{
	uint32_t i = log->count++;

	if (i >= BOOK_EVENTS)
		return;
	log->events[i].function = (uint16_t)function;
	log->events[i].depth = depth;
	log->events[i].kind = (uint16_t)kind;
	log->events[i].time_ns = book_now_ns();
}

INLINE uint32_t book_enter(struct th *t, unsigned function)
{
	struct book_log *log = t->log;
	uint32_t depth = t->depth++;

	log->entered[function]++;
	t->open[depth % BOOK_DEEPEST] = (uint16_t)function;
	book_put(log, ENTERED, function, depth);
	return depth;
}

INLINE void book_leave(struct th *t, unsigned function, uint32_t depth)
{
	book_put(t->log, LEFT, function, depth);
	t->depth = depth;
}

#define ENTER(t, name) const uint32_t depth_ = book_enter(t, F_##name)
#define LEAVE(t, name) book_leave(t, F_##name, depth_)
/* What is behind a call that may be thrown past: no other way leads to this instruction, so that it is not taken for a return. */
#define MARKED_2(line) __asm__ volatile("nop # " #line "." __FILE__ ::: "memory")
#define MARKED_1(line) MARKED_2(line)
#define MARKED MARKED_1(__LINE__)
/* Back in a function, from one that may have ended by a tail call. */
#define BACK(t) ((t)->depth = depth_ + 1)
#define TAILS(t, name) book_put((t)->log, TAIL, F_##name, depth_)
#define CATCHES(t) (book_put((t)->log, CAUGHT, 0, depth_ + 1), BACK(t))
#define HOT(t, name, count_) ((t)->log->hot[F_##name] += (count_))

static __attribute__((unused, noinline)) struct book_log *book_new_log(struct book *book,
								       unsigned is_async)
{
	uint32_t number = __atomic_fetch_add(&book->logs, 1, __ATOMIC_RELAXED);

	if (number >= BOOK_LOGS) {
		dprintf(2, "the book is full\n");
		_exit(99);
	}
	struct book_log *log = &book->log[number];
	log->is_async = is_async;
	log->tid = (int32_t)syscall(SYS_gettid);
	log->pid = (int32_t)getpid();
	return log;
}

static __attribute__((unused, noinline)) struct book *book_open(void)
{
	const char *path = getenv("BOOK");
	int fd = path != NULL ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;

	if (fd >= 0 && ftruncate(fd, sizeof(struct book)) != 0)
		_exit(98);
	void *at = mmap(NULL, sizeof(struct book), PROT_READ | PROT_WRITE,
			fd >= 0 ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, fd, 0);
	if (at == MAP_FAILED)
		_exit(98);
	if (fd >= 0)
		close(fd);
	return (struct book *)at;
}

/* A thread's own state, when it begins. */
static __attribute__((unused, noinline)) void th_init(struct th *t, struct book *book,
						      uint64_t seed)
{
	t->book = book;
	t->log = book_new_log(book, 0);
	t->async = NULL;
	t->depth = 0;
	t->random = seed * 2862933555777941757ull + 3037000493ull;
	t->budget = 0;
	t->jumps = t->catchers = t->is_handling = t->is_quiet = 0;
	t->fault_page = NULL;
	t->sum = 0;
}

/* The same in a child: a log of its own, with what is open in it by inheritance, FORKED or SHARED. */
static __attribute__((unused, noinline)) void th_in_child(struct th *t, enum book_kind kind)
{
	t->log = book_new_log(t->book, 0);
	for (uint32_t i = 0; i < t->depth; i++)
		book_put(t->log, kind, t->open[i % BOOK_DEEPEST], i);
	if (kind == FORKED)
		t->async = NULL;
	t->jumps = t->catchers = 0;
}

INLINE uint64_t next(struct th *t)
{
	t->random = t->random * 6364136223846793005ull + 1442695040888963407ull;
	return t->random >> 33;
}

INLINE int may_call(struct th *t)
{
	return t->depth < 48 && t->budget > 0 && t->budget-- > 0;
}

#endif
