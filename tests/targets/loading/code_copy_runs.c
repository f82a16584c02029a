/* flags: -pthread */
/* variants: function page segment through_mem moved file_private file_shared shared shared_overwritten threads near beside */
/*
 * A program that copies its own code and runs the copy: a function, its page, its whole segment, by
 * memcpy, through /proc/self/mem, by moving the page, through a file, in memory that is shared, near to the original
 * and beside it. Its functions are hot before that.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "expect.h"

enum { PAGE = 4096, FUNCTION_BYTES = 64, HOT_CALLS = 1000 };

long relative(long x);
extern const char relative_data[];

/* Its first instruction refers to what lies beside it: to the copy's own in a copy. */
asm(".p2align 12\n" ASM_FUNCTION(
	relative) "	lea relative_data(%rip),%rax\n"
		  "	mov (%rax),%rax\n"
		  "	add %rdi,%rax\n"
		  "	ret\n"
		  "	.skip 18, 0x90\n"
		  "relative_data:\n"
		  "	.quad 1000\n" ASM_END(relative) ".skip 64, 0x90\n" ASM_FUNCTION(
			  counts) "	push %rbx\n"
				  "	mov %rdi,%rbx\n"
				  "	lea 7(%rbx,%rbx,2),%rax\n"
				  "	add $11,%rax\n"
				  "	pop %rbx\n"
				  "	ret\n" ASM_END(counts) ".skip 64, 0x90\n" ASM_FUNCTION(
					  loops) "	mov %rdi,%rax\n"
						 "1:	sub $-127,%rax\n"
						 "	dec %rdi\n"
						 "	jg 1b\n"
						 "	ret\n" ASM_END(loops) ".p2align 12\n");
long counts(long x);
/* A jump over its first five bytes would be in the way of the loop. */
long loops(long x);

typedef long (*function_t)(long);

static char *new_memory(int flags, int fd)
{
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, flags, fd, 0);
	if (memory == MAP_FAILED) {
		say("no memory can be mapped in this way here");
		_exit(77);
	}
	return memory;
}

