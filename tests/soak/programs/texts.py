"""What all generated programs have in common (generate.py): their main(), and functions that the walkers call."""

LIBRARY_ENTRY = """
EXTERNuint64_t library_entry(struct th *t, uint64_t x);
uint64_t library_entry(struct th *t, uint64_t x)
{
	uint64_t result = WALK(t, x);
	MARKED;
	return result;
}
"""

THROWN = """
struct thrown {
	uint64_t value;
	unsigned jumps;
};
"""

# Its destructor calls while frames are thrown past, and else.
GUARD = """
static __attribute__((noinline)) void guard_ends(struct th *t, unsigned how)
{
	ENTER(t, guard_ends);
	t->sum += how;
	LEAVE(t, guard_ends);
}

struct guard {
	struct th *t;
	uint32_t depth;
	unsigned how;
	guard(struct th *thread, uint32_t depth_of, unsigned how_of) : t(thread), depth(depth_of), how(how_of) {}
	~guard()
	{
		book_put(t->log, CAUGHT, 0, depth);
		t->depth = depth;
		guard_ends(t, how);
		t->depth = depth;
	}
};
"""

VALUES = """
#include <stdarg.h>

struct large {
	uint64_t word[7];
};

static __attribute__((noinline)) struct large passes_large(struct th *t, struct large value, uint64_t by)
{
	ENTER(t, passes_large);
	for (unsigned i = 1; i < 7; i++)
		value.word[i] = value.word[i - 1] * 3 + by;
	LEAVE(t, passes_large);
	return value;
}

static __attribute__((noinline)) uint64_t takes_many(struct th *t, int count, ...)
{
	ENTER(t, takes_many);
	va_list list;
	va_start(list, count);
	uint64_t value = va_arg(list, uint64_t);
	value += (uint64_t)va_arg(list, double);
	value += va_arg(list, uint64_t);
	va_end(list);
	LEAVE(t, takes_many);
	return value;
}

static __attribute__((noinline)) double takes_reals(struct th *t, double a, float b, long double c)
{
	ENTER(t, takes_reals);
	double value = a * 2 + (double)b + (double)c;
	LEAVE(t, takes_reals);
	return value;
}

static __attribute__((noinline, noreturn)) void never_returns(struct th *t, uint64_t value)
{
	ENTER(t, never_returns);
	t->sum += value % 3 + depth_ % 2;
	siglongjmp(t->jump[next(t) % t->jumps].state, 1);
}

"""

MAIN = """
uint64_t walk_one(struct th *t)
{
	return table[next(t) % (sizeof(table) / sizeof(table[0]))](t, t->sum);
}

uint64_t walk_some(struct th *t, int64_t budget)
{
	uint64_t a = 1;
	uint32_t depth = t->depth;
	const unsigned jumps = t->jumps, catchers = t->catchers;

	t->jumps = t->catchers = 0;
	t->budget = budget;
	while (t->budget > 0) {
		t->budget--;
		a = a * 3 + table[next(t) % (sizeof(table) / sizeof(table[0]))](t, a);
		t->depth = depth;
	}
	t->jumps = jumps;
	t->catchers = catchers;
	return a;
}

static const struct {
	void (*run)(struct th *, uint64_t);
	uint64_t p;
} phases[] = {
PHASES};

static __attribute__((noinline)) void at_exit(void)
{
	struct th *t = self;
	if (t == NULL)
		return;
	ENTER(t, at_exit);
	t->sum++;
	LEAVE(t, at_exit);
	book_put(t->log, EXITS, 0, 0);
}

static void round_of(struct th *t, char *text, size_t size)
{
	size_t length = 0;

	for (unsigned i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
		phases[i].run(t, phases[i].p);
		t->depth = 0;
		if (length < size)
			length += (size_t)snprintf(text + length, size - length, "%u: %llx\\n", i, (unsigned long long)t->sum);
	}
}

/* usage: program | program child SEED | program loop STOP_FILE */
int main(int argc, char **argv)
{
	static struct th t;
	static char first[4096], other[4096];
	const char *stop = getenv("SOAK_STOP");
	struct book *book = book_open();

	th_init(&t, book, SEED);
	signals_handle();
	void *stack = signals_begin(&t, HAS_STACK);
	atexit(at_exit);
	if (argc > 2 && strcmp(argv[1], "child") == 0) {
		t.random += (uint64_t)atoi(argv[2]);
		return (int)(walk_some(&t, 30) & 63);
	}
	round_of(&t, first, sizeof(first));
	dprintf(1, "%s", first);
	unsigned same = 1, rounds = 1;
	while (stop != NULL && access(stop, F_OK) != 0 && book->logs < BOOK_LOGS - 300) {
		book->rounds = rounds++;
		signals_end(&t, stack);
		th_init(&t, book, SEED);
		stack = signals_begin(&t, HAS_STACK);
		round_of(&t, other, sizeof(other));
		if (same && strcmp(first, other) != 0) {
			dprintf(1, "in round %u:\\n%s", rounds, other);
			same = 0;
		}
	}
	while (stop != NULL && access(stop, F_OK) != 0)
		usleep(10000);
	dprintf(1, "%s\\n", same ? "the same each time" : "another time another result");
	return (int)(t.sum & 63);
}
"""
