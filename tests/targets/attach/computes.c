/*
 * One thread that computes the same sum over and over, all of it in registers, and never sleeps: whoever changes one
 * of them is noticed. Ends at SIGTERM.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t is_over;

static void on_term(int signal)
{
	(void)signal;
	is_over = 1;
}

__attribute__((noinline)) uint64_t work_mix(uint64_t seed)
{
	uint64_t a = seed, b = seed * 3, c = seed * 5, d = seed * 7, e = seed * 11, f = seed * 13;

	for (int i = 0; i < 10000000; i++) {
		a += b ^ (c >> 3);
		b += c ^ (d << 1);
		c += d ^ (e >> 5);
		d += e ^ (f << 3);
		e += f ^ (a >> 7);
		f += a ^ (b << 5);
	}
	return a ^ b ^ c ^ d ^ e ^ f;
}

int main(void)
{
	const uint64_t right = work_mix(1);
	unsigned long rounds = 0;

	signal(SIGTERM, on_term);
	printf("ready %d\n", getpid());
	fflush(stdout);
	while (!is_over) {
		if (work_mix(1) != right) {
			printf("wrong in round %lu\n", rounds);
			return 1;
		}
		rounds++;
	}
	printf("right\n");
	return 0;
}
