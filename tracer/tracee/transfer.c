/* Completes a transfer that our stop has cut short; see transfer.h. Tracee layer. */
#include "tracer/tracee/transfer.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tracer/arch/arch.h"
#include "tracer/base/log.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/proc/signal_state.h"

/* What a system call asks for. */
enum transfer_shape {
	SHAPE_BUFFER,  /* (fd, buffer, bytes, flags, ...) */
	SHAPE_VECTOR,  /* (fd, parts, count) */
	SHAPE_MESSAGE, /* (fd, message, flags) */
	SHAPE_FILE,    /* (fd, file, offset, bytes): the kernel itself moves the offset on */
};

struct transfer_kind {
	long number;
	long rest_number; /* moves one part of the rest; the same where a filter allows it */
	enum transfer_shape shape;
	bool has_flags;
	bool is_receipt;
};

/*
 * Those that give less than was asked for only if something has come in between. A read does so by
 * nature, and so do splice and vmsplice.
 */
static const struct transfer_kind KINDS[] = {
	{ SYS_write, SYS_write, SHAPE_BUFFER, false, false },
	{ SYS_writev, SYS_write, SHAPE_VECTOR, false, false },
	{ SYS_sendto, SYS_sendto, SHAPE_BUFFER, true, false },
	{ SYS_sendmsg, SYS_sendto, SHAPE_MESSAGE, true, false },
	{ SYS_sendfile, SYS_sendfile, SHAPE_FILE, false, false },
	{ SYS_recvfrom, SYS_recvfrom, SHAPE_BUFFER, true, true },
	{ SYS_recvmsg, SYS_recvfrom, SHAPE_MESSAGE, true, true },
};

/* Each call moves no more: MAX_RW_COUNT of the kernel, in whole pages of any size. */
static const uint64_t CALL_BYTES_MAX = 0x7fff0000;

struct transfer {
	struct user_regs_struct saved; /* behind the cut call */
	const struct transfer_kind *kind;
	uint64_t arguments[6]; /* of the call for the rest */
	uint64_t done_bytes;   /* moved so far, by the cut call and by ours */
	uint64_t wanted_bytes; /* in all */
	uint64_t asked_bytes;  /* by the call of ours that runs */
	bool is_inside;	       /* between the two syscall-stops of such a call */
	bool is_given_up;      /* the running call is the last one */
	size_t part_count;     /* of SHAPE_FILE: none */
	struct iovec parts[];
};

static const struct transfer_kind *kind_of(long number)
{
	for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		if (KINDS[i].number == number)
			return &KINDS[i];
	}
	return NULL;
}

/* With other flags the rest is no continuation: data would be seen twice, or out of band. */
static bool flags_are_plain(const struct transfer_kind *kind, uint64_t flags)
{
	const uint64_t send_flags =
		MSG_NOSIGNAL | MSG_DONTWAIT | MSG_MORE | MSG_EOR | MSG_DONTROUTE;
	const uint64_t receive_flags = MSG_WAITALL | MSG_NOSIGNAL | MSG_DONTWAIT | MSG_CMSG_CLOEXEC;

	if (kind->is_receipt)
		return (flags & MSG_WAITALL) != 0 && (flags & ~receive_flags) == 0;
	return (flags & ~send_flags) == 0;
}

static bool socket_is_stream(pid_t pid, int fd)
{
	int type = 0;
	socklen_t bytes = sizeof(type);

	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	int socket = pidfd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	bool is_stream = socket >= 0 &&
			 getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &bytes) == 0 &&
			 type == SOCK_STREAM;
	if (socket >= 0)
		close(socket);
	if (pidfd >= 0)
		close(pidfd);
	return is_stream;
}

/*
 * Whether a short count on this file has to do with signals: a full disk or a limit has other reasons,
 * and a datagram is as long as it is.
 */
static bool file_is_stream(const struct tracee *tracee, int fd)
{
	char path[64];
	struct stat facts;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", tracee->tid, fd);
	if (stat(path, &facts) != 0)
		return false;
	return S_ISFIFO(facts.st_mode) ||
	       (S_ISSOCK(facts.st_mode) && socket_is_stream(tracee->process->pid, fd));
}

/*
 * Where the parts of the transfer are and how many; *@ret_parts is 0 when the arguments themselves say
 * it. False: the rest cannot be made.
 */
