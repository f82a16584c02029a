/*
 * x86-64: the code of jump pads (arch layer). See pad.h for what it does.
 *
 * What is rarely run lies in front of the entry, so that all places have the same offset in all pads:
 * the displaced code, which has any length, is behind the rest. In front of all there are the pad's word, and at
 * 770 + 8 the site's address; 770 + 4 says whether the pad is lax.
 *
 * Offsets are those of pad.h: a ring's published 0, head 4, limit 8, fd 12, memory_tsc 16, memory_age 24, mask 32,
 * sums 40, lax_age 48, slots 128; a record's tsc 0, sp 8, site 16, flags 20, return address 24; a memory's length 24, mark 28;
 * a sum's count 0, ticks 8, shortest 16, longest 24, limit 32. pad.c checks them.
 *
 * A mark's rsi is the address of two words, if its rdx is 2: an object, whose byte 45 tells what it says,
 * and an id. The id lies in what a record of others leaves empty: the upper bytes of sp and flags.
 */
#include "tracer/arch/x86_64/pad_template.h"

#include "tracer/arch/x86_64/pad_rows.h"

/* clang-format off */

/* The end: flags without popf, which takes a dozen cycles. AL is 0 or 1 as the overflow flag was; with 1, 0x7f overflows. */
#define RESTORE(stage)										\
	LOAD(3, rax) STATE(3, 1, 1, stage)							\
	"	addb	$0x7f, %al\n" STATE(3, 1, 2, stage)					\
	"	sahf\n" STATE(3, 1, 0, stage)							\
	LOAD(2, rdx) STATE(2, 1, 0, stage)							\
	LOAD(1, rcx) STATE(1, 1, 0, stage)							\
	LOAD(0, rax) STATE(0, 1, 0, stage)							\
	"	.if	pad_moves\n"								\
	"	leaq	pad_moves(%rsp), %rsp\n"						\
	"	.endif\n" STATE(0, 0, 0, stage)

/* rdx: the address of the slot whose number is in rdx. */
#define SLOT_ADDRESS										\
	"	andq	32(%rcx), %rdx\n"							\
	"	shlq	$5, %rdx\n"								\
	"	leaq	128(%rcx,%rdx), %rdx\n"

/*
 * All of a record but its flags, of which a mark's have part of the id, and a frame's of the stack pointer. @words are on the stack. In: the time in rax, the
 * ring in rcx, the slot's address in rdx. rax is lost.
 */
#define RECORD(words)										\
	FIND_SP(words)										\
	"	movq	%rax, (%rdx)\n"								\
	"	leaq	pad_sp(%rsp), %rax\n"							\
	"	movq	%rax, 8(%rdx)\n"							\
	"	movl	$0x11111111, 16(%rdx)\n" HOLE(0)					\
	"	.if	pad_is_mark\n"								\
	"	movq	8(%rsi), %rax\n"							\
	"	movl	%eax, 20(%rdx)\n"							\
	"	shrq	$32, %rax\n"								\
	"	movw	%ax, 14(%rdx)\n"							\
	"	movq	(%rsi), %rax\n"								\
	"	movq	%rax, 24(%rdx)\n"							\
	"	.endif\n"									\
	"	.if	pad_is_frame\n"								\
	"	movl	%eax, 20(%rdx)\n"							\
	"	.if	pad_is_frame == 2\n"							\
	"	movq	%rbp, %rax\n"								\
	"	.endif\n"									\
	"	addq	$0x11111111, %rax\n" HOLE(3)						\
	"	movq	%rax, 8(%rdx)\n"							\
	"	movq	-8(%rax), %rax\n"							\
	"	movq	%rax, 24(%rdx)\n"							\
	"	.endif\n"									\
	"	.if	pad_is_entry\n"								\
	"	movq	pad_sp(%rsp), %rax\n"							\
	"	movq	%rax, 24(%rdx)\n"							\
	"	.elseif	pad_is_return\n"							\
	"	movq	$0, 24(%rdx)\n"								\
	"	.endif\n"

