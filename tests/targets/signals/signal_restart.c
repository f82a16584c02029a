/* flags: -pthread */
/*
 * A read that a signal interrupts: restarted with SA_RESTART, EINTR without; the handler is
 * probed, and another thread sends the signal only once the reader sleeps.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "expect.h"

static volatile int handled;
static int data[2];
static volatile pid_t reader;

static void handler(int signal)
{
	(void)signal;
	handled++;
}

/* Whether the reader's thread sleeps in read(2): "0 …" in its syscall file. */
static int reader_sleeps(void)
{
	char path[64], state[256] = "";
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", reader);
	FILE *file = fopen(path, "r");
	if (file == NULL || fgets(state, sizeof(state), file) == NULL)
		state[0] = '\0';
	if (file != NULL)
		fclose(file);
	const char *after_name = strrchr(state, ')');
	return after_name != NULL && after_name[2] == 'S';
}

static ssize_t probed_read(char *byte)
{
	reader = (pid_t)syscall(SYS_gettid);
	return read(data[0], byte, 1);
}

static void *interrupt(void *argument)
{
	pthread_t thread = *(pthread_t *)argument;
	while (reader == 0 || !reader_sleeps())
		usleep(500);
	int before = handled;
	pthread_kill(thread, SIGUSR1);
	while (handled == before)
		usleep(500);
	if (write(data[1], "x", 1) != 1)
		say("cannot write");
	return NULL;
}

static void try_flags(int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
	sigaction(SIGUSR1, &action, NULL);
	pthread_t self = pthread_self(), thread;
	char byte = '-';
	reader = 0;
	pthread_create(&thread, NULL, interrupt, &self);
	ssize_t result = probed_read(&byte);
	int error = result < 0 ? errno : 0;
	pthread_join(thread, NULL);
	if (result < 0)
		result = 10 + read(data[0], &byte, 1);
	say("flags %x: %zd, %s, byte %c", (unsigned)flags, result, strerror(error), byte);
}

int main(void)
{
	expect("calls handler 2");
	expect("calls probed_read 2");
	expect("nested handler probed_read");
	if (pipe(data) != 0)
		return 1;
	try_flags(SA_RESTART);
	try_flags(0);
	return 0;
}