static bool parts_find(const struct tracee *tracee, const struct transfer_kind *kind,
		       const uint64_t arguments[6], taddr_t *ret_parts, size_t *ret_count)
{
	enum { PARTS_MAX = 1024 }; /* UIO_MAXIOV of the kernel */
	struct msghdr message;

	*ret_parts = taddr(0);
	*ret_count = kind->shape == SHAPE_BUFFER ? 1 : 0;
	if (kind->shape == SHAPE_VECTOR) {
		*ret_parts = taddr(arguments[1]);
		*ret_count = arguments[2];
	}
	if (kind->shape == SHAPE_MESSAGE) {
		struct error *err = address_space_read(tracee->process->space, taddr(arguments[1]),
						       &message, sizeof(message));
		bool is_plain =
			err == NULL && message.msg_control == NULL && message.msg_name == NULL;
		error_free(err);
		if (!is_plain)
			return false;
		*ret_parts = taddr((uintptr_t)message.msg_iov);
		*ret_count = message.msg_iovlen;
	}
	return *ret_count <= PARTS_MAX;
}

/* NULL in *@ret: there is no rest to be made. */
static struct error *transfer_create(const struct tracee *tracee,
				     const struct user_regs_struct *regs,
				     const struct transfer_kind *kind, struct transfer **ret)
{
	uint64_t arguments[6];
	taddr_t parts;
	size_t count;

	*ret = NULL;
	arch_syscall_arguments(regs, arguments);
	uint64_t flags = arguments[kind->shape == SHAPE_MESSAGE ? 2 : 3];
	if ((kind->has_flags && !flags_are_plain(kind, flags)) ||
	    !file_is_stream(tracee, (int)arguments[0]) ||
	    !parts_find(tracee, kind, arguments, &parts, &count))
		return NULL;
	struct transfer *transfer = calloc(1, sizeof(*transfer) + count * sizeof(struct iovec));
	if (transfer == NULL)
		return error_no_memory();
	*ret = transfer;
	transfer->saved = *regs;
	transfer->kind = kind;
	memcpy(transfer->arguments, arguments, sizeof(arguments));
	transfer->part_count = count;
	transfer->done_bytes = (uint64_t)arch_syscall_result(regs);
	if (kind->shape == SHAPE_BUFFER)
		transfer->parts[0] = (struct iovec){ (void *)arguments[1], arguments[2] };
	if (kind->shape == SHAPE_FILE)
		transfer->wanted_bytes = arguments[3];
	if (kind->shape == SHAPE_MESSAGE) { /* as sendto and recvfrom have them */
		transfer->arguments[3] = flags;
		transfer->arguments[4] = transfer->arguments[5] = 0;
	}
	if (parts.value == 0)
		return NULL;
	return address_space_read(tracee->process->space, parts, transfer->parts,
				  count * sizeof(struct iovec));
}

/* Sets the registers to a call for the rest, or for a part of it. */
static struct error *transfer_ask(const struct tracee *tracee)
{
	struct transfer *transfer = tracee->transfer;
	struct user_regs_struct regs = transfer->saved;
	uint64_t skipped = transfer->done_bytes;
	size_t i = 0;

	transfer->asked_bytes = transfer->wanted_bytes - transfer->done_bytes;
	if (transfer->kind->shape == SHAPE_FILE)
		transfer->arguments[3] = transfer->asked_bytes;
	else {
		while (skipped >= transfer->parts[i].iov_len) /* the rest begins in one of them */
			skipped -= transfer->parts[i++].iov_len;
		transfer->asked_bytes = transfer->parts[i].iov_len - skipped;
		transfer->arguments[1] = (uintptr_t)transfer->parts[i].iov_base + skipped;
		transfer->arguments[2] = transfer->asked_bytes;
	}
	arch_syscall_prepare(&regs, arch_syscall_insn_before(&regs), transfer->kind->rest_number,
			     transfer->arguments);
	return ptrace_set_regs(tracee->tid, &regs);
}

/* A signal is on its way: it would have cut the call, too. A filter may not know the call for the rest. */
static bool may_ask(const struct tracee *tracee, const struct transfer_kind *kind)
{
	struct signal_state state;

	struct error *err = signal_state_read(tracee->tid, &state);
	bool may = err == NULL && ((state.pending | state.pending_shared) & ~state.blocked) == 0 &&
		   (kind->number == kind->rest_number || !state.has_seccomp);
	error_free(err);
	return may;
}