/* Everything is published, @slots more than before: the commit. The ring is in rcx; rax and rdx are lost. */
#define PUBLISH(slots)										\
	"	movl	4(%rcx), %eax\n"							\
	"	addl	$" #slots ", %eax\n"							\
	"	movl	%eax, %edx\n"								\
	"	shlq	$32, %rdx\n"								\
	"	orq	%rdx, %rax\n"								\
	"	movq	%rax, (%rcx)\n"

/* The time in rax; rdx is lost. */
#define READ_TIME										\
	"	rdtsc\n"									\
	"	shlq	$32, %rdx\n"								\
	"	orq	%rdx, %rax\n"

/* The time of a record with memory, in rax; the program's rsi, of a mark. */
#define TIME_WITH_MEMORY									\
	"	.if	pad_is_mark\n"								\
	FIND_WORD(4, 9)										\
	"	movq	pad_at(%rsp), %rsi\n"							\
	"	movq	(%rsi), %rax\n"								\
	"	cmpb	$'E', 45(%rax)\n"							\
	FIND_WORD(8, 9)										\
	"	movq	pad_at(%rsp), %rax\n"							\
	"	jne	17f\n"									\
	"	.endif\n"									\
	"	.if	pad_is_entry | pad_is_mark\n"						\
	READ_TIME										\
	"	.else\n"									\
	FIND_WORD(8, 9)										\
	"	movq	pad_at(%rsp), %rax\n"							\
	"	.endif\n"									\
	"17:\n"

/*
 * Memory is too old, unless the pad is lax. In: the time in rax, the ring in rcx, the age in rdx. pread64 (17) leaves all registers but rax, rcx
 * and r11. memory_tsc is written behind the commit: a thread that is taken out of the pad before it must
 * read again.
 */
#define READ_MEMORY										\
	"1:\n" BEFORE(4)									\
	"	cmpl	$0, 770b+4(%rip)\n"							\
	"	je	18f\n"									\
	"	cmpq	48(%rcx), %rdx\n"							\
	"	jbe	19f\n"									\
	"18:\n"											\
	SAVE(4, rsi) BEFORE(5)									\
	SAVE(5, rdi) BEFORE(6)									\
	SAVE(6, r10) BEFORE(7)									\
	SAVE(7, r11) BEFORE(8)									\
	SAVE(8, rax) BEFORE(9)									\
	SAVE(9, rcx) BEFORE(10)									\
	"	movl	4(%rcx), %esi\n"								\
	"	andq	32(%rcx), %rsi\n"							\
	"	shlq	$5, %rsi\n"								\
	"	leaq	128(%rcx,%rsi), %rsi\n"							\
	"	movl	12(%rcx), %edi\n"							\
	"	movl	$24, %edx\n"								\
	"	xorl	%r10d, %r10d\n"								\
	"	movl	$17, %eax\n"								\
	"	syscall\n"									\
	LOAD(9, rcx) BEFORE(9)									\
	"	movl	%eax, 24(%rsi)\n"							\
	"	movl	$-1, 28(%rsi)\n"							\
	TIME_WITH_MEMORY									\
	"	movl	4(%rcx), %edx\n"								\
	"	addl	$1, %edx\n"								\
	SLOT_ADDRESS										\
	RECORD(9)										\
	"	.if	pad_is_mark | pad_is_frame\n"						\
	"	orl	$1, 20(%rdx)\n"								\
	"	.else\n"									\
	"	movl	$1, 20(%rdx)\n"								\
	"	.endif\n"									\
	PUBLISH(2) RECORDED(9)									\
	LOAD(8, rax) RECORDED(8)								\
	"	movq	%rax, 16(%rcx)\n"							\
	LOAD(7, r11) RECORDED(7)								\
	LOAD(6, r10) RECORDED(6)								\
	LOAD(5, rdi) RECORDED(5)								\
	LOAD(4, rsi) RECORDED(4)								\
	"	jmp	8f\n"

/* An entry whose record is not published. RECORD has been done. */
#define KEEP_BACK										\
	"	.if	pad_is_entry\n"								\
	"10:\n" BEFORE(4)									\
	"	movabsq	$0x100000000, %rax\n"							\
	"	addq	%rax, (%rcx)\n" RECORDED(4)						\
	"	jmp	8f\n"									\
	"	.endif\n"

