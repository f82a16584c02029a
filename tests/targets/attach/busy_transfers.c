/*
 * Pairs of threads between which a MiB (16 with -b) goes at a time: one moves it in one blocking call that must
 * give all of it, the other one slowly in pieces; see busy.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/targets/attach/busy.h"

enum { WHOLE_BYTES = 1 << 20, PIECE_BYTES = 1 << 16, FAST_FACTOR = 16, PARTS = 16 };

/* The factor is 1 without -b. */
static size_t whole_bytes = WHOLE_BYTES, piece_bytes = PIECE_BYTES;
static unsigned char contents[WHOLE_BYTES * FAST_FACTOR];
static int contents_fd; /* a file with them */

struct transfer_kind {
	const char *name;
	bool (*open)(int fds[2]); /* 0: read from, 1: written to */
	ssize_t (*send)(int fd, size_t offset, size_t bytes);
	ssize_t (*receive)(int fd, unsigned char *ret, size_t bytes);
	bool is_sender_whole;
	bool may_be_short; /* the call gives what there is */
};

static bool open_pipe(int fds[2])
{
	return pipe(fds) == 0;
}

static bool open_unix(int fds[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0;
}

static bool open_tcp(int fds[2])
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t bytes = sizeof(address);

	int listener = socket(AF_INET, SOCK_STREAM, 0);
	fds[1] = socket(AF_INET, SOCK_STREAM, 0);
	bool is_right = bind(listener, (struct sockaddr *)&address, bytes) == 0 &&
			listen(listener, 1) == 0 &&
			getsockname(listener, (struct sockaddr *)&address, &bytes) == 0 &&
			connect(fds[1], (struct sockaddr *)&address, bytes) == 0;
	fds[0] = is_right ? accept(listener, NULL, NULL) : -1;
	close(listener);
	return fds[0] >= 0;
}

static ssize_t send_write(int fd, size_t offset, size_t bytes)
{
	return write(fd, contents + offset, bytes);
}

static ssize_t send_send(int fd, size_t offset, size_t bytes)
{
	return send(fd, contents + offset, bytes, MSG_NOSIGNAL);
}

static void parts_of(struct iovec parts[PARTS], size_t offset, size_t bytes)
{
	for (size_t i = 0; i < PARTS; i++)
		parts[i] = (struct iovec){ contents + offset + i * (bytes / PARTS), bytes / PARTS };
}

static ssize_t send_writev(int fd, size_t offset, size_t bytes)
{
	struct iovec parts[PARTS];

	parts_of(parts, offset, bytes);
	return writev(fd, parts, PARTS);
}

static ssize_t send_sendmsg(int fd, size_t offset, size_t bytes)
{
	struct iovec parts[PARTS];
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = PARTS };

	parts_of(parts, offset, bytes);
	return sendmsg(fd, &message, MSG_NOSIGNAL);
}

static ssize_t send_sendfile(int fd, size_t offset, size_t bytes)
{
	off_t from = (off_t)offset;

	return sendfile(fd, contents_fd, &from, bytes);
}

static ssize_t send_splice(int fd, size_t offset, size_t bytes)
{
	loff_t from = (loff_t)offset;

	return splice(contents_fd, &from, fd, NULL, bytes, 0);
}

static ssize_t send_vmsplice(int fd, size_t offset, size_t bytes)
{
	const struct iovec all = { contents + offset, bytes };

	return vmsplice(fd, &all, 1, 0);
}

static ssize_t receive_read(int fd, unsigned char *ret, size_t bytes)
{
	return read(fd, ret, bytes);
}

static ssize_t receive_all(int fd, unsigned char *ret, size_t bytes)
{
	return recv(fd, ret, bytes, MSG_WAITALL);
}

static ssize_t receive_message(int fd, unsigned char *ret, size_t bytes)
{
	struct iovec halves[] = { { ret, bytes / 2 }, { ret + bytes / 2, bytes - bytes / 2 } };
	struct msghdr message = { .msg_iov = halves, .msg_iovlen = 2 };

	return recvmsg(fd, &message, MSG_WAITALL);
}

