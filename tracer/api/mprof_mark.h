/* SPDX-License-Identifier: CC0-1.0 */
/*
 * Marks in a program of your own, for mprof-trace to show: no library, no call, nothing but this header.
 *
 *	#include <mprof_mark.h>
 *
 *	MPROF_BEGIN("load");
 *	... what is to get brackets ...
 *	MPROF_END("load");
 *	MPROF_MARK("phase 2");
 *
 * A name is a string literal. It may hold spaces, and must not hold a NUL. MPROF_BEGIN and MPROF_END of one name belong
 * together on one thread, and may be nested; in C++, MPROF_SCOPE("load") is both, to the end of its block, also when
 * that is left by an exception.
 *
 * What is compiled is one no-operation of 5 bytes at each place, which takes no more than a nanosecond, and a note in
 * the file that says where it is: a static probe (USDT) of the provider "mprof" in the format of SystemTap's
 * sys/sdt.h, version 3, which bpftrace, perf and gdb read as well. The names of a pair are NAME__begin and NAME__end
 * there. `mprof-trace ./program` records the marks of the program; `-f mark:NAME` asks for some of them, those of its
 * libraries included, and `-f '!mark:*'`, beside other patterns, leaves them out.
 *
 * C11 and C++17; gcc and clang; ELF. With MPROF_MARK_DISABLE defined, and with other compilers, the macros are empty.
 */
#ifndef MPROF_MARK_H
#define MPROF_MARK_H

#if defined(__GNUC__) && defined(__ELF__) && !defined(MPROF_MARK_DISABLE)

#if __SIZEOF_POINTER__ == 8
#define MPROF_MARK_ADDRESS_ ".8byte"
#else
#define MPROF_MARK_ADDRESS_ ".4byte"
#endif

/* One instruction, so that no thread is ever within it; of 5 bytes where that exists: a jump has room in its place. */
#if defined(__x86_64__)
#define MPROF_MARK_NOP_ ".byte 0x0f, 0x1f, 0x44, 0x00, 0x00"
#else
#define MPROF_MARK_NOP_ "nop"
#endif

/*
 * @name_: the name as the assembler reads it, in quotes; @end_: what is put behind it. The statement without operands takes the text as it is, so
 * that a percent sign is one; it is no barrier for memory, which the empty ones around it are: what is written
 * before the mark is written before it.
 */
#define MPROF_MARK_PROBE_(name_, end_)                                                             \
	do {                                                                                       \
		__asm__ __volatile__("" ::: "memory");                                             \
		__asm__ __volatile__(                                                              \
			"771: " MPROF_MARK_NOP_ "\n"                                               \
			"\t.pushsection .note.stapsdt, \"?\", \"note\"\n"                          \
			"\t.balign 4\n"                                                            \
			"\t.4byte 773f - 772f, 775f - 774f, 3\n"                                   \
			"772: .asciz \"stapsdt\"\n"                                                \
			"773: .balign 4\n"                                                         \
			"774: " MPROF_MARK_ADDRESS_ " 771b, _.stapsdt.base, 0\n"                   \
			"\t.asciz \"mprof\"\n"                                                     \
			"\t.ascii " name_ "\n"                                                     \
			"\t.asciz \"" end_ "\"\n"                                                  \
			"\t.asciz \"\"\n"                                                          \
			"775: .balign 4\n"                                                         \
			"\t.popsection\n"                                                          \
			"\t.ifndef _.stapsdt.base\n"                                               \
			"\t.pushsection .stapsdt.base, \"aG\", \"progbits\", .stapsdt.base, "      \
			"comdat\n"                                                                 \
			"\t.weak _.stapsdt.base\n"                                                 \
			"\t.hidden _.stapsdt.base\n"                                               \
			"_.stapsdt.base: .space 1\n"                                               \
			"\t.size _.stapsdt.base, 1\n"                                              \
			"\t.popsection\n"                                                          \
			"\t.endif\n");                                                             \
		__asm__ __volatile__("" ::: "memory");                                             \
	} while (0)

/* The literal that the preprocessor leaves is the assembler's, too: both know the same escapes. */
#define MPROF_MARK_TEXT_(literal_) #literal_
#define MPROF_MARK(name_) MPROF_MARK_PROBE_(MPROF_MARK_TEXT_(name_), "")
#define MPROF_BEGIN(name_) MPROF_MARK_PROBE_(MPROF_MARK_TEXT_(name_), "__begin")
#define MPROF_END(name_) MPROF_MARK_PROBE_(MPROF_MARK_TEXT_(name_), "__end")

#ifdef __cplusplus
#define MPROF_MARK_JOINED_(a_, b_) a_##b_
#define MPROF_MARK_JOIN_(a_, b_) MPROF_MARK_JOINED_(a_, b_)
#define MPROF_MARK_SCOPE_(type_, name_)                                                            \
	struct type_ {                                                                             \
		type_()                                                                            \
		{                                                                                  \
			MPROF_BEGIN(name_);                                                        \
		}                                                                                  \
		~type_()                                                                           \
		{                                                                                  \
			MPROF_END(name_);                                                          \
		}                                                                                  \
	} MPROF_MARK_JOIN_(type_, _object)
#define MPROF_SCOPE(name_) MPROF_MARK_SCOPE_(MPROF_MARK_JOIN_(mprof_scope_, __LINE__), name_)
#endif

#else

#define MPROF_MARK(name_) ((void)0)
#define MPROF_BEGIN(name_) ((void)0)
#define MPROF_END(name_) ((void)0)
#define MPROF_SCOPE(name_) ((void)0)

#endif
#endif