/*
 * A return, when something that is written has not been published. In: the time in rax, the ring in rcx, its head in
 * edx. The last record is looked at, in rsi; what the ring's first 8 bytes are, in rdi. They are compared and written in
 * one instruction: the engine may have published meanwhile, while the thread was stopped.
 */
#define SUM_UP											\
	"	.if	pad_is_return\n"							\
	"10:\n" BEFORE(4)									\
	SAVE(4, rsi) BEFORE(5)									\
	SAVE(5, rdi) BEFORE(6)									\
	"	movq	(%rcx), %rdi\n"								\
	"	cmpl	%edi, %edx\n"								\
	"	je	14f\n"									\
	"	leal	-1(%rdx), %esi\n"							\
	"	andq	32(%rcx), %rsi\n"							\
	"	shlq	$5, %rsi\n"								\
	"	leaq	128(%rcx,%rsi), %rsi\n"							\
	FIND_SP(6)										\
	"	leaq	pad_sp - 8(%rsp), %rdx\n"						\
	"	cmpq	%rdx, 8(%rsi)\n"							\
	"	jne	14f\n"									\
	"	movq	770b+8(%rip), %rdx\n"							\
	"	cmpq	%rdx, 24(%rsi)\n"							\
	"	jne	14f\n"									\
	"	movl	20(%rsi), %edx\n"							\
	"	cmpl	%edx, 770b(%rip)\n"							\
	"	jne	14f\n"									\
	"	addq	40(%rcx), %rdx\n"							\
	"	subq	(%rsi), %rax\n"								\
	"	cmpq	32(%rdx), %rax\n"							\
	"	jae	13f\n"									\
	"	movq	%rax, %rsi\n"								\
	"	movq	%rdi, %rax\n"								\
	"	movabsq	$-0x100000000, %rdi\n"							\
	"	addq	%rax, %rdi\n"								\
	"	cmpxchgq %rdi, (%rcx)\n" OWING(4)						\
	"	jne	12f\n" OWING(1)							\
	"	addq	%rsi, 8(%rdx)\n" OWING(2)						\
	"	addq	$1, (%rdx)\n" OWING(3)							\
	"	cmpq	24(%rdx), %rsi\n"							\
	"	jbe	15f\n"									\
	"	movq	%rsi, 24(%rdx)\n"							\
	"15:	cmpq	16(%rdx), %rsi\n"							\
	"	jae	16f\n"									\
	"	movq	%rsi, 16(%rdx)\n"							\
	"16:\n"											\
	LOAD(5, rdi) RECORDED(5)								\
	LOAD(4, rsi) RECORDED(4)								\
	"	jmp	8f\n"									\
	"12:\n" BEFORE(6)									\
	READ_TIME										\
	"	jmp	14f\n"									\
	"13:\n" BEFORE(6)									\
	"	addq	(%rsi), %rax\n"								\
	"14:\n" BEFORE(6)									\
	LOAD(5, rdi) BEFORE(5)									\
	LOAD(4, rsi) BEFORE(4)									\
	"	movl	4(%rcx), %edx\n"							\
	"	jmp	7f\n"									\
	"	.endif\n"

/* Entries that do not lie where they belong. */
#define LOOK_FURTHER										\
	"	.if	pad_is_entry | pad_is_mark\n"						\
	"2:\n" BEFORE(4)									\
	"	cmpq	%rax, 69696+8(%rdx,%rcx,8)\n"						\
	"	je	5f\n"									\
	"	cmpq	%rax, 69696+16(%rdx,%rcx,8)\n"						\
	"	je	5f\n"									\
	"	cmpq	%rax, 69696+24(%rdx,%rcx,8)\n"						\
	"	je	5f\n"									\
	"	jmp	4f\n"									\
	"	.endif\n"									\
	"3:\n" BEFORE(4)									\
	"	addl	$2, %ecx\n"								\
	"	cmpq	%rax, 4096(%rdx,%rcx,8)\n"						\
	"	je	6f\n"									\
	"	addl	$2, %ecx\n"								\
	"	cmpq	%rax, 4096(%rdx,%rcx,8)\n"						\
	"	je	6f\n"									\
	"	addl	$2, %ecx\n"								\
	"	cmpq	%rax, 4096(%rdx,%rcx,8)\n"						\
	"	je	6f\n"