static const struct transfer_kind KINDS[] = {
	{ "write to a pipe", open_pipe, send_write, receive_read, true, false },
	{ "writev to a pipe", open_pipe, send_writev, receive_read, true, false },
	{ "vmsplice to a pipe", open_pipe, send_vmsplice, receive_read, true, true },
	{ "splice to a pipe", open_pipe, send_splice, receive_read, true, true },
	{ "send to a Unix socket", open_unix, send_send, receive_read, true, false },
	{ "sendmsg to a Unix socket", open_unix, send_sendmsg, receive_read, true, false },
	{ "sendfile to a Unix socket", open_unix, send_sendfile, receive_read, true, false },
	{ "send by TCP", open_tcp, send_send, receive_read, true, false },
	{ "sendfile by TCP", open_tcp, send_sendfile, receive_read, true, false },
	{ "recv with MSG_WAITALL", open_unix, send_send, receive_all, false, false },
	{ "recvmsg with MSG_WAITALL", open_unix, send_send, receive_message, false, false },
	{ "recv with MSG_WAITALL by TCP", open_tcp, send_send, receive_all, false, false },
};

/* One call's result; how much it moved. */
static size_t take_result(struct worker *worker, ssize_t result, size_t wanted, bool may_be_short)
{
	if (result < 0) {
		if (errno == EINTR)
			worker->tally.eintr++;
		else
			tally_wrong(&worker->tally, errno);
		return 0;
	}
	if ((size_t)result < wanted && !may_be_short)
		worker->tally.shorts++;
	return (size_t)result;
}

static void *sender_run(void *argument)
{
	struct worker *worker = argument;
	const struct transfer_kind *kind = worker->kind;
	bool is_whole = kind->is_sender_whole;

	while (!atomic_load(&is_ending) && worker->tally.wrong < 10) {
		for (size_t done = 0; done < whole_bytes && worker->tally.wrong < 10;) {
			size_t wanted = is_whole ? whole_bytes - done : piece_bytes;
			if (!is_whole && wanted > whole_bytes - done)
				wanted = whole_bytes - done;
			ssize_t result = kind->send(worker->fds[1], done, wanted);
			done += take_result(worker, result, wanted, kind->may_be_short || !is_whole);
			if (!is_whole && !settings.is_fast)
				pause_ns(5 * NS_PER_MS);
		}
		worker->tally.rounds++;
	}
	shutdown(worker->fds[1], SHUT_WR);
	close(worker->fds[1]);
	return argument;
}

static void *receiver_run(void *argument)
{
	struct worker *worker = argument;
	const struct transfer_kind *kind = worker->kind;
	bool is_whole = !kind->is_sender_whole;
	unsigned char *got = malloc(whole_bytes);

	for (size_t done = 0; worker->tally.wrong < 10;) {
		size_t wanted = whole_bytes - done;
		if (!is_whole && wanted > piece_bytes)
			wanted = piece_bytes;
		ssize_t result = kind->receive(worker->fds[0], got, wanted);
		if (result == 0) {
			if (done != 0)
				tally_wrong(&worker->tally, ENODATA);
			break;
		}
		size_t moved = take_result(worker, result, wanted, !is_whole);
		if (moved > 0 && memcmp(got, contents + done, moved) != 0)
			tally_wrong(&worker->tally, EILSEQ);
		done += moved;
		if (done == whole_bytes) {
			done = 0;
			worker->tally.rounds++;
		}
		if (!is_whole && !settings.is_fast)
			pause_ns(5 * NS_PER_MS);
	}
	free(got);
	close(worker->fds[0]);
	return argument;
}

static bool fill_contents(void)
{
	unsigned seed = 4711;

	for (size_t i = 0; i < whole_bytes; i++)
		contents[i] = (unsigned char)rand_r(&seed);
	contents_fd = memfd_create("contents", MFD_CLOEXEC);
	return contents_fd >= 0 && write(contents_fd, contents, whole_bytes) == (ssize_t)whole_bytes;
}

void transfers_start(void)
{
	whole_bytes *= settings.is_fast ? FAST_FACTOR : 1;
	piece_bytes *= settings.is_fast ? FAST_FACTOR : 1;
	if (!fill_contents()) {
		perror("busy: memfd");
		exit(2);
	}
	for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		struct worker *sender = worker_add(KINDS[i].name, &KINDS[i]);
		struct worker *receiver = worker_add("  its other end", &KINDS[i]);
		if (!KINDS[i].is_sender_whole) {
			sender->tally.name = receiver->tally.name;
			receiver->tally.name = KINDS[i].name;
		}
		if (!KINDS[i].open(sender->fds)) {
			perror(KINDS[i].name);
			exit(2);
		}
		receiver->fds[0] = sender->fds[0];
		worker_start(sender, sender_run);
		worker_start(receiver, receiver_run);
	}
}
