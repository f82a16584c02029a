/* Unit tests of how many bytes a jump may overwrite: functions in assembly, each with one site. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "symbols/file/symbol_file.h"
#include "tests/unit/symbol_fixture.h"
#include "tracer/probe/code/jump_window.h"

/* A function with unwind information; BARE: without. */
#define BARE(name, body)                                                                           \
	".globl " name "\n.type " name ",@function\n" name ":\n" body ".size " name ",.-" name "\n"
#define FUNCTION(name, body) BARE(name, ".cfi_startproc\n" body ".cfi_endproc\n")
#define NEXT(code) FUNCTION("next", code)
/* One that the file exports not. */
#define LOCAL(name, body)                                                                          \
	".type " name ",@function\n" name ":\n.cfi_startproc\n" body ".cfi_endproc\n.size " name   \
	",.-" name "\n"

/* A move of a constant whose bytes from @label on are a jump to .Lin; who is in @other may come there. */
#define BRANCH_IN_CONSTANT(label)                                                                  \
	".byte 0x48, 0xb8\n" label ".byte 0xe9\n.long .Lin-.-4\n.byte 0, 0, 0\n"
#define ENTERED_FROM(other)                                                                        \
	FUNCTION("f", "push %rbp\n .Lin: mov %rsp, %rbp\n push %rbx\n ret\n") other

/*
 * Two jumps by tables. The address of the second table is made once, in front of a loop, in a register that is the
 * caller's at the first jump; @first and @second are where the tables lead: 1 makes it, 2 is in the loop.
 */
#define TWO_TABLES(first, second)                                                                  \
	FUNCTION("f", "push %rbp\n mov %rsp, %rbp\n push %rbx\n lea .Lt(%rip), %rcx\n"             \
		      "movslq (%rcx,%rdi,4), %rax\n add %rcx, %rax\n jmp *%rax\n"                  \
		      "1: lea .Lu(%rip), %r15\n .Lloop: movslq (%r15,%rsi,4), %rax\n"              \
		      "add %r15, %rax\n jmp *%rax\n 2: inc %esi\n jmp .Lloop\n 3: ret\n")          \
	".section .rodata\n .balign 4\n .Lt: .long " first "-.Lt, 1b-.Lt, 1b-.Lt, 3b-.Lt\n"        \
	".Lu: .long " second "-.Lu, 3b-.Lu, 2b-.Lu, 3b-.Lu\n .long 0\n"

/* A loop through a table whose address is made in front of it, and goes on in a cold part, where the site is. */
#define COLD_PART                                                                                  \
	FUNCTION("f", "lea .Lt(%rip), %r15\n .Lloop: movslq (%r15,%rsi,4), %rax\n"                 \
		      "add %r15, %rax\n jmp *%rax\n 2: inc %esi\n jne .Lcold\n jmp .Lloop\n"       \
		      "3: ret\n")                                                                  \
	".section .rodata\n .balign 4\n .Lt: .long 2b-.Lt, 3b-.Lt\n .quad 0\n.text\n"              \
	".cfi_startproc\n .Lcold: dec %edi\n site: inc %ecx\n inc %edx\n dec %ecx\n"               \
	"jmp .Lloop\n .cfi_endproc\n"

/* More parts than are looked at, each with the @body. */
#define PARTS ".irp i,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18\n"
#define MANY_PARTS(body)                                                                           \
	FUNCTION("f", PROLOGUE PARTS "je .Lp\\i\n .endr\n ret\n")                                  \
	PARTS ".cfi_startproc\n .Lp\\i: " body ".cfi_endproc\n .endr\n"

/* What clang's -fsanitize=function puts in front. */
#define TYPE ".byte 0xeb, 6\n .ascii \"v2\"\n .long 0x48c3b8c3\n"

#define PROLOGUE "push %rbp\n mov %rsp, %rbp\n push %rbx\n"

/* Words that count from a label in the code lead to @target. */
#define LABEL_WORDS(table, sum, target)                                                            \
	FUNCTION("f", "push %rbp\n 1: mov %rsp, %rbp\n push %rbx\n lea 3f(%rip), %rax\n" table     \
		      "\n movslq (%rdx,%rdi,4), %rdx\n " sum " %rax, %rdx\n jmp *%rdx\n"           \
		      "2: inc %eax\n 3: ret\n")                                                    \
	".section .rodata\n .balign 4\n .Lt: .long 3b-3b, " target "-3b, 2b-3b, 2b-3b\n .quad 1\n"