/* The slow way. is_abandoned is looked at while the flags are still saved. */
#define GIVE_UP											\
	"4:\n" BEFORE(4)									\
	"	movabsq	$0x1111111111111111, %rdx\n" HOLE(1)					\
	"	cmpb	$0, 64(%rdx)\n"								\
	"	jne	8f\n"									\
	RESTORE(1)										\
	"772:	int3\n" STATE(0, 0, 0, 3)							\
	"	jmp	9f\n" STATE(0, 0, 0, 0)

#define FAST_WAY										\
	"	.balign	16, 0xcc\n"								\
	"773:\n" STATE(0, 0, 0, 1)								\
	"	.if	pad_moves\n"								\
	"	leaq	-pad_moves(%rsp), %rsp\n"						\
	"	.endif\n" BEFORE(0)								\
	SAVE(0, rax) BEFORE(1)									\
	SAVE(1, rcx) BEFORE(2)									\
	SAVE(2, rdx) BEFORE(3)									\
	"	lahf\n"										\
	"	seto	%al\n"									\
	SAVE(3, rax) BEFORE(4)									\
	"	.if	pad_is_mark\n"								\
	"	cmpq	$2, %rdx\n"								\
	"	jne	8f\n"									\
	"	movq	(%rsi), %rax\n"								\
	"	.endif\n"									\
	"	movabsq	$0x1111111111111111, %rdx\n" HOLE(1)					\
	"	.if	pad_is_entry\n"								\
	FIND_SP(4)										\
	"	movq	pad_sp(%rsp), %rax\n"							\
	"	.endif\n"									\
	"	.if	pad_is_entry | pad_is_mark\n"						\
	"	movl	%eax, %ecx\n"								\
	"	shrl	$2, %ecx\n"								\
	"	andl	$0x3ffff, %ecx\n"							\
	"	cmpq	%rax, 69696(%rdx,%rcx,8)\n"						\
	"	jne	2b\n"									\
	"	.endif\n"									\
	"5:	movq	%fs:0, %rax\n"								\
	"	imull	$-1640531535, %eax, %ecx\n"						\
	"	shrl	$20, %ecx\n"								\
	"	addl	%ecx, %ecx\n"								\
	"	cmpq	%rax, 4096(%rdx,%rcx,8)\n"						\
	"	jne	3b\n"									\
	"6:	movq	4104(%rdx,%rcx,8), %rcx\n"						\
	"	testq	%rcx, %rcx\n"								\
	"	jz	4b\n"									\
	"	movl	4(%rcx), %edx\n"								\
	"	leal	1(%rdx), %eax\n"							\
	"	cmpb	%ah, 8(%rcx)\n"								\
	"	je	4b\n"									\
	READ_TIME										\
	"	movq	%rax, %rdx\n"								\
	"	subq	16(%rcx), %rdx\n"							\
	"	cmpq	24(%rcx), %rdx\n"							\
	"	ja	1b\n"									\
	"19:\n"											\
	"	movl	4(%rcx), %edx\n"								\
	"	.if	pad_is_return\n"							\
	"	cmpl	(%rcx), %edx\n"								\
	"	jne	10b\n"									\
	"7:\n"											\
	"	.endif\n"									\
	SLOT_ADDRESS										\
	RECORD(4)										\
	"	.if	pad_is_entry\n"								\
	"	movl	770b(%rip), %eax\n"							\
	"	movl	%eax, 20(%rdx)\n"							\
	"	testl	%eax, %eax\n"								\
	"	jnz	10b\n"									\
	"	.elseif	pad_is_return\n"							\
	"	movl	$0, 20(%rdx)\n"								\
	"	.endif\n"									\
	PUBLISH(1)										\
	"8:\n" RECORDED(4)									\
	RESTORE(2)										\
	"9:\n" STATE(0, 0, 0, 0)

