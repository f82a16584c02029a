/* A recording looked at while it is made; see live_view.h. Plot layer. */
#include "plot/live/live_view.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plot/follow/profile_follow.h"
#include "plot/live/live_page.h"
#include "plot/live/live_screen.h"
#include "tracer/base/clock.h"
#include "tracer/base/utf8.h"

/* A terminal has a few hundred columns; tables are made of all calls at each picture. */
static const struct follow_limits LIMITS = { .samples = 1 << 14, .calls = 1 << 15 };

/*
 * Pictures a second, at most; and so many times as long as one takes to make until the next, so that
 * looking costs a tenth of a CPU at most. A message stays to be read.
 */
static const int64_t PICTURE_NS = 250000000, MESSAGE_NS = 8000000000;
enum { PAUSE_FACTOR = 9 };

struct live_view {
	const struct live_view_source *source;
	struct live_screen screen;
	struct live_choice choice;
	int signal_fd, recording_fd;
	sigset_t mask_before;
	struct sigaction output_before; /* of SIGTTOU */
	struct profile_follow *follow;	/* NULL: the file is not known yet */
	char path[PATH_MAX];
	size_t path_bytes; /* of it, that have come */
	bool needs_picture;
	int64_t next_ns; /* of the next picture, at the earliest */
	off_t messages_bytes;
	char *message; /* for people; NULL: none. Owned */
	int64_t message_until_ns;
	bool is_over;
	enum live_view_end end;
};

static void leave(struct live_view *view, enum live_view_end end)
{
	view->is_over = true;
	view->end = end;
}

static struct error *open_file(struct live_view *view, const char *path)
{
	return profile_follow_open(&view->follow, path, &LIMITS);
}

/* The path comes in one piece, or in several; then nothing until the end. */
static struct error *read_recording(struct live_view *view)
{
	size_t room = sizeof(view->path) - 1 - view->path_bytes;
	ssize_t got = read(view->recording_fd, view->path + view->path_bytes, room);

	if (got < 0 && errno == EINTR)
		return NULL;
	if (got <= 0) {
		leave(view, LIVE_VIEW_ENDED);
		return NULL;
	}
	view->path_bytes += (size_t)got;
	if (view->follow != NULL || view->path[view->path_bytes - 1] != '\n')
		return NULL;
	view->path[view->path_bytes - 1] = '\0';
	return open_file(view, view->path);
}

/* The last line of what there is to say, when there is more of it than before. */
static void read_message(struct live_view *view)
{
	char text[1024], *line;
	struct stat status;

	if (view->source->messages_fd < 0 || fstat(view->source->messages_fd, &status) < 0 ||
	    status.st_size <= view->messages_bytes)
		return;
	view->messages_bytes = status.st_size;
	off_t from = status.st_size > (off_t)sizeof(text) - 1
			     ? status.st_size - (off_t)sizeof(text) + 1
			     : 0;
	ssize_t got = pread(view->source->messages_fd, text, sizeof(text) - 1, from);
	if (got <= 0)
		return;
	text[got] = '\0';
	while (got > 0 && text[got - 1] == '\n')
		text[--got] = '\0';
	line = strrchr(text, '\n');
	free(view->message);
	view->message = text_printable(line != NULL ? line + 1 : text, false);
	view->message_until_ns = clock_now_ns() + MESSAGE_NS;
	view->needs_picture = true;
}

static struct error *draw(struct live_view *view)
{
	const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */
	int64_t start_ns = clock_now_ns();
	const struct live_page page = {
		.columns = view->screen.columns,
		.rows = view->screen.rows,
		.has_color = no_color == NULL || no_color[0] == '\0',
		.is_dark = view->source->is_dark,
		.quit_words = view->source->quit_words,
		.message = start_ns < view->message_until_ns ? view->message : NULL,
	};
	const struct profile *profile =
		view->follow != NULL ? profile_follow_profile(view->follow) : NULL;
	char *text;

	view->needs_picture = false;
	struct error *err = live_page_make(&page, profile, &view->choice, &text);
	if (err != NULL)
		return err;
	int64_t made_ns = clock_now_ns();
	err = live_screen_put(&view->screen, text);
	free(text);
	int64_t pause_ns = (made_ns - start_ns) * PAUSE_FACTOR;
	view->next_ns = clock_now_ns() + (pause_ns > PICTURE_NS ? pause_ns : PICTURE_NS);
	if (err != NULL && error_code(err) == ERR_GONE)
		leave(view, LIVE_VIEW_HUNG_UP);
	return error_ignore(err, ERR_GONE);
}

/* The terminal is the shell's before we stand still, and is taken again when we are let go on. */
static void stop(struct live_view *view)
{
	live_screen_hide(&view->screen);
	kill(getpid(), SIGSTOP);
}

