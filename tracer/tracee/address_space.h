/*
 * One memory, shared by the threads of a process and by its vfork children (tracee layer).
 *
 * Reads and writes go through /proc/PID/mem, which also writes to code that is mapped read-only and
 * needs no stop.
 */
#ifndef TRACEE_ADDRESS_SPACE_H
#define TRACEE_ADDRESS_SPACE_H

#include <stddef.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

struct process; /* target.h owns the type */
struct image;	/* the modules and sites in it; probe/image.h owns the type */

struct address_space {
	unsigned users;		   /* processes in it */
	struct process *processes; /* the same, once process_enter_space has been told of them */
	pid_t pid;		   /* of one of them */
	int mem_fd; /* /proc/PID/mem: stays with this memory, even when the process execs; -1: there
		       was no descriptor for it, and each access opens it anew */
	bool is_forbidden;   /* we may not touch it (a program that may not be read, or made itself
			      undumpable) */
	struct image *image; /* NULL: nothing was ever inserted. Managed by the probe layer */
};

/* The memory that process @pid has now; *@ret has one user. Access that is refused is no error. */
struct error *address_space_open(pid_t pid, struct address_space **ret) MUST_CHECK;

/* One more user; returns @space. */
struct address_space *address_space_share(struct address_space *space);

/* One user less. With the last one the memory is closed; its image must be gone by then. */
void address_space_close(struct address_space *space);

/*
 * Why nothing can be read any more: ERR_GONE once its last process has ended, or another error for want of
 * descriptors. NULL: what can be read is mapped, or we may not touch it at all.
 */
struct error *address_space_check(const struct address_space *space) MUST_CHECK;

/*
 * All @bytes or an error: ERR_GONE when the memory no longer exists; ERR_UNMAPPED when nothing is there that could be
 * read: a library may be unloaded at any time, and a file that is mapped be truncated.
 */
struct error *address_space_read(const struct address_space *space, taddr_t from, void *ret,
				 size_t bytes) MUST_CHECK;
struct error *address_space_write(const struct address_space *space, taddr_t to, const void *from,
				  size_t bytes) MUST_CHECK;

/* As many as are readable from @from on, up to @bytes; 0 when none is. */
size_t address_space_read_some(const struct address_space *space, taddr_t from, void *ret,
			       size_t bytes);

#endif
