/*
 * Functions with stack frames of known shape, in assembly so that they are the same in every build.
 * Included by test_unwinder.c alone.
 *
 * A chain of calls is an array of steps: each function notes its CFA and return address in the step
 * it is given, and calls the next step's function. The last one is park.
 */
#ifndef TESTS_UNWIND_FRAMES_H
#define TESTS_UNWIND_FRAMES_H

#include <stdint.h>

#include "symbols/unwind/unwinder.h"

struct step {
	void (*function)(struct step *);
	uint64_t cfa, return_address;
	uint64_t registers[UNWIND_REGISTERS]; /* park's: the registers that calls preserve */
};
_Static_assert(sizeof(struct step) == 160, "the assembly below counts on it");

enum { KEPT_REGISTERS = 1 << 3 | 1 << 6 | 0xf << 12 }; /* rbx, rbp, r12 to r15 */

void frame_by_sp(struct step *step);	 /* CFA by rsp */
void frame_by_rbp(struct step *step);	 /* CFA by rbp */
void frame_saves_rbp(struct step *step); /* CFA by rsp; rbp is saved and overwritten */
void frame_without_cfi(struct step *step);
void frame_stops(struct step *step);		/* raises SIGILL at frame_stopped_at */
void frame_on_signal(int, siginfo_t *, void *); /* its handler: the chain goes on after that step */
void frame_parks(struct step *step);		/* sleeps in pause(2) for ever */
extern const char frame_stopped_at[], frame_parked_at[];
enum { STOPPED_BYTES = 32 }; /* from frame_stops's rsp at frame_stopped_at to its CFA */

__asm__(".pushsection .text\n"
	".macro note_frame\n"
	"	mov (%rsp), %rax\n"
	"	mov %rax, 16(%rdi)\n"
	"	lea 8(%rsp), %rax\n"
	"	mov %rax, 8(%rdi)\n"
	".endm\n"
	".macro call_next\n"
	"	add $160, %rdi\n"
	"	call *(%rdi)\n"
	".endm\n"

	"frame_by_sp:\n"
	"	.cfi_startproc\n"
	"	note_frame\n"
	"	sub $56, %rsp\n"
	"	.cfi_adjust_cfa_offset 56\n"
	"	call_next\n"
	"	add $56, %rsp\n"
	"	.cfi_adjust_cfa_offset -56\n"
	"	ret\n"
	"	.cfi_endproc\n"

	"frame_by_rbp:\n"
	"	.cfi_startproc\n"
	"	note_frame\n"
	"	push %rbp\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	.cfi_rel_offset %rbp, 0\n"
	"	mov %rsp, %rbp\n"
	"	.cfi_def_cfa_register %rbp\n"
	"	sub $80, %rsp\n"
	"	call_next\n"
	"	leave\n"
	"	.cfi_def_cfa %rsp, 8\n"
	"	ret\n"
	"	.cfi_endproc\n"

	"frame_saves_rbp:\n"
	"	.cfi_startproc\n"
	"	note_frame\n"
	"	push %rbp\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	.cfi_rel_offset %rbp, 0\n"
	"	mov $99, %ebp\n"
	"	call_next\n"
	"	pop %rbp\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	.cfi_restore %rbp\n"
	"	ret\n"
	"	.cfi_endproc\n"

	"frame_without_cfi:\n"
	"	note_frame\n"
	"	push %rbp\n"
	"	mov %rsp, %rbp\n"
	"	call_next\n"
	"	leave\n"
	"	ret\n"

	"frame_stops:\n"
	"	.cfi_startproc\n"
	"	note_frame\n"
	"	sub $24, %rsp\n"
	"	.cfi_adjust_cfa_offset 24\n"
	"frame_stopped_at:\n"
	"	ud2\n"
	"	.cfi_endproc\n"

	/* rdx: struct ucontext_t; at 104 the interrupted rdi, which is the step. */
	"frame_on_signal:\n"
	"	.cfi_startproc\n"
	"	mov 104(%rdx), %rdi\n"
	"	add $160, %rdi\n"
	"	jmp *(%rdi)\n"
	"	.cfi_endproc\n"

	"frame_parks:\n"
	"	.cfi_startproc\n"
	"	note_frame\n"
	"	mov %rbx, 24+3*8(%rdi)\n"
	"	mov %rbp, 24+6*8(%rdi)\n"
	"	mov %r12, 24+12*8(%rdi)\n"
	"	mov %r13, 24+13*8(%rdi)\n"
	"	mov %r14, 24+14*8(%rdi)\n"
	"	mov %r15, 24+15*8(%rdi)\n"
	"1:	mov $34, %eax\n" /* __NR_pause */
	"	syscall\n"
	"frame_parked_at:\n"
	"	jmp 1b\n"
	"	.cfi_endproc\n"
	".popsection\n");

#endif
