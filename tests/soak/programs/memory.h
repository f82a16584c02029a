/* What a random program (tests/soak/programs) does with memory, descriptors, limits and libraries. */
#ifndef SOAK_MEMORY_H
#define SOAK_MEMORY_H

#include <sys/resource.h>
#include <sys/shm.h>
#ifndef SOAK_STATIC
#include <dlfcn.h>
#endif

#include "signals.h"

/* Each of these gains, or gives back, so many MiB; check.py knows of which kind by the name: gain_KIND, give_KIND. */
static __attribute__((noinline)) char *gain_anonymous(struct th *t, size_t mib)
{
	ENTER(t, gain_anonymous);
	book_put(t->log, GAINS, F_gain_anonymous, (uint32_t)mib);
	char *at = (char *)mmap(NULL, mib << 20, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(at, mib << 20, MADV_NOHUGEPAGE);
	memset(at, 1, mib << 20);
	LEAVE(t, gain_anonymous);
	return at;
}

static __attribute__((noinline)) void give_anonymous(struct th *t, char *at, size_t mib)
{
	ENTER(t, give_anonymous);
	book_put(t->log, GAINS, F_give_anonymous, (uint32_t)mib);
	munmap(at, mib << 20);
	LEAVE(t, give_anonymous);
}

static __attribute__((noinline)) void give_pages(struct th *t, char *at, size_t mib)
{
	ENTER(t, give_pages);
	book_put(t->log, GAINS, F_give_pages, (uint32_t)mib);
	madvise(at, mib << 20, MADV_DONTNEED);
	LEAVE(t, give_pages);
}

static __attribute__((noinline)) char *gain_shared(struct th *t, size_t mib)
{
	ENTER(t, gain_shared);
	book_put(t->log, GAINS, F_gain_shared, (uint32_t)mib);
	char *at = (char *)mmap(NULL, mib << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
				-1, 0);

	memset(at, 1, mib << 20);
	LEAVE(t, gain_shared);
	return at;
}

static __attribute__((noinline)) char *gain_memfd(struct th *t, size_t mib)
{
	ENTER(t, gain_memfd);
	book_put(t->log, GAINS, F_gain_memfd, (uint32_t)mib);
	int fd = memfd_create("soak", MFD_CLOEXEC);
	char *at = NULL;

	if (ftruncate(fd, (off_t)(mib << 20)) == 0)
		at = (char *)mmap(NULL, mib << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	memset(at, 1, mib << 20);
	LEAVE(t, gain_memfd);
	return at;
}

static __attribute__((noinline)) void phase_memory(struct th *t, uint64_t p)
{
	ENTER(t, phase_memory);
	size_t mib = 2 + p % 6;
	char *a = gain_anonymous(t, mib), *b = gain_shared(t, mib), *c = gain_memfd(t, mib);

	t->sum += (unsigned)a[p % 4096] + (unsigned)b[77] + (unsigned)c[4097];
	give_pages(t, a, mib);
	char *moved = (char *)mremap(a, mib << 20, mib << 21, MREMAP_MAYMOVE);
	t->sum += (unsigned)moved[5];
	give_anonymous(t, moved, mib * 2);
	munmap(b, mib << 20);
	munmap(c, mib << 20);
	char *huge = (char *)mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(huge, 8 << 20, MADV_HUGEPAGE);
	memset(huge, 1, p % 2 ? 1 : 8 << 20);
	munmap(huge, 8 << 20);
	void *blocks[40];
	for (unsigned i = 0; i < 40; i++)
		blocks[i] = memset(malloc(100 + next(t) % 200000), 1, 100);
	for (unsigned i = 0; i < 40; i++)
		free(blocks[(i * 7) % 40]);
	LEAVE(t, phase_memory);
}

/* Whether its pages are huge or not, so much comes in. */
static __attribute__((noinline)) char *gain_thp(struct th *t, size_t mib)
{
	ENTER(t, gain_thp);
	book_put(t->log, GAINS, F_gain_thp, (uint32_t)mib);
	char *at = (char *)mmap(NULL, mib << 20, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(at, mib << 20, MADV_HUGEPAGE);
	memset(at, 1, mib << 20);
	LEAVE(t, gain_thp);
	return at;
}

/* Where the machine has huge pages to give; NULL: it has none. */
static __attribute__((noinline)) char *gain_hugetlb(struct th *t, size_t mib)
{
	ENTER(t, gain_hugetlb);
	char *at = (char *)mmap(NULL, mib << 20, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

	if (at == MAP_FAILED)
		at = NULL;
	if (at != NULL) {
		book_put(t->log, GAINS, F_gain_hugetlb, (uint32_t)mib);
		memset(at, 1, mib << 20);
	}
	LEAVE(t, gain_hugetlb);
	return at;
}

static __attribute__((noinline)) char *gain_sysv(struct th *t, size_t mib)
{
	ENTER(t, gain_sysv);
	book_put(t->log, GAINS, F_gain_sysv, (uint32_t)mib);
	int id = shmget(IPC_PRIVATE, mib << 20, IPC_CREAT | 0600);
	char *at = (char *)shmat(id, NULL, 0);

	shmctl(id, IPC_RMID, NULL);
	memset(at, 1, mib << 20);
	LEAVE(t, gain_sysv);
	return at;
}

static __attribute__((noinline)) void phase_huge(struct th *t, uint64_t p)
{
	ENTER(t, phase_huge);
	size_t mib = 2 + p % 3 * 2;
	char *a = gain_thp(t, mib), *b = gain_hugetlb(t, mib), *c = gain_sysv(t, mib);

	t->sum += (unsigned)a[p % (mib << 20)] + (unsigned)c[4097];
	t->sum += walk_some(t, 20);
	BACK(t);
	madvise(a, 1 << 20, MADV_DONTNEED); /* a huge page is split */
	t->sum += (unsigned)a[p % 4096] + (unsigned)a[(2 << 20) - 1];
	munmap(a, mib << 20);
	if (b != NULL)
		munmap(b, mib << 20);
	shmdt(c);
	LEAVE(t, phase_huge);
}

/* A stack that grows page by page. */
static __attribute__((noinline)) uint64_t deep(struct th *t, unsigned deeper)
{
	ENTER(t, deep);
	volatile char frame[4000];
	uint64_t value = deeper;

	frame[0] = (char)deeper;
	if (deeper > 0)
		value += deep(t, deeper - 1);
	value += (unsigned char)frame[0];
	LEAVE(t, deep);
	return value;
}

static __attribute__((noinline)) void phase_stack(struct th *t, uint64_t p)
{
	ENTER(t, phase_stack);
	t->sum += deep(t, 100 + (unsigned)(p % 300));
	t->sum += deep(t, 10);
	LEAVE(t, phase_stack);
}

static __attribute__((noinline)) uint64_t closes_all(struct th *t)
{
	ENTER(t, closes_all);
	syscall(SYS_close_range, 3u, ~0u, 0u);
	LEAVE(t, closes_all);
	return 1;
}

static __attribute__((noinline)) void phase_descriptors(struct th *t, uint64_t p)
{
	ENTER(t, phase_descriptors);
	int ends[2];

	t->sum += closes_all(t);
	if (pipe(ends) != 0)
		_exit(97);
	t->sum += (unsigned)(ends[0] * 10 + ends[1]);
	for (int i = 0; i < 30 + (int)(p % 100); i++)
		t->sum += (unsigned)dup(ends[0]);
	t->sum += walk_some(t, 20);
	BACK(t);
	t->sum += closes_all(t);
	LEAVE(t, phase_descriptors);
}

static __attribute__((noinline)) void phase_limits(struct th *t, uint64_t p)
{
	ENTER(t, phase_limits);
	static const int kinds[] = { RLIMIT_NOFILE, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_FSIZE,
				     RLIMIT_NPROC };
	struct rlimit old, limit;
	int kind = kinds[p % 5];

	if (getrlimit((__rlimit_resource_t)kind, &old) != 0)
		_exit(97);
	limit = old;
	limit.rlim_cur = kind == RLIMIT_STACK	 ? 4 << 20
			 : kind == RLIMIT_NOFILE ? 16
			 : kind == RLIMIT_FSIZE	 ? 1 << 30
						 : 0;
	t->sum += (unsigned)setrlimit((__rlimit_resource_t)kind, &limit);
	t->sum += (uint64_t)old.rlim_cur + walk_some(t, 20);
	BACK(t);
	setrlimit((__rlimit_resource_t)kind, &old);
	LEAVE(t, phase_limits);
}

static __attribute__((noinline)) void phase_walk(struct th *t, uint64_t p)
{
	ENTER(t, phase_walk);
	t->sum += walk_some(t, 50 + (int64_t)(p % 500));
	BACK(t);
	LEAVE(t, phase_walk);
}

#ifndef SOAK_STATIC
/* Libraries that come and go. */
static __attribute__((noinline)) void phase_libraries(struct th *t, uint64_t p)
{
	ENTER(t, phase_libraries);
	for (unsigned i = 0; i < 1 + p % 4; i++) {
		char path[4096];
		snprintf(path, sizeof(path), "%s/libgenerated%d.so", getenv("SOAK_LIBRARIES"),
			 (int)((p / 8 + i) % 2));
		void *library = dlopen(path, (p + i) & 4 ? RTLD_NOW : RTLD_LAZY);
		if (library == NULL) {
			dprintf(2, "%s\n", dlerror());
			_exit(97);
		}
		uint64_t (*call)(struct th *, uint64_t);
		*(void **)&call = dlsym(library, "library_entry");
		t->budget = 40;
		t->sum += call(t, p + i);
		BACK(t);
		if (!(p & 512))
			dlclose(library);
	}
	LEAVE(t, phase_libraries);
}
#endif

#endif
