/*
 * What `make demo` records: about five seconds of a program whose memory grows and shrinks in
 * functions worth a bracket, some inside others, and two forked children with curves of their own.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MIB = 1 << 20, REST_MS = 60 }; /* rests keep the brackets apart */

/* A stack of blocks of 1 MiB, all of their pages touched. */
struct store {
	char *blocks[256];
	size_t count;
	long step_ms; /* time that one block takes */
};

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

static void grow(struct store *store, size_t mib)
{
	while (mib-- > 0 && store->count < sizeof(store->blocks) / sizeof(store->blocks[0])) {
		char *block = malloc(MIB);
		if (block == NULL) {
			fprintf(stderr, "demo: out of memory\n");
			exit(EXIT_FAILURE);
		}
		memset(block, 1, MIB);
		store->blocks[store->count++] = block;
		pause_ms(store->step_ms);
	}
}

static void shrink(struct store *store, size_t mib)
{
	while (mib-- > 0 && store->count > 0) {
		free(store->blocks[--store->count]);
		pause_ms(store->step_ms);
	}
}

static void load_table(struct store *store)
{
	grow(store, 80);
}

/* Needs twice what it leaves behind. */
static void merge_run(struct store *store)
{
	grow(store, 24);
	pause_ms(60);
	shrink(store, 12);
}

static void build_index(struct store *store)
{
	for (int run = 0; run < 3; run++) {
		pause_ms(REST_MS);
		merge_run(store);
		pause_ms(REST_MS);
	}
}

static void answer(struct store *store, size_t mib)
{
	grow(store, mib);
	shrink(store, mib);
}

static void answer_queries(struct store *store)
{
	for (size_t query = 0; query < 4; query++) {
		answer(store, 6 + 3 * query);
		pause_ms(2 * REST_MS);
	}
}

static void drop_cache(struct store *store)
{
	shrink(store, store->count);
}

static void child_sort(struct store *store)
{
	store->step_ms = 25;
	grow(store, 50);
	pause_ms(600);
	shrink(store, 40);
	pause_ms(300);
}

static void child_render(struct store *store)
{
	store->step_ms = 12;
	for (int frame = 0; frame < 5; frame++) {
		grow(store, 24);
		shrink(store, 20);
	}
}

static void start_child(void (*work)(struct store *))
{
	pid_t pid = fork();
	if (pid < 0) {
		perror("demo: fork");
		exit(EXIT_FAILURE);
	}
	if (pid == 0) {
		work(&(struct store){ .count = 0 });
		_exit(EXIT_SUCCESS);
	}
}

int main(void)
{
	/* Without this, blocks once freed would come from the heap and stay in it. */
	mallopt(M_MMAP_THRESHOLD, MIB / 2);

	struct store store = { .step_ms = 9 };
	pause_ms(2 * REST_MS);
	start_child(child_sort);
	pause_ms(2 * REST_MS);
	start_child(child_render);
	pause_ms(2 * REST_MS);
	load_table(&store);
	pause_ms(REST_MS);
	build_index(&store);
	pause_ms(2 * REST_MS);
	answer_queries(&store);
	drop_cache(&store);
	while (wait(NULL) > 0)
		;
	printf("demo: done\n");
	return EXIT_SUCCESS;
}