/* @is_frame: 1 has its CFA by rsp, 2 by rbp. @moves: the stack pointer, by so many bytes, before anything is kept. */
#define TEMPLATE(name, is_entry, is_mark, is_frame, is_low, moves)				\
	"	.pushsection .rodata.pad_states, \"a\"\n"					\
	#name "_states:\n"									\
	"	.popsection\n"									\
	"	.pushsection .rodata.pad_holes, \"a\"\n"					\
	#name "_holes:\n"									\
	"	.popsection\n"									\
	"	.pushsection .rodata\n"								\
	"	.set	pad_is_entry, " #is_entry "\n"						\
	"	.set	pad_is_mark, " #is_mark "\n"						\
	"	.set	pad_is_frame, " #is_frame "\n"						\
	"	.set	pad_is_low, " #is_low "\n"						\
	"	.set	pad_moves, " #moves "\n"						\
	"	.set	pad_is_return, (pad_is_entry | pad_is_mark | pad_is_frame) == 0\n"	\
	"	.balign 16\n"									\
	#name "_code:\n"									\
	"770:	.8byte	0, 0\n" HOLE(2)								\
	READ_MEMORY KEEP_BACK SUM_UP LOOK_FURTHER GIVE_UP FAST_WAY				\
	"	.balign 2\n"									\
	#name "_layout:\n"									\
	"	.2byte	773b - 770b, 772b - 770b, 9b - 770b, 0\n"					\
	"	.popsection\n"									\
	"	.pushsection .rodata.pad_states, \"a\"\n"					\
	#name "_states_end:\n"									\
	"	.popsection\n"									\
	"	.pushsection .rodata.pad_holes, \"a\"\n"					\
	#name "_holes_end:\n"									\
	"	.popsection\n"

__asm__("	.pushsection .rodata.pad_states, \"a\"\n	.balign 2\n	.popsection\n"
	"	.pushsection .rodata.pad_holes, \"a\"\n	.balign 2\n	.popsection\n"
	TEMPLATE(pad_entry, 1, 0, 0, 0, 128)
	TEMPLATE(pad_return, 0, 0, 0, 0, 128)
	TEMPLATE(pad_called, 1, 0, 0, 1, 0)
	TEMPLATE(pad_returned, 0, 0, 0, 1, 8)
	TEMPLATE(pad_mark, 0, 1, 0, 0, 128)
	TEMPLATE(pad_frame_sp, 0, 0, 1, 0, 128)
	TEMPLATE(pad_frame_bp, 0, 0, 2, 0, 128));

#define TEMPLATE_PARTS(name)									\
	extern const uint8_t name##_code[];							\
	extern const struct arch_pad_layout name##_layout;					\
	extern const struct pad_state name##_states[], name##_states_end[];			\
	extern const struct pad_hole name##_holes[], name##_holes_end[]

#define TEMPLATE_ROW(name, is_low)								\
	{ name##_code, &name##_layout, name##_states, name##_states_end, name##_holes,		\
	  name##_holes_end, is_low }

/* clang-format on */

TEMPLATE_PARTS(pad_entry);
TEMPLATE_PARTS(pad_return);
TEMPLATE_PARTS(pad_called);
TEMPLATE_PARTS(pad_returned);
TEMPLATE_PARTS(pad_mark);
TEMPLATE_PARTS(pad_frame_sp);
TEMPLATE_PARTS(pad_frame_bp);

const struct pad_template pad_templates[] = {
	[ARCH_PAD_ENTRY] = TEMPLATE_ROW(pad_entry, false),
	[ARCH_PAD_RETURN] = TEMPLATE_ROW(pad_return, false),
	[ARCH_PAD_CALLED] = TEMPLATE_ROW(pad_called, true),
	[ARCH_PAD_RETURNED] = TEMPLATE_ROW(pad_returned, true),
	[ARCH_PAD_MARK] = TEMPLATE_ROW(pad_mark, false),
	[ARCH_PAD_FRAME_SP] = TEMPLATE_ROW(pad_frame_sp, false),
	[ARCH_PAD_FRAME_BP] = TEMPLATE_ROW(pad_frame_bp, false),
	[ARCH_PAD_PLAIN] = { pad_plain_code, &pad_plain_layout, pad_plain_states,
			     pad_plain_states + PAD_PLAIN_STATES, NULL, NULL, false },
};