static void take_signal(struct live_view *view)
{
	struct signalfd_siginfo info;

	if (read(view->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	switch (info.ssi_signo) {
	case SIGTSTP:
		stop(view);
		break;
	case SIGCONT:
	case SIGWINCH:
		live_screen_measure(&view->screen);
		live_screen_forget(&view->screen);
		break;
	case SIGTERM:
		leave(view, LIVE_VIEW_KILLED);
		return;
	case SIGHUP:
		leave(view, LIVE_VIEW_HUNG_UP);
		return;
	case SIGINT:
		/* The recording gets it, too, and ends or goes on. */
		if (view->source->recording_fd < 0)
			leave(view, LIVE_VIEW_QUIT);
		return;
	default:
		return;
	}
	view->needs_picture = true;
	view->next_ns = 0;
}

static void take_key(struct live_view *view, int key)
{
	struct live_choice *choice = &view->choice;

	view->needs_picture = true;
	view->next_ns = 0;
	if (choice->has_help && key != 'q') {
		choice->has_help = false;
		return;
	}
	switch (key) {
	case 'q':
		leave(view, LIVE_VIEW_QUIT);
		break;
	case 's':
		choice->process_order = (choice->process_order + 1) % LIVE_PROCESS_ORDERS;
		break;
	case 'f':
		choice->function_order = (choice->function_order + 1) % LIVE_FUNCTION_ORDERS;
		break;
	case 'w':
		choice->window = (choice->window + 1) % LIVE_WINDOWS;
		break;
	case 't':
		choice->is_plot_hidden = !choice->is_plot_hidden;
		break;
	case ' ':
	case 'p':
		choice->is_paused = !choice->is_paused;
		break;
	case 'h':
	case '?':
		choice->has_help = true;
		break;
	case '\f': /* Ctrl-L */
		live_screen_forget(&view->screen);
		break;
	default:
		break;
	}
}

static void take_keys(struct live_view *view)
{
	int key;

	while (!view->is_over && (key = live_screen_key(&view->screen)) != 0) {
		if (key < 0)
			leave(view, LIVE_VIEW_HUNG_UP);
		else
			take_key(view, key);
	}
}

/* While it is paused the file is left alone: what comes meanwhile is read afterwards. */
static struct error *look(struct live_view *view)
{
	struct error *err = NULL;
	int64_t end_ns = clock_now_ns() + PICTURE_NS;

	for (bool is_more = !view->choice.is_paused; err == NULL && is_more;) {
		bool has_changed;
		err = profile_follow_read(view->follow, &has_changed);
		view->needs_picture = view->needs_picture || has_changed;
		is_more = profile_follow_is_behind(view->follow) && clock_now_ns() < end_ns;
	}
	read_message(view);
	if (view->message != NULL && clock_now_ns() >= view->message_until_ns) {
		free(view->message);
		view->message = NULL;
		view->needs_picture = true;
	}
	return err;
}

/* Draws where the terminal is ours; in the background nothing is shown. */
static struct error *show(struct live_view *view)
{
	bool is_ours = live_screen_is_ours(&view->screen);

	view->next_ns = clock_now_ns() + PICTURE_NS;
	if (!is_ours)
		live_screen_forget(&view->screen);
	if (!is_ours || view->follow == NULL)
		return NULL;
	if (!view->screen.is_shown) {
		live_screen_show(&view->screen);
		view->needs_picture = true;
	}
	struct error *err = look(view);
	return err == NULL && view->needs_picture ? draw(view) : err;
}

static int wait_ms(const struct live_view *view)
{
	const int64_t ns_per_ms = 1000000;
	int64_t left_ns = view->next_ns - clock_now_ns();

	if (view->next_ns == 0)
		return 0;
	return left_ns > PICTURE_NS ? (int)(left_ns / ns_per_ms) : (int)(PICTURE_NS / ns_per_ms);
}

static struct error *step(struct live_view *view)
{
	bool has_keys = view->screen.is_shown && live_screen_is_ours(&view->screen);
	struct pollfd fds[3] = {
		{ .fd = view->signal_fd, .events = POLLIN },
		{ .fd = view->recording_fd, .events = POLLIN },
		{ .fd = has_keys ? view->screen.fd : -1, .events = POLLIN },
	};
	struct error *err = NULL;

	if (poll(fds, 3, wait_ms(view)) < 0 && errno != EINTR)
		return error_os(errno, "cannot wait for the terminal");
	if (fds[0].revents != 0)
		take_signal(view);
	if (!view->is_over && fds[1].revents != 0)
		err = read_recording(view);
	if (err == NULL && !view->is_over && fds[2].revents != 0)
		take_keys(view);
	if (err == NULL && !view->is_over && clock_now_ns() >= view->next_ns)
		err = show(view);
	return err;
}

static struct error *take_signals(struct live_view *view)
{
	static const int signals[] = { SIGINT,	SIGTERM,  SIGHUP,  SIGQUIT, SIGTSTP,
				       SIGCONT, SIGWINCH, SIGUSR1, SIGUSR2 };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, &view->mask_before);
	/* Giving the terminal back must not stop us, even if it is another's by then. */
	sigaction(SIGTTOU, &ignore, &view->output_before);
	view->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return view->signal_fd < 0 ? error_os(errno, "signalfd") : NULL;
}

struct error *live_view_run(const struct live_view_source *source, enum live_view_end *ret)
{
	struct live_view view = {
		.source = source,
		.signal_fd = -1,
		.recording_fd = source->recording_fd,
	};
	struct error *err = live_screen_open(&view.screen);

	if (err != NULL)
		return err;
	err = take_signals(&view);
	if (err == NULL && source->recording_fd < 0)
		err = open_file(&view, source->path);
	while (err == NULL && !view.is_over)
		err = step(&view);
	live_screen_close(&view.screen);
	profile_follow_close(view.follow);
	free(view.message);
	if (view.signal_fd >= 0)
		close(view.signal_fd);
	sigaction(SIGTTOU, &view.output_before, NULL);
	sigprocmask(SIG_SETMASK, &view.mask_before, NULL);
	*ret = view.end;
	return err;
}