static const struct window_case {
	const char *what;
	const char *code; /* the site is at "site", else at "f" */
	enum jump_refusal refusal;
	unsigned bytes, offset;
	bool is_single;
} cases[] = {
	{ "one instruction", FUNCTION("f", "lea f(%rip), %rax\n ret\n"), JUMP_POSSIBLE, 7, 0,
	  true },
	{ "behind a type", FUNCTION("f", TYPE PROLOGUE "ret\n"), JUMP_POSSIBLE, 5, 8, false },
	{ "one instruction behind a type", FUNCTION("f", TYPE "lea f(%rip), %rax\n ret\n"),
	  JUMP_POSSIBLE, 7, 8, false },
	{ "behind a type and endbr64", FUNCTION("f", TYPE "endbr64\n push %rbx\n ret\n"),
	  JUMP_POSSIBLE, 5, 8, false },
	{ "a loop to what is behind a type", FUNCTION("f", TYPE "1: " PROLOGUE "jne 1b\n ret\n"),
	  JUMP_INTERIOR_ENTRY, 5, 8, false },
	{ "what looks like a type, elsewhere",
	  FUNCTION("f", "push %rbp\n site: " TYPE PROLOGUE "ret\n"), JUMP_FUNCTION_END, 4, 0,
	  false },
	{ "a neighbour with a type, part of which looks like a branch",
	  FUNCTION("f", PROLOGUE "ret\n") FUNCTION(
		  "next", ".byte 0xeb, 6\n .ascii \"v2\"\n .byte 0xeb, 0xf2, 0, 0\n ret\n"),
	  JUMP_POSSIBLE, 5, 0, false },
	{ "behind endbr64",
	  FUNCTION("f", "endbr64\n push %rbp\n mov %rsp, %rbp\n push %rbx\n ret\n"), JUMP_POSSIBLE,
	  5, 4, false },
	{ "a short branch inside",
	  FUNCTION("f", "push %rbp\n 1: mov %rsp, %rbp\n push %rbx\n dec %edi\n jne 1b\n ret\n"),
	  JUMP_INTERIOR_ENTRY, 5, 0, false },
	{ "a branch to the first byte",
	  FUNCTION("f", "push %rbp\n mov %rsp, %rbp\n push %rbx\n dec %edi\n jne f\n ret\n"),
	  JUMP_POSSIBLE, 5, 0, false },
	{ "a short branch of the next function",
	  FUNCTION("f", "push %rbp\n .Lin: mov %rsp, %rbp\n push %rbx\n ret\n") NEXT("jmp .Lin\n"),
	  JUMP_INTERIOR_ENTRY, 5, 0, false },
	{ "a short branch of the function before",
	  NEXT("jmp .Lin\n") FUNCTION("f", "push %rbp\n .Lin: mov %rsp, %rbp\n push %rbx\n ret\n"),
	  JUMP_INTERIOR_ENTRY, 5, 0, false },
	{ "a short branch of code that nobody knows",
	  FUNCTION("f", "push %rbp\n .Lin: mov %rsp, %rbp\n push %rbx\n ret\n") "jmp .Lin\n",
	  JUMP_INTERIOR_ENTRY, 5, 0, false },
	{ "a branch from afar",
	  FUNCTION("f", "push %rbp\n .Lin: mov %rsp, %rbp\n push %rbx\n ret\n")
		  NEXT(".skip 300, 0x90\n je .Lin\n ret\n"),
	  JUMP_INTERIOR_ENTRY, 5, 0, false },
	{ "a constant that looks like a branch from afar",
	  ENTERED_FROM(NEXT(".skip 300, 0x90\n" BRANCH_IN_CONSTANT("2:") "ret\n")), JUMP_POSSIBLE,
	  5, 0, false },
	{ "such a constant in code that nobody knows",
	  ENTERED_FROM(BARE("next", ".skip 300, 0x90\n" BRANCH_IN_CONSTANT("2:") "ret\n")),
	  JUMP_INTERIOR_ENTRY, 5, 0, false },
	{ "such a constant in code that is not understood",
	  ENTERED_FROM(NEXT(".skip 300, 0x90\n" BRANCH_IN_CONSTANT("2:") "ret\n .byte 6\n")),
	  JUMP_INTERIOR_ENTRY, 5, 0, false },
	{ "such a constant with a branch to its inside",
	  ENTERED_FROM(NEXT("jmp 2f\n .skip 300, 0x90\n" BRANCH_IN_CONSTANT("2:") "ret\n")),
	  JUMP_INTERIOR_ENTRY, 5, 0, false },
	{ "a branch behind a prefix",
	  FUNCTION("f",
		   "test %edi, %edi\n je 1f\n site: lock\n 1: cmpxchg %ecx, 8(%rdi,%rdx)\n ret\n"),
	  JUMP_INTERIOR_ENTRY, 6, 0, true },
	{ "a table of distances",
	  FUNCTION("f",
		   "cmp $3, %edi\n ja 2f\n lea .Lt(%rip), %rax\n movslq (%rax,%rdi,4), %rdx\n"
		   "add %rax, %rdx\n notrack jmp *%rdx\n"
		   "site: inc %ecx\n 1: inc %edx\n 2: inc %eax\n ret\n") ".section .rodata\n "
									 ".balign 4\n .Lt: .long "
									 "1b-.Lt, 1b-.Lt, 1b-.Lt, "
									 "1b-.Lt\n",
	  JUMP_INTERIOR_ENTRY, 6, 0, false },
	{ "a table whose address is far away, and whose words lead elsewhere",
	  FUNCTION("f", "lea .Lt(%rip), %rbx\n call next\n site: inc %ecx\n inc %edx\n dec %edx\n"
			"mov %edi, %edi\n movslq (%rbx,%rdi,4), %rax\n add %rbx, %rax\n jmp *%rax\n"
			"1: ret\n")
		  NEXT("ret\n") ".section .rodata\n .balign 4\n .Lt: .long 1b-.Lt, 1b-.Lt\n",
	  JUMP_POSSIBLE, 6, 0, false },
	{ "two tables", TWO_TABLES("1b", "2b"), JUMP_POSSIBLE, 5, 0, false },
	{ "two tables, the first of which leads to where the second's address is needed",
	  TWO_TABLES("2b", "2b"), JUMP_UNKNOWN_TARGETS, 5, 0, false },
	{ "a cold part", COLD_PART, JUMP_POSSIBLE, 6, 0, false },
	{ "a cold part that another function jumps to",
	  COLD_PART NEXT(".skip 300, 0x90\n jmp .Lcold\n"), JUMP_UNKNOWN_TARGETS, 6, 0, false },
	{ "a cold part that the next function jumps to", COLD_PART NEXT("jmp .Lcold\n"),
	  JUMP_UNKNOWN_TARGETS, 6, 0, false },
	{ "many parts", MANY_PARTS("ret\n"), JUMP_POSSIBLE, 5, 0, false },
	{ "many parts with jumps of their own", MANY_PARTS("jmp *%rax\n"), JUMP_UNKNOWN_TARGETS, 5,
	  0, false },
	{ "a tail call of a function without unwind information",
	  FUNCTION("f", PROLOGUE "jmp next\n") BARE("next", "ret\n"), JUMP_POSSIBLE, 5, 0, false },
	{ "a jump into such a function",
	  FUNCTION("f", PROLOGUE "jmp 1f\n") BARE("next", "inc %eax\n 1: ret\n"),
	  JUMP_UNKNOWN_TARGETS, 5, 0, false },
	{ "a jump to the padding behind the function",
	  FUNCTION("f", PROLOGUE "je 1f\n ret\n") "1: .p2align 4\n" NEXT("ret\n"), JUMP_POSSIBLE, 5,
	  0, false },
	{ "a jump to code behind the function",
	  FUNCTION("f", PROLOGUE "je 1f\n ret\n") "1: inc %eax\n" NEXT("ret\n"),
	  JUMP_UNKNOWN_TARGETS, 5, 0, false },
	{ "such a jump into the window",
	  FUNCTION("f", "test %edi, %edi\n je 1f\n site: pop %rbx\n ret\n") "1: .p2align 4\n" NEXT(
		  "ret\n"),
	  JUMP_INTERIOR_ENTRY, 12, 0, false },
	{ "no address", FUNCTION("f", PROLOGUE "xor %eax, %eax\n jmp *%rax\n"), JUMP_POSSIBLE, 5, 0,
	  false },
	{ "an address that is changed",
	  FUNCTION("f", PROLOGUE "mov %rsi, %rax\n xor %ecx, %eax\n jmp *%rax\n"),
	  JUMP_UNKNOWN_TARGETS, 5, 0, false },
	{ "a table of pointers",
	  FUNCTION("f", "lea .Lt(%rip), %rax\n jmp *(%rax,%rdi,8)\n"
			"site: inc %ecx\n 1: inc %edx\n inc %eax\n ret\n") ".section .data.rel.ro, "
									   "\"aw\"\n .balign 8\n "
									   ".Lt: .quad 1b, 1b\n",
	  JUMP_INTERIOR_ENTRY, 6, 0, false },
	{ "words that count from a label", LABEL_WORDS("lea .Lt(%rip), %rdx", "add", "2b"),
	  JUMP_POSSIBLE, 5, 0, false },
	{ "words that count from a label into the window",
	  LABEL_WORDS("lea .Lt(%rip), %rdx", "add", "1b"), JUMP_INTERIOR_ENTRY, 5, 0, false },
	{ "words of a table that is an argument", LABEL_WORDS("mov %rsi, %rdx", "add", "2b"),
	  JUMP_UNKNOWN_TARGETS, 5, 0, false },
	{ "words that are taken off a label", LABEL_WORDS("lea .Lt(%rip), %rdx", "sub", "2b"),
	  JUMP_UNKNOWN_TARGETS, 5, 0, false },
	{ "an address that is calculated",
	  FUNCTION("f", "push %rbp\n mov %rsp, %rbp\n push %rbx\n lea 1f(%rip), %rax\n"
			"shl $4, %rdi\n add %rdi, %rax\n jmp *%rax\n 1: ret\n"),
	  JUMP_UNKNOWN_TARGETS, 5, 0, false },
	{ "a jump to an argument", FUNCTION("f", "mov %rsi, %rax\n mov %rdx, %rdi\n jmp *%rax\n"),
	  JUMP_POSSIBLE, 6, 0, false },
	{ "a call inside", FUNCTION("f", "site: call *%rax\n mov %rsp, %rbp\n ret\n"),
	  JUMP_CALL_INSIDE, 2, 0, false },
	{ "a call at the end", FUNCTION("f", "mov %rsi, %rdi\n call *%rax\n ret\n"), JUMP_POSSIBLE,
	  5, 0, false },
	{ "a system call", FUNCTION("f", "push %rbx\n syscall\n push %rbp\n ret\n"),
	  JUMP_SYSCALL_INSIDE, 3, 0, false },
	{ "a system call at the end", FUNCTION("f", "mov %rsi, %rdi\n syscall\n ret\n"),
	  JUMP_SYSCALL_INSIDE, 5, 0, false },
	{ "padding behind a return", FUNCTION("f", "pop %rbx\n ret\n") ".p2align 3\n" NEXT("ret\n"),
	  JUMP_POSSIBLE, 8, 0, false },
	{ "no padding behind a return", FUNCTION("f", "pop %rbx\n ret\n") NEXT("ret\n"),
	  JUMP_FUNCTION_END, 3, 0, false },
	{ "a label inside", FUNCTION("f", "push %rbp\n inner: mov %rsp, %rbp\n push %rbx\n ret\n"),
	  JUMP_SYMBOL_INSIDE, 5, 0, false },
	{ "a landing pad",
	  FUNCTION("f",
		   ".cfi_lsda 0x1b, .Ll\n call next\n site: inc %ecx\n 1: inc %edx\n inc %edx\n"
		   "ret\n") NEXT("ret\n") ".section .gcc_except_table, \"a\"\n .Ll: .byte 0xff, "
					  "0xff, 1, 4, 0, 5, 1b-f, 0\n",
	  JUMP_LANDING_PAD, 6, 0, false },
	{ "data in the code",
	  FUNCTION("f", "push %rbp\n mov %rsp, %rbp\n push %rbx\n jmp 1f\n .byte 6\n 1: ret\n"),
	  JUMP_UNKNOWN_CODE, 5, 0, false },
	{ "no unwind information where others have it",
	  BARE("f", "push %rbp\n mov %rsp, %rbp\n push %rbx\n ret\n") NEXT("ret\n"),
	  JUMP_NO_FUNCTION, 1, 0, false },
	{ "one instruction there", BARE("f", "lea f(%rip), %rax\n ret\n") NEXT("ret\n"),
	  JUMP_POSSIBLE, 7, 0, true },
	{ "no unwind information at all",
	  BARE("f", "push %rbp\n mov %rsp, %rbp\n push %rbx\n ret\n"), JUMP_POSSIBLE, 5, 0, false },
	{ "a restartable sequence",
	  FUNCTION("f",
		   "push %rbp\n 1: mov %rsp, %rbp\n push %rbx\n 2: ret\n 3: ret\n") ".section "
										    "__rseq_cs, "
										    "\"aw\"\n "
										    ".balign 32\n "
										    ".long 0, 0\n "
										    ".quad 1b, "
										    "2b-1b, 3b\n",
	  JUMP_EXCLUDED, 5, 0, false },
};