static bool is_behind_syscall(const struct tracee *tracee, const struct user_regs_struct *regs)
{
	uint8_t code[8] = { 0 };

	size_t got = address_space_read_some(tracee->process->space, arch_syscall_insn_before(regs),
					     code, arch_syscall_insn_bytes);
	return got == arch_syscall_insn_bytes && memcmp(code, arch_syscall_insn, got) == 0;
}

struct error *transfer_begin(struct tracee *tracee)
{
	struct user_regs_struct regs;
	struct transfer *transfer;

	if (tracee->transfer != NULL || tracee->process->space == NULL)
		return NULL;
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL || !arch_is_in_syscall(&regs) || !arch_is_supported(&regs) ||
	    arch_syscall_result(&regs) <= 0)
		return err;
	const struct transfer_kind *kind = kind_of(arch_syscall_number(&regs));
	if (kind == NULL || !may_ask(tracee, kind) || !is_behind_syscall(tracee, &regs))
		return NULL;
	err = transfer_create(tracee, &regs, kind, &transfer);
	if (err != NULL || transfer == NULL) {
		free(transfer);
		return err;
	}
	for (size_t i = 0; i < transfer->part_count; i++)
		transfer->wanted_bytes += transfer->parts[i].iov_len;
	if (transfer->done_bytes >= transfer->wanted_bytes ||
	    transfer->wanted_bytes > CALL_BYTES_MAX) {
		free(transfer);
		return NULL;
	}
	tracee->transfer = transfer;
	log_debug("thread %d: %lu of %lu bytes are moved, the rest follows", tracee->tid,
		  (unsigned long)transfer->done_bytes, (unsigned long)transfer->wanted_bytes);
	return transfer_ask(tracee);
}

struct error *transfer_end(struct tracee *tracee)
{
	struct transfer *transfer = tracee->transfer;
	struct user_regs_struct regs;

	struct error *err = transfer->is_inside ? ptrace_get_regs(tracee->tid, &regs) : NULL;
	if (err == NULL && transfer->is_inside && arch_syscall_result(&regs) > 0)
		transfer->done_bytes += (uint64_t)arch_syscall_result(&regs);
	log_debug("thread %d: %lu of %lu bytes are moved", tracee->tid,
		  (unsigned long)transfer->done_bytes, (unsigned long)transfer->wanted_bytes);
	arch_syscall_return(&transfer->saved, (long)transfer->done_bytes);
	if (err == NULL)
		err = ptrace_set_regs(tracee->tid, &transfer->saved);
	tracee->transfer = NULL;
	free(transfer);
	return err;
}

/* Whether a call has moved nothing because of a stop or a signal, and is to be made again. */
static bool is_restarted(long result)
{
	/* linux/errno.h; a tracer sees them. */
	enum { ERESTARTSYS = 512, ERESTARTNOINTR = 513, ERESTARTNOHAND = 514 };

	return result == -EINTR || result == -ERESTARTSYS || result == -ERESTARTNOINTR ||
	       result == -ERESTARTNOHAND;
}

static struct error *transfer_continue(struct tracee *tracee)
{
	struct transfer *transfer = tracee->transfer;
	struct user_regs_struct regs;

	if (!transfer->is_inside) {
		transfer->is_inside = true;
		return NULL;
	}
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL)
		return err;
	long result = arch_syscall_result(&regs);
	bool is_whole = result > 0 && (uint64_t)result == transfer->asked_bytes;
	bool is_cut = is_restarted(result) || (result > 0 && tracee->is_interrupted);
	transfer->is_inside = false;
	transfer->done_bytes += result > 0 ? (uint64_t)result : 0;
	/* What fails, or ends, now would have been told to the program by its next call. */
	if (transfer->done_bytes == transfer->wanted_bytes || transfer->is_given_up ||
	    (!is_whole && !is_cut) || !may_ask(tracee, transfer->kind))
		return transfer_end(tracee);
	return transfer_ask(tracee);
}

struct error *transfer_stop(struct tracee *tracee, bool is_syscall_stop, bool is_interruption)
{
	if (is_syscall_stop)
		return transfer_continue(tracee);
	/* Between two calls, then; a signal or a group-stop would have cut the program's own call. */
	return is_interruption && !tracee->transfer->is_given_up ? NULL : transfer_end(tracee);
}

void transfer_give_up(struct tracee *tracee)
{
	tracee->transfer->is_given_up = true;
}