static char *private_memory(void)
{
	return new_memory(MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

/* The copies are called as the originals would be, and more than once. */
static void call(const char *page)
{
	const size_t distance = (size_t)((uintptr_t)counts - (uintptr_t)relative);
	const size_t of_loops = (size_t)((uintptr_t)loops - (uintptr_t)relative);

	for (int i = 0; i < 3; i++)
		say("%ld %ld %ld", ((function_t)(uintptr_t)page)(i),
		    ((function_t)(uintptr_t)(page + distance))(i),
		    ((function_t)(uintptr_t)(page + of_loops))(i));
}

struct together {
	pthread_barrier_t barrier;
	char *page;
};

static void *call_often(void *argument)
{
	struct together *all = argument;
	long sum = 0;

	pthread_barrier_wait(&all->barrier);
	for (int i = 0; i < 100; i++)
		sum += ((function_t)(uintptr_t)all->page)(i);
	return (void *)sum;
}

static void copy_function(void)
{
	char *copy = private_memory();
	memcpy(copy + 100, (const void *)(uintptr_t)counts, FUNCTION_BYTES);
	say("%ld %ld", ((function_t)(uintptr_t)(copy + 100))(1),
	    ((function_t)(uintptr_t)(copy + 100))(2));
	/* The same place, with another function. */
	memcpy(copy + 100, (const void *)(uintptr_t)relative, FUNCTION_BYTES);
	say("%ld", ((function_t)(uintptr_t)(copy + 100))(1));
	memcpy(copy + 100, (const void *)(uintptr_t)loops, FUNCTION_BYTES);
	say("%ld", ((function_t)(uintptr_t)(copy + 100))(1));
}

static void copy_segment(void)
{
	extern const char etext[];
	uintptr_t start = (uintptr_t)relative & ~(uintptr_t)(PAGE - 1);
	size_t bytes = ((uintptr_t)etext - start + PAGE - 1) & ~(size_t)(PAGE - 1);
	char *copy = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memcpy(copy, (const void *)start, (uintptr_t)etext - start);
	mprotect(copy, bytes, PROT_READ | PROT_EXEC);
	call(copy);
}

static void copy_through_mem(void)
{
	char *copy = private_memory();
	int mem = open("/proc/self/mem", O_RDONLY);

	if (pread(mem, copy, PAGE, (off_t)(uintptr_t)relative) != PAGE)
		say("not read");
	call(copy);
}

static void move_page(void)
{
	char *copy = private_memory();

	copy = mremap((void *)(uintptr_t)relative, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, copy);
	if (copy == MAP_FAILED)
		say("not moved");
	call(copy);
}

static void copy_by_file(int flags)
{
	int file = memfd_create("code", 0);

	if (write(file, (const void *)(uintptr_t)relative, PAGE) != PAGE)
		say("not written");
	call(new_memory(flags, file));
}

static void copy_shared(int overwrites)
{
	char *copy = new_memory(MAP_SHARED | MAP_ANONYMOUS, -1);

	memcpy(copy, (const void *)(uintptr_t)relative, PAGE);
	memcpy(copy + (relative_data - (const char *)(uintptr_t)relative), "\5\0\0", 3);
	if (overwrites) {
		for (int i = 0; i < 4; i++) {
			memcpy(copy, (const void *)(uintptr_t)(i % 2 ? relative : counts),
			       FUNCTION_BYTES);
			say("%ld", ((function_t)(uintptr_t)copy)(1));
		}
		return;
	}
	call(copy);
}

/* In the program's own data, a few pages away. */
static void copy_near(void)
{
	static char copy[PAGE] __attribute__((aligned(PAGE)));

	if (mprotect(copy, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) {
		say("data may not be executed here");
		_exit(77);
	}
	call(memcpy(copy, (const void *)(uintptr_t)relative, PAGE));
}

/* In the page of the original. */
static void copy_beside(void)
{
	char *page = (char *)(uintptr_t)relative;

	if (mprotect(page, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) {
		say("code may not be written here");
		_exit(77);
	}
	for (int i = 1; i < 6; i++) {
		char *copy = page + 512 * i;
		memcpy(copy, (const void *)(uintptr_t)counts, FUNCTION_BYTES);
		say("%ld", ((function_t)(uintptr_t)copy)(i));
		memcpy(copy + 256, (const void *)(uintptr_t)loops, FUNCTION_BYTES);
		say("%ld", ((function_t)(uintptr_t)(copy + 256))(i));
	}
}

static void copy_by_threads(void)
{
	struct together shared;
	pthread_t threads[4];
	void *sum;

	for (int round = 0; round < 10; round++) {
		shared.page = private_memory();
		memcpy(shared.page, (const void *)(uintptr_t)relative, PAGE);
		pthread_barrier_init(&shared.barrier, NULL, 4);
		for (int i = 0; i < 4; i++)
			pthread_create(&threads[i], NULL, call_often, &shared);
		for (int i = 0; i < 4; i++) {
			pthread_join(threads[i], &sum);
			if ((long)sum != 100 * 1000 + 4950)
				say("sum %ld", (long)sum);
		}
	}
}

int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "function";

	long sum = 0;
	expect("calls relative %d", HOT_CALLS);
	expect("calls counts %d", HOT_CALLS);
	expect("calls loops %d", HOT_CALLS);
	for (int i = 0; i < HOT_CALLS; i++)
		sum += relative(i) + counts(i) + loops(i);
	say("sum %ld", sum);
	if (strcmp(way, "function") == 0)
		copy_function();
	else if (strcmp(way, "page") == 0)
		call(memcpy(private_memory(), (const void *)(uintptr_t)relative, PAGE));
	else if (strcmp(way, "segment") == 0)
		copy_segment();
	else if (strcmp(way, "through_mem") == 0)
		copy_through_mem();
	else if (strcmp(way, "moved") == 0)
		move_page();
	else if (strcmp(way, "file_private") == 0)
		copy_by_file(MAP_PRIVATE);
	else if (strcmp(way, "file_shared") == 0)
		copy_by_file(MAP_SHARED);
	else if (strcmp(way, "shared") == 0)
		copy_shared(0);
	else if (strcmp(way, "shared_overwritten") == 0)
		copy_shared(1);
	else if (strcmp(way, "threads") == 0)
		copy_by_threads();
	else if (strcmp(way, "near") == 0)
		copy_near();
	else if (strcmp(way, "beside") == 0)
		copy_beside();
	say("done");
	return 0;
}