/* Of the place that is @offset_bytes from the label site, or f. */
static void find_window_linked(const char *code, const char *link, unsigned offset_bytes,
			       struct jump_window *ret)
{
	struct jump_function *function;
	const struct symbol_file *file;
	struct symbol_store *store;
	struct jump_targets *targets;
	taddr_t site;

	fixture_compile(code, "f.s", link);
	assert_null(symbol_store_create(&store));
	assert_null(symbol_store_get(store, fixture_path("f.so"), fixture_path("f.so"), &file));
	if (!symbol_file_find(file, "site", &site))
		assert_true(symbol_file_find(file, "f", &site));
	site = taddr_add(site, offset_bytes);
	assert_null(jump_targets_create(file, &targets));
	assert_null(jump_function_create(targets, site, &function));
	assert_true(jump_function_holds(function, site));
	jump_window_find(function, site, ret);
	jump_function_destroy(function);
	jump_targets_destroy(targets);
	symbol_store_destroy(store);
	fixture_run("rm f.so");
}

#define LINK "cc -shared -nostdlib -Wl,-Bsymbolic -o f.so f.s && rm -f f.s"
#define LINK_AT_ADDRESS                                                                            \
	"cc -shared -nostdlib "                                                                    \
	"-Wl,-Bsymbolic,-Ttext-segment=0x400000,--section-start=.text=0x401000 "                   \
	"-o f.so f.s && rm -f f.s"

