/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What ELF, DWARF and Linux call things on the processor that this is built for (base layer). The one header that asks the
 * compiler which that is: a port adds its names here, and a folder of tracer/arch (ARCHITECTURE.md, "Porting to another
 * processor"). What the processor does is in arch.h.
 */
#ifndef BASE_MACHINE_H
#define BASE_MACHINE_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>

enum { MACHINE_NO_SYSCALL = -1 }; /* what a system call is called that Linux does not have there */

#if defined(__x86_64__)

#define MACHINE_NAME "x86-64"

enum {
	MACHINE_ELF = EM_X86_64,
	MACHINE_VECTOR_NOTE = NT_X86_XSTATE, /* registers of a core file beyond the ordinary ones */
};

/* Relocations (psABI, 4.4.1). */
enum {
	MACHINE_RELOC_WORD = R_X86_64_64,
	MACHINE_RELOC_GLOB_DAT = R_X86_64_GLOB_DAT,
	MACHINE_RELOC_JUMP_SLOT = R_X86_64_JUMP_SLOT,
	MACHINE_RELOC_RELATIVE = R_X86_64_RELATIVE,
	MACHINE_RELOC_IRELATIVE = R_X86_64_IRELATIVE,
};

/*
 * Registers by their DWARF numbers (psABI, figure 3.36): 0 rax, 1 rdx, 2 rcx, 3 rbx, 4 rsi, 5 rdi,
 * 6 rbp, 7 rsp, 8-15 r8-r15, 16 the return address, which is rip in the innermost frame.
 */
enum {
	MACHINE_REGISTERS = 17,
	MACHINE_REGISTER_FP = 6,
	MACHINE_REGISTER_SP = 7,
	MACHINE_REGISTER_PC = 16,
	MACHINE_REGISTER_RETURN =
		16, /* the column of call frame information that has the caller's pc */
};

/*
 * Whether a call puts the return address on the stack; and whether that, with the frame pointer of the caller below it, is
 * the top of a frame that has a frame pointer.
 */
enum { MACHINE_CALL_WRITES_STACK = true, MACHINE_LINK_IS_TOP = true };

/* rax, rdx, rcx, rsi, rdi, r8 to r11: a function need not keep them (psABI 3.2.1). */
#define MACHINE_VOLATILE_REGISTERS UINT64_C(0x0f37)

/* System calls that newer ports of Linux do without. */
enum {
	MACHINE_SYS_OPEN = SYS_open,
	MACHINE_SYS_POLL = SYS_poll,
	MACHINE_SYS_SELECT = SYS_select,
	MACHINE_SYS_EPOLL_WAIT = SYS_epoll_wait,
	MACHINE_SYS_PAUSE = SYS_pause,
	MACHINE_SYS_VFORK = SYS_vfork,
};

#elif defined(__aarch64__)

#define MACHINE_NAME "aarch64"

enum {
	MACHINE_ELF = EM_AARCH64,
	MACHINE_VECTOR_NOTE = NT_ARM_SVE,
};

/* aaelf64, "Dynamic relocations". */
enum {
	MACHINE_RELOC_WORD = R_AARCH64_ABS64,
	MACHINE_RELOC_GLOB_DAT = R_AARCH64_GLOB_DAT,
	MACHINE_RELOC_JUMP_SLOT = R_AARCH64_JUMP_SLOT,
	MACHINE_RELOC_RELATIVE = R_AARCH64_RELATIVE,
	MACHINE_RELOC_IRELATIVE = R_AARCH64_IRELATIVE,
};

/* aadwarf64, "DWARF register names": 0-30 x0-x30, 31 sp, 32 pc. A caller's pc is what x30 was. */
enum {
	MACHINE_REGISTERS = 33,
	MACHINE_REGISTER_FP = 29,
	MACHINE_REGISTER_SP = 31,
	MACHINE_REGISTER_PC = 32,
	MACHINE_REGISTER_RETURN = 30,
};

/* It is in x30, and the pair anywhere in the frame (aapcs64, "The Frame Pointer"). */
enum { MACHINE_CALL_WRITES_STACK = false, MACHINE_LINK_IS_TOP = false };

/* x0 to x18, and x30, which a call writes: aapcs64, "General-purpose registers". */
#define MACHINE_VOLATILE_REGISTERS UINT64_C(0x4007ffff)

enum {
	MACHINE_SYS_OPEN = MACHINE_NO_SYSCALL,
	MACHINE_SYS_POLL = MACHINE_NO_SYSCALL,
	MACHINE_SYS_SELECT = MACHINE_NO_SYSCALL,
	MACHINE_SYS_EPOLL_WAIT = MACHINE_NO_SYSCALL,
	MACHINE_SYS_PAUSE = MACHINE_NO_SYSCALL,
	MACHINE_SYS_VFORK = MACHINE_NO_SYSCALL,
};

#else
#error "no port to this processor yet: see ARCHITECTURE.md, 'Porting to another processor'"
#endif

#endif
