/*
 * Profiles that are written while it runs. usage: streams FILE
 *
 * FILE becomes one of a function that has a child, with what the caller wrote before and behind taken off by who
 * looks at it.
 */
#define _GNU_SOURCE
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static char *words[] = { (char *)"sh", (char *)"-c", (char *)"sleep 0.2; exit 3 # a 'quote'",
			 NULL };

/* Waits until @what is in the file; what is there is whole lines. */
static void await_text(const char *path, const char *what)
{
	static char text[1 << 20];
	const struct timespec soon = { 0, 1000000 };
	size_t bytes = 0;

	for (text[0] = '\0'; strstr(text, what) == NULL; nanosleep(&soon, NULL)) {
		FILE *file = fopen(path, "r");
		CHECK(file != NULL);
		bytes = fread(text, 1, sizeof(text) - 1, file);
		text[bytes] = '\0';
		fclose(file);
	}
	CHECK(text[bytes - 1] == '\n');
}

static void *look_meanwhile(void *path)
{
	char what[64];

	await_text((const char *)path, "\nMEM ");
	pid_t child = fork();
	if (child == 0) {
		map_touched(8);
		snprintf(what, sizeof(what), "\nCHLD %d ", (int)getpid());
		await_text((const char *)path, what);
		exit(0); /* writes what is in buffers */
	}
	/* Found again and again, but not a new process each time. */
	siginfo_t info;
	CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0);
	await_reading();
	await_reading();
	CHECK(waitpid(child, NULL, 0) == child);
	return NULL;
}

static void test_file(const char *path)
{
	struct mprof_options options = defaults();

	options.stream = fopen(path, "w");
	CHECK(options.stream != NULL);
	CHECK(fputs("# before\n", options.stream) >= 0); /* in the buffer */
	options.function = look_meanwhile;
	options.argument = (void *)path;
	options.interval_s = 0.002;
	options.include_children = options.multiprocess = 1;
	struct mprof_result *result = measure(&options);
	CHECK(result->count == 0 && result->mib == NULL && result->child_count == 0);
	CHECK(result->measurements >= 3 && result->max_mib > 8);
	mprof_result_free(result);
	CHECK(fputs("# behind\n", options.stream) >= 0);
	CHECK(ftell(options.stream) > 20);
	CHECK(fclose(options.stream) == 0);
}

static void test_command(const char *path)
{
	struct mprof_options options = defaults();

	options.stream = fopen(path, "a");
	options.command = words;
	options.backend = "pss";
	struct mprof_result *result = measure(&options);
	CHECK(result->status == 3 && result->measurements > 0);
	mprof_result_free(result);
	fclose(options.stream);
}

static void *do_nothing(void *argument)
{
	return argument;
}

static void *kill_when_read(void *path)
{
	await_text((const char *)path, "\nMEM ");
	raise(SIGKILL);
	return NULL;
}

/* Whatever ends a program, its profile is whole up to the last line. */
static void test_killed(void)
{
	static char path[] = "killed.dat";
	struct mprof_options options = defaults();
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		options.stream = fopen(path, "w");
		options.function = kill_when_read;
		options.argument = path;
		options.interval_s = 0.0001;
		mprof_result_free(measure(&options));
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
	await_text(path, "\nMEM ");
	CHECK(unlink(path) == 0);
}

/* What fails is told at the end, beside the result; the signals of it are not for the program. */
static void test_failures(void)
{
	struct mprof_options options = defaults();
	int ends[2];

	options.function = do_nothing;
	options.argument = &options;
	options.retval = 1;
	for (int i = 0; i < 2; i++) {
		options.stream = fopen("/dev/full", "w");
		struct mprof_result *result =
			measure_failing(&options, MPROF_ERROR_STREAM, "No space left");
		CHECK(result != NULL && result->measurements > 0);
		CHECK(i > 0 || result->returned == &options);
		mprof_result_free(result);
		fclose(options.stream);

		CHECK(pipe(ends) == 0);
		close(ends[0]);
		options.stream = fdopen(ends[1], "w");
		mprof_result_free(measure_failing(&options, MPROF_ERROR_STREAM, "Broken pipe"));
		fclose(options.stream);
		options.function = NULL; /* and where the calling thread writes */
	}

	const struct rlimit little = { 100, RLIM_INFINITY },
			    much = { RLIM_INFINITY, RLIM_INFINITY };
	options.stream = tmpfile();
	CHECK(setrlimit(RLIMIT_FSIZE, &little) == 0);
	mprof_result_free(measure_failing(&options, MPROF_ERROR_STREAM, "File too large"));
	CHECK(setrlimit(RLIMIT_FSIZE, &much) == 0);
	fclose(options.stream);

	options.stream = fopen("/dev/null", "r");
	CHECK(measure_failing(&options, MPROF_ERROR_USAGE, "not open for writing") == NULL);
	fclose(options.stream);
}

/* A signal of the caller's own that is pending stays so. */
static void test_pending(void)
{
	struct mprof_options options = defaults();
	sigset_t pipes, pending;
	int ends[2];

	sigemptyset(&pipes);
	sigaddset(&pipes, SIGPIPE);
	CHECK(sigprocmask(SIG_BLOCK, &pipes, NULL) == 0 && raise(SIGPIPE) == 0);
	CHECK(pipe(ends) == 0);
	close(ends[0]);
	options.stream = fdopen(ends[1], "w");
	mprof_result_free(measure_failing(&options, MPROF_ERROR_STREAM, "Broken pipe"));
	CHECK(sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1);
	fclose(options.stream);
	signal(SIGPIPE, SIG_IGN);
	CHECK(sigprocmask(SIG_UNBLOCK, &pipes, NULL) == 0);
	signal(SIGPIPE, SIG_DFL);
}

/* One in memory, and one that does not wait for its reader. */
static void test_other_streams(void)
{
	struct mprof_options options = defaults();
	char *text;
	size_t bytes;
	int ends[2];

	options.stream = open_memstream(&text, &bytes);
	options.function = do_nothing;
	mprof_result_free(measure(&options));
	fclose(options.stream);
	CHECK(strncmp(text, "CMDLINE ", 8) == 0 && text[bytes - 1] == '\n');
	CHECK(strstr(text, "\nMEM ") != NULL && strstr(text, "\nTICKS ") != NULL);
	free(text);

	CHECK(pipe2(ends, O_NONBLOCK) == 0);
	while (write(ends[1], "x", 1) == 1)
		;
	pid_t reader = fork();
	if (reader == 0) {
		char some[4096];
		close(ends[1]);
		CHECK(fcntl(ends[0], F_SETFL, 0) == 0);
		while (read(ends[0], some, sizeof(some)) > 0)
			;
		_exit(0);
	}
	close(ends[0]);
	options.stream = fdopen(ends[1], "w");
	mprof_result_free(measure(&options));
	fclose(options.stream);
	CHECK(waitpid(reader, NULL, 0) == reader);
}

int main(int argc, char *argv[])
{
	CHECK(argc == 2);
	test_file(argv[1]);
	test_command(argv[1]);
	test_killed();
	test_failures();
	test_pending();
	test_other_streams();
	puts("streams: all as they should be");
	return 0;
}