static void find_window(const char *code, struct jump_window *ret)
{
	find_window_linked(code, LINK, 0, ret);
}

/* A distance that is, as a number, an address of code is no address; a constant may be one. */
static void test_absolute(void **state)
{
	struct jump_window window;

	(void)state;
	find_window_linked(ENTERED_FROM(NEXT(".skip 300, 0x90\n .byte 0x48, 0xc7, 5\n"
					     ".long 0x401001, 0\n ret\n")),
			   LINK_AT_ADDRESS, 0, &window);
	assert_int_equal(window.refusal, JUMP_POSSIBLE);
	find_window_linked(ENTERED_FROM(NEXT(".skip 300, 0x90\n mov $0x401001, %eax\n ret\n")),
			   LINK_AT_ADDRESS, 0, &window);
	assert_int_equal(window.refusal, JUMP_INTERIOR_ENTRY);
}

enum { CALL_BYTES = 5 };

/* Where something may be kept below the stack pointer: it may be as well where a thing is not understood. */
static const struct {
	const char *what, *code;
	unsigned offset_bytes;
	bool is_free;
} stack_cases[] = {
	{ "a function", FUNCTION("f", PROLOGUE "ret\n"), 0, true },
	{ "behind endbr64", FUNCTION("f", "endbr64\n " PROLOGUE "ret\n"), 0, true },
	{ "behind a type", FUNCTION("f", TYPE PROLOGUE "ret\n"), 0, true },
	{ "a loop to what is behind a type", FUNCTION("f", TYPE "1: " PROLOGUE "jne 1b\n ret\n"), 0,
	  false },
	{ "a tail call from another one",
	  FUNCTION("f", PROLOGUE "ret\n") NEXT(".skip 300, 0x90\n jmp f\n"), 0, true },
	{ "a jump from another one, of which it may be a part",
	  NEXT(".skip 300, 0x90\n jmp f\n .skip 200, 0x90\n ret\n") LOCAL("f", PROLOGUE "ret\n"), 0,
	  false },
	{ "a short one", NEXT(".skip 300, 0x90\n jmp f\n") LOCAL("f", PROLOGUE "ret\n"), 0, false },
	{ "one that nobody else sees, and that is called",
	  NEXT("call f\n .skip 300, 0x90\n jmp f\n") LOCAL("f", PROLOGUE "ret\n"), 0, true },
	{ "it calls itself", FUNCTION("f", PROLOGUE "call f\n ret\n"), 0, true },
	{ "a loop to its first instruction",
	  FUNCTION("f", "mov %edi, -8(%rsp)\n dec %edi\n jne f\n ret\n"), 0, false },
	{ "a loop to what is behind endbr64",
	  FUNCTION("f", "endbr64\n 1: mov %edi, -8(%rsp)\n dec %edi\n jne 1b\n ret\n"), 0, false },
	{ "a table that leads to the first instruction",
	  FUNCTION("f", "1: lea .Lt(%rip), %rcx\n movslq (%rcx,%rdi,4), %rax\n"
			"add %rcx, %rax\n jmp *%rax\n 2: ret\n") ".section .rodata\n"
								 ".balign 4\n .Lt: .long "
								 "1b-.Lt, 2b-.Lt\n .quad 0\n",
	  0, false },
	{ "nobody knows where it jumps to",
	  FUNCTION("f", "lea 8(%rdi), %rax\n mov (%rax), %rax\n add %rsi, %rax\n jmp *%rax\n"), 0,
	  false },
	{ "a loop from a cold part",
	  FUNCTION("f", PROLOGUE "je .Lcold\n ret\n") ".cfi_startproc\n .Lcold: dec %edi\n"
						      "jmp f\n .cfi_endproc\n",
	  0, false },
	{ "a cold part", COLD_PART, 0, false },
	{ "no call is in front", FUNCTION("f", PROLOGUE "ret\n"), 1, false },
	{ "behind a call", FUNCTION("f", "call next\n " PROLOGUE "ret\n") NEXT("ret\n"), CALL_BYTES,
	  true },
	{ "a loop to what is behind a call",
	  FUNCTION("f", "call next\n 1: " PROLOGUE "jne 1b\n ret\n") NEXT("ret\n"), CALL_BYTES,
	  false },
	{ "another function jumps there",
	  FUNCTION("f", "call next\n .Lin: " PROLOGUE "ret\n") NEXT(".skip 300, 0x90\n jmp .Lin\n"),
	  CALL_BYTES, false },
	{ "a pointer leads there",
	  FUNCTION("f", "call next\n 1: " PROLOGUE "ret\n")
		  NEXT("ret\n") ".section .data.rel.ro, \"aw\"\n .balign 8\n .quad 1b\n",
	  CALL_BYTES, false },
	{ "a label is there", FUNCTION("f", "call next\n site: " PROLOGUE "ret\n") NEXT("ret\n"), 0,
	  false },
	{ "an endbr64 behind a call",
	  FUNCTION("f", "call next\n endbr64\n " PROLOGUE "ret\n") NEXT("ret\n"), CALL_BYTES,
	  false },
};

