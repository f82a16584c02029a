/* What the terminal says it can show; see term_query.h. Plot layer. */
#include "plot/term/term_query.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tracer/base/clock.h"

/*
 * Three questions at once: a picture of one dot, not to be shown (the kitty graphics protocol); the
 * size of a character in dots (xterm's window operation 16); and the device's attributes (DA1,
 * ECMA-48), which every terminal answers, the last. Who knows a question not leaves it out.
 */
static const char QUESTION[] = "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\"
			       "\033[16t"
			       "\033[c";

/*
 * A terminal at the other side of the earth, or on a busy machine, has as much time; a mute one costs no
 * more. An answer that comes later is typed at the user's shell.
 */
static const int64_t ANSWER_NS = 1000000000;

/* The numbers of "\033[?62;4;22c" and their like. Returns how many; @end is behind them. */
static size_t read_numbers(const char *at, const char *end, unsigned *numbers, size_t room,
			   const char **ret_end)
{
	size_t count = 0;

	while (at < end && count < room) {
		unsigned number = 0;
		for (; at < end && *at >= '0' && *at <= '9'; at++)
			number = number < 100000 ? number * 10 + (unsigned)(*at - '0') : number;
		numbers[count++] = number;
		if (at == end || *at != ';')
			break;
		at++;
	}
	*ret_end = at;
	return count;
}

static void read_sequence(struct term_answer *ret, const char *at, const char *end)
{
	static const unsigned sixel = 4, cell_size = 6;
	unsigned numbers[32];
	bool is_private = at < end && *at == '?';

	size_t count = read_numbers(at + is_private, end, numbers, 32, &at);
	if (at == end)
		return;
	if (is_private && *at == 'c') {
		ret->is_complete = true;
		for (size_t i = 1; i < count; i++)
			ret->has_sixel = ret->has_sixel || numbers[i] == sixel;
	} else if (!is_private && *at == 't' && count == 3 && numbers[0] == cell_size &&
		   numbers[1] <= 1000 && numbers[2] <= 1000) {
		ret->cell_height = numbers[1];
		ret->cell_width = numbers[2];
	}
}

void term_answer_read(struct term_answer *ret, const char *text, size_t bytes)
{
	static const char yes[] = "\033_Gi=31;OK\033\\";
	const char *end = text + bytes;

	*ret = (struct term_answer){ 0 };
	ret->has_kitty = memmem(text, bytes, yes, sizeof(yes) - 1) != NULL;
	for (const char *at = text; (at = memmem(at, (size_t)(end - at), "\033[", 2)) != NULL;)
		read_sequence(ret, at += 2, end);
}

static bool write_question(int fd)
{
	size_t bytes = sizeof(QUESTION) - 1;

	return write(fd, QUESTION, bytes) == (ssize_t)bytes;
}

void term_answer_wait(struct term_answer *ret, int fd, int64_t patience_ns)
{
	char text[1024];
	size_t kept = 0;
	int64_t end_ns = clock_now_ns() + patience_ns;

	*ret = (struct term_answer){ 0 };
	while (!ret->is_complete && kept < sizeof(text)) {
		struct pollfd pollfd = { .fd = fd, .events = POLLIN };
		int64_t left_ns = end_ns - clock_now_ns();
		/* Held up ourselves, we look at what has come meanwhile all the same. */
		if (poll(&pollfd, 1, left_ns > 0 ? (int)(left_ns / 1000000) + 1 : 0) == 0)
			return;
		ssize_t got = read(fd, text + kept, sizeof(text) - kept);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return;
		kept += (size_t)got;
		term_answer_read(ret, text, kept);
	}
}

/* Stopped for it, a job in the background would draw nothing at all. */
static bool may_ask(int fd)
{
	const char *kind = getenv("TERM");

	return tcgetpgrp(fd) == getpgrp() && kind != NULL && strcmp(kind, "dumb") != 0;
}

bool term_query(int fd, struct term_answer *ret)
{
	char path[PATH_MAX];
	struct termios before, raw;

	*ret = (struct term_answer){ 0 };
	if (!may_ask(fd) || ttyname_r(fd, path, sizeof(path)) != 0)
		return false;
	int terminal = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal < 0)
		return false;
	if (tcgetattr(terminal, &before) == 0) {
		/* The answer is neither shown nor held back until a newline comes. */
		raw = before;
		raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
		raw.c_cc[VMIN] = 0;
		raw.c_cc[VTIME] = 0;
		if (tcsetattr(terminal, TCSANOW, &raw) == 0 && write_question(terminal))
			term_answer_wait(ret, terminal, ANSWER_NS);
		tcsetattr(terminal, TCSANOW, &before);
	}
	close(terminal);
	return ret->is_complete;
}
