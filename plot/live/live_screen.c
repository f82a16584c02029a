/* The whole of the terminal; see live_screen.h. Plot layer. */
#include "plot/live/live_screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/base/terminal_size.h"

/*
 * xterm's: another screen, with the cursor kept (1049), no cursor to be seen (25), and no wrapping at
 * the right edge (7), where a line of letters of doubtful width would push down all others.
 */
static const char SHOW[] = "\033[?1049h\033[?25l\033[?7l\033[2J";
static const char HIDE[] = "\033[0m\033[?7h\033[?25h\033[?1049l";

struct error *live_screen_open(struct live_screen *ret)
{
	const char *kind = getenv("TERM");

	*ret = (struct live_screen){ .fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC) };
	if (ret->fd < 0)
		return error_new(
			ERR_USAGE,
			"a live view needs a terminal, and there is none here: record with "
			"'mprof-trace run -o FILE', and look with 'mprof-trace plot "
			"--follow FILE'");
	if (kind == NULL || strcmp(kind, "dumb") == 0 || tcgetattr(ret->fd, &ret->before) < 0) {
		close(ret->fd);
		return error_new(
			ERR_USAGE,
			"this terminal (TERM=%s) cannot show a live view: it has no cursor "
			"that can be moved",
			kind != NULL ? kind : "");
	}
	live_screen_measure(ret);
	return NULL;
}

void live_screen_close(struct live_screen *screen)
{
	live_screen_hide(screen);
	live_screen_forget(screen);
	free(screen->lines);
	close(screen->fd);
}

bool live_screen_is_ours(const struct live_screen *screen)
{
	return tcgetpgrp(screen->fd) == getpgrp();
}

static bool put(int fd, const char *text, size_t bytes)
{
	while (bytes > 0) {
		ssize_t written = write(fd, text, bytes);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0 && errno == EAGAIN) { /* another one has made it non-blocking */
			struct pollfd room = { .fd = fd, .events = POLLOUT };
			poll(&room, 1, -1);
			continue;
		}
		if (written <= 0)
			return false;
		text += written;
		bytes -= (size_t)written;
	}
	return true;
}

void live_screen_show(struct live_screen *screen)
{
	if (screen->is_shown)
		return;
	/* Its user may have changed them since. */
	tcgetattr(screen->fd, &screen->before);
	struct termios raw = screen->before;
	raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	tcsetattr(screen->fd, TCSADRAIN, &raw);
	put(screen->fd, SHOW, sizeof(SHOW) - 1);
	screen->is_shown = true;
	live_screen_measure(screen);
	live_screen_forget(screen);
}

void live_screen_hide(struct live_screen *screen)
{
	if (!screen->is_shown)
		return;
	put(screen->fd, HIDE, sizeof(HIDE) - 1);
	tcsetattr(screen->fd, TCSADRAIN, &screen->before);
	screen->is_shown = false;
}

void live_screen_measure(struct live_screen *screen)
{
	struct winsize size;

	screen->columns = 80;
	screen->rows = 24;
	if (terminal_size_read(screen->fd, &size) && size.ws_row > 0) {
		screen->columns = size.ws_col;
		screen->rows = size.ws_row;
	}
}

void live_screen_forget(struct live_screen *screen)
{
	for (size_t i = 0; i < screen->line_count; i++)
		free(screen->lines[i]);
	screen->line_count = 0;
}

static struct error *make_room(struct live_screen *screen)
{
	live_screen_forget(screen);
	char **lines = reallocarray(screen->lines, screen->rows, sizeof(*lines));
	if (lines == NULL)
		return error_no_memory();
	memset(lines, 0, screen->rows * sizeof(*lines));
	screen->lines = lines;
	screen->line_count = screen->rows;
	return NULL;
}

/* Writes those lines of @page to @out that are not shown already. */
static struct error *put_changes(struct live_screen *screen, const char *page, FILE *out)
{
	const char *at = page;

	for (size_t row = 0; row < screen->line_count; row++) {
		const char *end = strchr(at, '\n');
		size_t bytes = end != NULL ? (size_t)(end - at) : strlen(at);
		char *line = strndup(at, bytes);
		if (line == NULL)
			return error_no_memory();
		at = end != NULL ? end + 1 : at + bytes;
		if (screen->lines[row] != NULL && strcmp(screen->lines[row], line) == 0) {
			free(line);
			continue;
		}
		free(screen->lines[row]);
		screen->lines[row] = line;
		/* Wiped before it: behind a full line the cursor is still on its last letter. */
		fprintf(out, "\033[%zuH\033[K%s\033[0m", row + 1, line);
	}
	return NULL;
}

struct error *live_screen_put(struct live_screen *screen, const char *page)
{
	struct error *err = screen->line_count != screen->rows ? make_room(screen) : NULL;
	char *text = NULL;
	size_t bytes = 0;
	FILE *out = err == NULL ? open_memstream(&text, &bytes) : NULL;

	if (err != NULL)
		return err;
	if (out == NULL)
		return error_no_memory();
	err = put_changes(screen, page, out);
	if (fclose(out) != 0 && err == NULL)
		err = error_no_memory();
	if (err == NULL && !put(screen->fd, text, bytes))
		err = error_new(ERR_GONE, "the terminal has hung up");
	free(text);
	return err;
}

int live_screen_key(struct live_screen *screen)
{
	struct pollfd typed = { .fd = screen->fd, .events = POLLIN };
	char text[32];

	if (poll(&typed, 1, 0) <= 0)
		return 0;
	/* One key at a time; of a key with a sequence of its own, an arrow for one, all of it. */
	ssize_t got = read(screen->fd, text, 1);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (got <= 0)
		return typed.revents & (POLLHUP | POLLERR) || got < 0 ? -1 : 0;
	if (text[0] != '\033')
		return (unsigned char)text[0];
	if (poll(&typed, 1, 0) > 0 && read(screen->fd, text, sizeof(text)) < 0)
		return -1;
	return '\033';
}

void live_screen_rescue(int fd, const struct termios *before)
{
	sigset_t stops, blocked;

	if (tcgetpgrp(fd) != getpgrp())
		return;
	/* Should the shell be quicker, we are not stopped for it. */
	sigemptyset(&stops);
	sigaddset(&stops, SIGTTOU);
	sigprocmask(SIG_BLOCK, &stops, &blocked);
	put(fd, HIDE, sizeof(HIDE) - 1);
	tcsetattr(fd, TCSADRAIN, before);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
}
