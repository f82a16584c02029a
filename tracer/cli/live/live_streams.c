/* Where words go while a live view is shown; see live_streams.h. Cli layer. */
#include "tracer/cli/live/live_streams.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "tracer/base/log.h"

/* The view is on our controlling terminal, by whatever name a descriptor was opened. */
static bool is_our_terminal(int fd)
{
	return isatty(fd) == 1 && tcgetsid(fd) == getsid(0);
}

/* In the profile's directory; what it is called is not known yet. */
static struct error *create_output(struct live_streams *streams, const char *output)
{
	int directory_bytes = output != NULL ? (int)(basename(output) - output) : 0;
	mode_t mask = umask(0);

	umask(mask);
	if (asprintf(&streams->output_path, "%.*smprofile_output.XXXXXX", directory_bytes,
		     output != NULL ? output : "") < 0) {
		streams->output_path = NULL;
		return error_no_memory();
	}
	streams->output_fd = mkostemp(streams->output_path, O_APPEND | O_CLOEXEC);
	if (streams->output_fd < 0) {
		struct error *err = error_os(errno, "cannot create %s for what the program writes",
					     streams->output_path);
		free(streams->output_path);
		streams->output_path = NULL;
		return err;
	}
	fchmod(streams->output_fd, 0666 & ~mask);
	return NULL;
}

static struct error *turn_program(struct live_streams *streams, const char *output,
				  struct launch_context *launch)
{
	struct error *err = NULL;

	if (is_our_terminal(STDIN_FILENO)) {
		streams->null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (streams->null_fd < 0)
			return error_os(errno, "/dev/null");
		launch->standard_fds[STDIN_FILENO] = streams->null_fd;
	}
	for (int fd = STDOUT_FILENO; err == NULL && fd <= STDERR_FILENO; fd++) {
		if (!is_our_terminal(fd))
			continue;
		if (streams->output_fd < 0)
			err = create_output(streams, output);
		launch->standard_fds[fd] = streams->output_fd;
	}
	return err;
}

static struct error *turn_ourselves(struct live_streams *streams)
{
	streams->messages_fd = memfd_create("messages", MFD_CLOEXEC);
	streams->stderr_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (streams->messages_fd < 0 || streams->stderr_fd < 0 ||
	    fcntl(streams->messages_fd, F_SETFL, O_APPEND) < 0 ||
	    dup2(streams->messages_fd, STDERR_FILENO) < 0)
		return error_os(errno, "cannot keep messages off the terminal");
	return NULL;
}

struct error *live_streams_open(struct live_streams *ret, const char *output,
				struct launch_context *launch)
{
	struct error *err = NULL;
	bool is_ours_shown = is_our_terminal(STDERR_FILENO);

	*ret = (struct live_streams){
		.output_fd = -1,
		.null_fd = -1,
		.messages_fd = -1,
		.stderr_fd = -1,
	};
	if (launch != NULL)
		err = turn_program(ret, output, launch);
	if (err == NULL && is_ours_shown)
		err = turn_ourselves(ret);
	if (err != NULL)
		live_streams_close(ret);
	return err;
}

void live_streams_name_output(struct live_streams *streams, const char *profile_path)
{
	enum { TRIES = 1000 };
	static const char usual[] = ".dat";
	size_t stem = strlen(profile_path), cut = strlen(usual);
	char path[PATH_MAX];

	if (streams->output_path == NULL)
		return;
	if (stem > cut && strcmp(profile_path + stem - cut, usual) == 0)
		stem -= cut;
	for (int i = 1; i < TRIES; i++) {
		char number[16] = "";
		if (i > 1)
			snprintf(number, sizeof(number), ".%d", i);
		if (snprintf(path, sizeof(path), "%.*s.out%s", (int)stem, profile_path, number) >=
		    (int)sizeof(path))
			return;
		/* rename(2) would replace another file. Where that cannot be kept its name stays. */
		if (renameat2(AT_FDCWD, streams->output_path, AT_FDCWD, path, RENAME_NOREPLACE) ==
			    0 ||
		    errno != EEXIST)
			return;
	}
}

static void copy_messages(int from)
{
	char text[4096];
	ssize_t got;

	for (off_t at = 0; (got = pread(from, text, sizeof(text), at)) > 0; at += got) {
		if (write(STDERR_FILENO, text, (size_t)got) < 0)
			return; /* nobody listens */
	}
}

void live_streams_speak(struct live_streams *streams)
{
	if (streams->stderr_fd >= 0) {
		dup2(streams->stderr_fd, STDERR_FILENO);
		close(streams->stderr_fd);
		streams->stderr_fd = -1;
	}
	if (streams->messages_fd >= 0) {
		copy_messages(streams->messages_fd);
		/* The engine may still write to it: it is not closed before the end. */
		if (ftruncate(streams->messages_fd, 0) < 0)
			log_debug("ftruncate: %s", strerror(errno));
	}
}

/* The engine has named it: only the kernel knows how. */
static void tell_output(const struct live_streams *streams)
{
	char link_path[64], path[PATH_MAX];
	struct stat status;

	snprintf(link_path, sizeof(link_path), "/proc/self/fd/%d", streams->output_fd);
	ssize_t bytes = readlink(link_path, path, sizeof(path) - 1);
	if (bytes <= 0 || fstat(streams->output_fd, &status) < 0)
		return;
	path[bytes] = '\0';
	if (status.st_size == 0)
		unlink(path);
	else
		log_info("what the program wrote is in %s", path);
}

static void close_if_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

void live_streams_close(struct live_streams *streams)
{
	live_streams_speak(streams);
	if (streams->output_fd >= 0)
		tell_output(streams);
	close_if_open(streams->output_fd);
	close_if_open(streams->null_fd);
	close_if_open(streams->messages_fd);
	free(streams->output_path);
	streams->output_path = NULL;
}
