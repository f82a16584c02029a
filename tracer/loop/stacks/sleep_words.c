/* Names of system calls that threads sleep in; see stacks.h. Loop layer. */
#include <stdio.h>
#include <sys/syscall.h>

#include "tracer/base/machine.h"
#include "tracer/loop/stacks/stacks.h"

/* Those in which one may sleep long; "a system call" does for the others. */
static const struct {
	long number;
	const char *name;
} words[] = {
	{ SYS_futex, "futex" },
	{ SYS_nanosleep, "nanosleep" },
	{ SYS_clock_nanosleep, "clock_nanosleep" },
	{ SYS_read, "read" },
	{ SYS_write, "write" },
	{ SYS_readv, "readv" },
	{ SYS_writev, "writev" },
	{ SYS_pread64, "pread64" },
	{ SYS_pwrite64, "pwrite64" },
	{ MACHINE_SYS_POLL, "poll" },
	{ SYS_ppoll, "ppoll" },
	{ MACHINE_SYS_SELECT, "select" },
	{ SYS_pselect6, "pselect6" },
	{ MACHINE_SYS_EPOLL_WAIT, "epoll_wait" },
	{ SYS_epoll_pwait, "epoll_pwait" },
	{ SYS_wait4, "wait4" },
	{ SYS_waitid, "waitid" },
	{ MACHINE_SYS_PAUSE, "pause" },
	{ SYS_rt_sigsuspend, "rt_sigsuspend" },
	{ SYS_rt_sigtimedwait, "rt_sigtimedwait" },
	{ SYS_accept, "accept" },
	{ SYS_accept4, "accept4" },
	{ SYS_connect, "connect" },
	{ SYS_recvfrom, "recvfrom" },
	{ SYS_recvmsg, "recvmsg" },
	{ SYS_recvmmsg, "recvmmsg" },
	{ SYS_sendto, "sendto" },
	{ SYS_sendmsg, "sendmsg" },
	{ SYS_flock, "flock" },
	{ SYS_fcntl, "fcntl" },
	{ SYS_fsync, "fsync" },
	{ SYS_fdatasync, "fdatasync" },
	{ MACHINE_SYS_OPEN, "open" },
	{ SYS_openat, "openat" },
	{ SYS_close, "close" },
	{ SYS_semop, "semop" },
	{ SYS_semtimedop, "semtimedop" },
	{ SYS_msgrcv, "msgrcv" },
	{ SYS_msgsnd, "msgsnd" },
	{ SYS_io_getevents, "io_getevents" },
	{ SYS_mmap, "mmap" },
	{ SYS_munmap, "munmap" },
	{ SYS_mremap, "mremap" },
	{ SYS_madvise, "madvise" },
	{ SYS_mprotect, "mprotect" },
	{ SYS_brk, "brk" },
	{ MACHINE_SYS_VFORK, "vfork" },
	{ SYS_restart_syscall, "restart_syscall" },
	{ SYS_getdents64, "getdents64" },
	{ SYS_copy_file_range, "copy_file_range" },
	{ SYS_sendfile, "sendfile" },
	{ SYS_splice, "splice" },
};

const char *stacks_sleep_word(const struct thread_look *look)
{
	if (look->activity != THREAD_ASLEEP)
		return "";
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].number == look->syscall)
			return words[i].name;
	}
	return "a system call";
}
