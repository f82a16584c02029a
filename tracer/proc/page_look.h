/*
 * What a page of a running process is, without stopping it (proc layer): from /proc/PID/pagemap.
 */
#ifndef PROC_PAGE_LOOK_H
#define PROC_PAGE_LOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum page_kind {
	PAGE_UNKNOWN, /* it is not there any more, or the process is not, or it may not be looked at */
	PAGE_SMALL, /* one page of its own */
	PAGE_HUGE,  /* a part of a huge page */
	PAGE_ZERO, /* it was only read: the kernel's page of zeros stands for it, and counts nowhere */
	PAGE_OF_FILE, /* of a file, or shared memory */
};

/* The process looked at last: many looks follow each other. Zeroed it is none. */
struct page_look {
	pid_t pid;	    /* 0: none */
	int fd;		    /* its pagemap; -1: it cannot be read */
	bool is_old_kernel; /* before Linux 6.7, which does not tell huge pages */
};

enum page_kind page_look_at(struct page_look *look, pid_t pid, uint64_t address);

/* Nothing stays open: to be called when a row of looks is over, as a pid may get another program, or be another's. */
void page_look_end(struct page_look *look);

/* What of a process is in memory, in pages: of all, and of files and shared memory. False: it is gone. */
bool page_look_resident(pid_t pid, uint64_t *ret_all, uint64_t *ret_shared);

/* Whether programs may get huge pages without more ado than madvise(2); and without that. */
bool page_huge_is_possible(void);
bool page_huge_is_usual(void);

/* Of a huge page, in bytes. */
uint64_t page_huge_bytes(void);

#endif
