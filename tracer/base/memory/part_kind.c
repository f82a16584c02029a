/* What memory is made of; see part_kind.h. Base layer. */
#include "tracer/base/memory/part_kind.h"

#include <string.h>

static const struct part_traits traits[] = {
	[PART_ANON] = { "anon", "anonymous", NULL },
	[PART_FILE] = { "file", "files", NULL },
	[PART_SHMEM] = { "shmem", "shared memory", NULL },
	[PART_SWAP] = { "swap", "swapped out", NULL },
	[PART_HUGETLB] = { "hugetlb", "huge pages (hugetlbfs)", NULL },
	[PART_HEAP] = { "heap", "heap", NULL },
	[PART_ARENA] = { "arena", "malloc arenas", NULL },
	[PART_MMAP] = { "mmap", "anonymous mappings", NULL },
	[PART_STACK] = { "stack", "stacks", NULL },
	[PART_LIBRARY] = { "library", "libraries", "other libraries" },
	[PART_MAPPED] = { "mapped", "mapped files", "other files" },
	[PART_SHARED] = { "shared", "shared memory", "shared memory" },
	[PART_JIT] = { "jit", "JIT code", NULL },
	[PART_OURS] = { "ours", "mprof-trace's own", NULL },
	[PART_OTHER] = { "other", "the kernel's", NULL },
	[PART_MAPS] = { "maps", "all mappings", NULL },
};
_Static_assert(sizeof(traits) / sizeof(traits[0]) == PART_KINDS, "a kind without its row");

const struct part_traits *part_traits(enum part_kind kind)
{
	return &traits[kind];
}

bool part_kind_find(const char *word, size_t bytes, enum part_kind *ret)
{
	for (int i = 0; i < PART_KINDS; i++) {
		if (strlen(traits[i].word) == bytes && memcmp(traits[i].word, word, bytes) == 0) {
			*ret = (enum part_kind)i;
			return true;
		}
	}
	return false;
}
