/*
 * Room for much that malloc(3) will be asked for (base layer).
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stddef.h>

/*
 * Says that about @bytes will be allocated soon, in pieces of any size: the heap grows by as much, in huge
 * pages where the system has them. What is not used of it is not touched, but counts in RLIMIT_DATA.
 * Under a hypervisor a page fault was seen to cost 11 us, and a page that is a part of a huge one 0.3; after
 * a fork(2) all are met again. Nothing happens where the heap cannot grow so, or for little.
 */
void heap_expect(size_t bytes);

#endif
