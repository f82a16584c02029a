/*
 * A restartable sequence (rseq(2)) with a function's symbol in its middle. With a trap there, its code
 * would run on elsewhere, where the kernel takes the sequence for one that was left, and clears the area's
 * rseq_cs: nothing would abort it any more, whoever comes between its load and its store.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "expect.h"

#if __has_include(<sys/rseq.h>)
#include <sys/rseq.h>

enum { SEQUENCES = 1000, ABORTS_MAX = 1000 };

/* Adds one to *@counter. 1: done; 2: done, but the kernel would not have aborted it; 0: aborted. */
int update(struct rseq *area, uint64_t *counter);

_Static_assert(offsetof(struct rseq, rseq_cs) == 8, "the assembly below says so");
_Static_assert(RSEQ_SIG == 0x53053053, "the assembly below says so");
asm(ASM_FUNCTION(update)
    "	lea	sequence(%rip), %rax\n"
    "	mov	%rax, 8(%rdi)\n"
    "1:	mov	(%rsi), %rax\n"
    ".type inside, @function\n"
    "inside:\n"
    "	add	$0x1, %rax\n"
    "	nopl	0x0(%rax,%rax,1)\n"
    "	mov	%rax, (%rsi)\n"
    ".size inside, .-inside\n"
    "2:	xor	%eax, %eax\n"
    "	cmpq	$0, 8(%rdi)\n"
    "	sete	%al\n"
    "	inc	%eax\n"
    "	ret\n"
    "	.byte	0x0f, 0xb9, 0x3d\n"
    "	.long	0x53053053\n"
    "3:	xor	%eax, %eax\n"
    "	ret\n" ASM_END(update)
    ".pushsection __rseq_cs, \"aw\"\n"
    ".balign 32\n"
    "sequence: .long 0, 0\n"
    "	.quad	1b, 2b - 1b, 3b\n"
    ".popsection\n");

/* Whether it was unprotected at its end. */
static int count_one(struct rseq *area, uint64_t *counter)
{
	int done, aborts = 0;

	while ((done = update(area, counter)) == 0 && aborts < ABORTS_MAX)
		aborts++;
	return done != 1;
}

int main(void)
{
	struct rseq *area = (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);
	uint64_t counter = 0;

	expect("calls count_one %d", SEQUENCES);
	expect("probe update");
	expect("probe inside");
	if (__rseq_size == 0 || (int32_t)area->cpu_id < 0) {
		say("libc has registered no rseq area");
		return 77;
	}
	int unprotected = 0;
	for (int i = 0; i < SEQUENCES; i++)
		unprotected += count_one(area, &counter);
	/* One that is preempted between its store and the look at it is no fault. */
	if (unprotected > SEQUENCES / 2) {
		say("%d sequences were not protected", unprotected);
		return EXIT_FAILURE;
	}
	return counter == SEQUENCES ? EXIT_SUCCESS : EXIT_FAILURE;
}
#else
int main(void)
{
	say("libc has no sys/rseq.h");
	return 77;
}
#endif
