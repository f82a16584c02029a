/*
 * Static probes (USDT), with notes as sys/sdt.h writes them: a pair around a piece of work, and a
 * moment with a counter of listeners. Not of the targets that targets.sh runs: usdt.sh does.
 *
 * With "listened" it works only while somebody listens, as programs do for whom the arguments of a
 * probe are dear, and prints the counter. With "interrupted" it does nothing but ticks and tocks, under a fast
 * timer, until signals have come 1,000 times, and prints how many. With "hot" it goes very often through a
 * pair and a moment that stand among other code.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOTE(provider, name, semaphore)                                                            \
	"990: nop\n"                                                                               \
	".pushsection .note.stapsdt,\"?\",\"note\"\n"                                              \
	".balign 4\n.4byte 992f-991f, 994f-993f, 3\n"                                              \
	"991: .asciz \"stapsdt\"\n"                                                                \
	"992: .balign 4\n"                                                                         \
	"993: .8byte 990b, _.stapsdt.base, " semaphore "\n"                                        \
	".asciz \"" provider "\"\n.asciz \"" name "\"\n.asciz \"\"\n"                              \
	"994: .balign 4\n.popsection\n"                                                            \
	".ifndef _.stapsdt.base\n"                                                                 \
	".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"                    \
	".weak _.stapsdt.base\n.hidden _.stapsdt.base\n"                                           \
	"_.stapsdt.base: .space 1\n.size _.stapsdt.base, 1\n.popsection\n.endif\n"

unsigned short tick_semaphore __attribute__((section(".probes"), used));

static void work(int n)
{
	__asm__ volatile(NOTE("demo", "work__start", "0"));
	char *block = calloc(1, (size_t)n * 100000);
	memset(block, 1, (size_t)n * 100000);
	free(block);
	__asm__ volatile(NOTE("demo", "work__done", "0"));
}

static void tick(void)
{
	__asm__ volatile(NOTE("demo", "tick", "tick_semaphore"));
}

enum { HOT_STEPS = 20000 };

static void hot(void)
{
	volatile unsigned sum = 0;

	for (unsigned i = 0; i < HOT_STEPS; i++) {
		__asm__ volatile(NOTE("demo", "step__start", "0"));
		sum += i;
		if (i % 4 == 0) {
			__asm__ volatile(NOTE("demo", "fourth", "0"));
			sum += 4;
		}
		sum -= 1;
		__asm__ volatile(NOTE("demo", "step__done", "0"));
		sum += 2;
	}
	printf("sum %u\n", sum);
}

static volatile sig_atomic_t alarms;

static void on_alarm(int number)
{
	(void)number;
	alarms++;
}

static int tick_under_alarms(void)
{
	struct itimerval timer = { .it_interval = { .tv_usec = 200 },
				   .it_value = { .tv_usec = 200 } };
	long ticks = 0;

	signal(SIGALRM, on_alarm);
	setitimer(ITIMER_REAL, &timer, NULL);
	while (alarms < 1000) {
		tick();
		__asm__ volatile(NOTE("demo", "tock", "0"));
		ticks++;
	}
	timer = (struct itimerval){ 0 };
	setitimer(ITIMER_REAL, &timer, NULL);
	printf("ticks %ld\n", ticks);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "interrupted") == 0)
		return tick_under_alarms();
	if (argc > 1 && strcmp(argv[1], "hot") == 0) {
		hot();
		return 0;
	}
	int listens = argc > 1 && strcmp(argv[1], "listened") == 0;
	volatile unsigned short *listeners = &tick_semaphore;

	for (int i = 1; i <= 5; i++)
		work(i);
	for (int i = 0; i < 7; i++) {
		if (!listens || *listeners > 0)
			tick();
	}
	if (listens)
		printf("listeners %d\n", *listeners);
	fflush(stdout);
	if (fork() == 0) {
		work(1);
		tick();
		if (listens)
			printf("listeners of the child %d\n", *listeners);
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	char line[16];
	if (argc > 2 && fgets(line, sizeof(line), stdin) != NULL)
		printf("listeners at last %d\n", *listeners);
	puts("done");
	return 0;
}