static void test_stack_free(void **state)
{
	struct jump_window window;

	(void)state;
	for (size_t i = 0; i < sizeof(stack_cases) / sizeof(*stack_cases); i++) {
		find_window_linked(stack_cases[i].code, LINK, stack_cases[i].offset_bytes, &window);
		if (window.is_stack_free != stack_cases[i].is_free)
			fail_msg("%s: it is not so", stack_cases[i].what);
	}
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct window_case *c = &cases[i];
		struct jump_window window;
		find_window(c->code, &window);
		if (window.refusal != c->refusal || window.bytes != c->bytes ||
		    window.offset_bytes != c->offset || window.is_single != c->is_single)
			fail_msg("%s: %s, %u+%u bytes%s, not %s, %u+%u", c->what,
				 jump_refusal_text(window.refusal), window.offset_bytes,
				 window.bytes, window.is_single ? " (one instruction)" : "",
				 jump_refusal_text(c->refusal), c->offset, c->bytes);
	}
}

static void test_foreign_patch(void **state)
{
	struct jump_window window;

	(void)state;
	find_window(FUNCTION("f", "push %rbp\n mov %rsp, %rbp\n push %rbx\n ret\n"), &window);
	uint8_t memory[] = { 0x55, 0x48, 0x89, 0xe5, 0x53, 0xc3 };
	assert_true(jump_window_matches(&window, memory));
	memory[1] = 0xcc;
	assert_false(jump_window_matches(&window, memory));
}

static void test_texts(void **state)
{
	(void)state;
	for (int i = 0; i < JUMP_REFUSALS; i++)
		assert_non_null(jump_refusal_text((enum jump_refusal)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),	   cmocka_unit_test(test_absolute),
		cmocka_unit_test(test_stack_free), cmocka_unit_test(test_foreign_patch),
		cmocka_unit_test(test_texts),
	};
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
