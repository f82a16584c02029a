/*
 * What the engine needs to know of a processor (arch layer). This header is the porting guide, and
 * pad.h its second page: a new processor implements both in a folder of its own.
 *
 * Pure functions over bytes and registers: no system call is made here.
 */
#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/user.h>

#include "tracer/base/error.h"
#include "tracer/base/machine.h"
#include "tracer/base/taddr.h"

/* Whether functions can be probed: false for a port that has tracer/arch/no_probes in place of its own code for that. */
extern const bool arch_has_probes;

enum {
	ARCH_PAGE_BYTES = 4096,
	ARCH_INSN_BYTES_MAX = 15,
	/* What stays in front of a jump at a function's start: endbr64 (arch_insn.is_call_mark), or arch_type_mark. */
	ARCH_CALL_MARK_BYTES_MAX = 8,
	ARCH_SLOT_BYTES = 48, /* a displaced instruction and its jump back, at most */
	ARCH_SLOT_POINTS_MAX = 3,
	/* A slot must lie this near to its site: rel32 reaches 2^31, and the instruction may refer to
	 * data at some distance from itself. */
	ARCH_SLOT_REACH_BYTES = 1 << 30,
};

/* A trap instruction; where the pc stands when the one at @site has been executed, and back. */
extern const uint8_t arch_trap_insn[];
extern const size_t arch_trap_insn_bytes;
/* Executes it, in this process. */
void arch_trap(void);
taddr_t arch_trap_pc(taddr_t site);
taddr_t arch_trap_site(taddr_t pc);

/* The call frame at a function's first instruction (psABI 3.2.2: the return address is at 0(%rsp),
 * and the CFA is %rsp + 8), and just after its return, and at its return instruction. */
enum { ARCH_RETURN_ADDRESS_BYTES = 8 };
static inline taddr_t arch_cfa_at_entry(taddr_t sp)
{
	return taddr(sp.value + ARCH_RETURN_ADDRESS_BYTES);
}

/*
 * An instruction boundary inside a slot, and the state of the original program it stands for. A
 * signal handler, a core file and a debugger must see that and never the slot.
 */
struct arch_slot_point {
	uint8_t offset_bytes; /* of the boundary, in the slot */
	int8_t sp_bytes;      /* what to add to the stack pointer */
	taddr_t pc;
};

/* A displaced instruction, relocated to run in a slot, followed by a jump to where it would go. */
struct arch_slot {
	uint8_t code[ARCH_SLOT_BYTES];
	uint8_t code_bytes;
	uint8_t original_bytes; /* length of the instruction that was displaced */
	uint8_t point_count;
	bool is_syscall; /* the kernel may restart it by moving the pc back */
	struct arch_slot_point points[ARCH_SLOT_POINTS_MAX];
};

/*
 * Relocates the first instruction of @code (@bytes readable, up to ARCH_INSN_BYTES_MAX are used)
 * from address @from to @to. Fails with ERR_FORMAT and the reason when it cannot run elsewhere;
 * a single-step would not help then either, for the site must not lose its trap.
 */
struct error *arch_relocate(const uint8_t *code, size_t bytes, taddr_t from, taddr_t to,
			    struct arch_slot *ret) MUST_CHECK;

/* Whether a call instruction may end right behind @before (@bytes of code in front of an address). */
bool arch_ends_with_call(const uint8_t *before, size_t bytes);

/* Whether @code is the trampoline that a signal handler returns to (rt_sigreturn). */
bool arch_is_sigreturn(const uint8_t *code, size_t bytes);

/*
 * Whether a thread with these registers, in a syscall-stop, is returning from a signal handler; if so,
 * where the pc and the stack pointer lie that it returns to.
 */
bool arch_sigreturn_frame(const struct user_regs_struct *regs, taddr_t *ret_pc_at,
			  taddr_t *ret_sp_at);

/*
 * Whether the words of a stack may be what the kernel has put there for a signal handler, its ucontext; if so, where
 * the thread was. What a handler has left behind, or the program itself has written, may look so, too.
 */
enum { ARCH_SIGNAL_FRAME_WORDS = 38 };
bool arch_signal_frame(const uint64_t words[ARCH_SIGNAL_FRAME_WORDS], taddr_t *ret_pc,
		       taddr_t *ret_sp);

/* Likewise, of those words: which signals the thread blocked there. */
bool arch_signal_frame_mask(const uint64_t words[ARCH_SIGNAL_FRAME_WORDS], uint64_t *ret);

/* Where control goes from an instruction. */
enum arch_flow {
	ARCH_FLOW_FALLTHROUGH, /* to the next one; a call's, too, once it has returned */
	ARCH_FLOW_BRANCH,      /* to the next one or to @target */
	ARCH_FLOW_JUMP,	       /* to @target */
	ARCH_FLOW_RETURN,      /* to the caller */
	ARCH_FLOW_INDIRECT,    /* elsewhere: a jump through a register or memory */
	ARCH_FLOW_TRAP,	       /* nowhere */
};

struct arch_insn {
	uint8_t bytes;
	bool is_call;
	bool is_padding;   /* it does nothing */
	bool is_call_mark; /* it does nothing either: indirect calls may arrive here (CET) */
	bool is_quiet; /* it reaches no memory but near the stack or frame pointer, and goes on to the next */
	bool enters_kernel; /* the kernel may let the thread resume behind it, or repeat it */
	enum arch_flow flow;
	uint16_t popped_bytes; /* with ARCH_FLOW_RETURN: besides the return address */
	taddr_t target;	       /* with ARCH_FLOW_BRANCH and ARCH_FLOW_JUMP */
	taddr_t constant;      /* an address, perhaps, that it puts somewhere; 0: none */
};

/* The instruction at @address, which @code holds. False: it is none, or not all there. */
bool arch_decode(const uint8_t *code, size_t bytes, taddr_t address, struct arch_insn *ret);

/* Where a call goes. */
struct arch_call {
	taddr_t target;
	bool is_through; /* to the function whose address is in the word at @target */
};
enum { ARCH_CALLS_BEFORE_MAX = 2, ARCH_CALL_BYTES_MAX = 6 };

/*
 * How many bytes of @code, which is a function's start, are its type, which indirect calls look at, and a jump over that: they
 * do nothing. 0: there is none.
 */
size_t arch_type_mark(const uint8_t *code, size_t bytes);

/*
 * The calls that may end at @return_address, where the @bytes of @code do; ARCH_CALL_BYTES_MAX suffice. Code cannot be
 * read backwards: each is what these bytes say, if an instruction begins there. Those whose target registers or other
 * words decide are left out. Returns how many there are.
 */
size_t arch_calls_before(const uint8_t *code, size_t bytes, taddr_t return_address,
			 struct arch_call ret[ARCH_CALLS_BEFORE_MAX]);

/* Whether the code at @at does nothing but jump to where the word at *@ret says, as entries of a PLT do. */
enum { ARCH_JUMP_SLOT_BYTES = 12 };
bool arch_jump_slot(const uint8_t *code, size_t bytes, taddr_t at, taddr_t *ret);

/* A system call instruction, and registers that make it do @number(@arguments). */
extern const uint8_t arch_syscall_insn[];
extern const size_t arch_syscall_insn_bytes;
void arch_syscall_prepare(struct user_regs_struct *regs, taddr_t insn, long number,
			  const uint64_t arguments[6]);
long arch_syscall_result(const struct user_regs_struct *regs); /* -errno, or the result */

taddr_t arch_pc(const struct user_regs_struct *regs);
void arch_set_pc(struct user_regs_struct *regs, taddr_t pc);
taddr_t arch_sp(const struct user_regs_struct *regs);
void arch_set_sp(struct user_regs_struct *regs, taddr_t sp);

/*
 * What ptrace(2) has of old on some processors: requests for all registers, also of a 32-bit program, and a struct user to
 * write the pc to (PTRACE_POKEUSER). 0 and false where there is PTRACE_GETREGSET alone.
 */
struct arch_old_requests {
	int get_regs, set_regs;
	bool has_user;
	size_t user_pc_offset;
};
extern const struct arch_old_requests arch_old_requests;

/* Integer argument @index (0 to 5) of a function, at its first instruction (psABI 3.2.3). */
uint64_t arch_argument(const struct user_regs_struct *regs, unsigned index);
void arch_set_argument(struct user_regs_struct *regs, unsigned index, uint64_t value);

/* The integer or pointer that a function returns, just after its return. */
uint64_t arch_return_value(const struct user_regs_struct *regs);

/* Where thread-local storage is: above the stack, for threads of libc but the first. */
taddr_t arch_thread_pointer(const struct user_regs_struct *regs);
void arch_set_thread_pointer(struct user_regs_struct *regs, taddr_t pointer);

/*
 * Where a thread of a Go program has its goroutine (abi-internal.md of Go): @ret_register, in ABI 1,
 * and @ret_at, the address in thread-local storage where it is in any ABI.
 */
void arch_goroutine(const struct user_regs_struct *regs, taddr_t *ret_register, taddr_t *ret_at);

/* The registers by their DWARF numbers (machine.h), the pc as the last. */
enum { ARCH_DWARF_REGISTERS = MACHINE_REGISTERS };
void arch_dwarf_registers(const struct user_regs_struct *regs, uint64_t ret[ARCH_DWARF_REGISTERS]);

/* The system call that a thread with these registers, in any stop, is inside; negative: none. */
long arch_syscall_number(const struct user_regs_struct *regs);
bool arch_is_in_syscall(const struct user_regs_struct *regs);

/* Registers outside any system call: otherwise the kernel might restart the one that was stopped. */
void arch_syscall_leave(struct user_regs_struct *regs);

/*
 * Whether its system call has been cut short by the stop alone (-EINTR: signal(7), "Interruption of
 * system calls and library functions by stop signals"), and registers that make it anew.
 */
bool arch_syscall_is_cut(const struct user_regs_struct *regs);
void arch_syscall_repeat(struct user_regs_struct *regs);

/* Whether a thread runs code of the kind that this port knows: 64-bit. */
bool arch_is_supported(const struct user_regs_struct *regs);

/* Where @bytes fit on the stack, below all that the program uses at @sp; aligned for any data. */
taddr_t arch_stack_below(taddr_t sp, size_t bytes);

/*
 * Registers that call @function with up to 5 integer arguments, on a stack below @below; the return
 * address is still to be written to where the stack pointer then is.
 */
void arch_call_prepare(struct user_regs_struct *regs, taddr_t function, taddr_t below,
		       const uint64_t *arguments, size_t count);

/* Its arguments, and where its instruction is. The thread is in it, or has just returned. */
void arch_syscall_arguments(const struct user_regs_struct *regs, uint64_t ret[6]);
taddr_t arch_syscall_insn_before(const struct user_regs_struct *regs);

/* Registers of a thread that has returned from it with @result. */
void arch_syscall_return(struct user_regs_struct *regs, long result);

/*
 * In the code below: a system call instruction, and behind it what a thread executes when the tracer dies before it has
 * put the registers back: it takes them, and its signal mask, from the words.
 */
extern const uint8_t arch_resume_code[], arch_resume_words[];
enum { ARCH_RESUME_WORDS = 12 };

/* The words of a thread that is to go on with @regs, as if it had not been stopped, and with @mask. */
void arch_resume_fill(const struct user_regs_struct *regs, uint64_t mask,
		      uint64_t ret[ARCH_RESUME_WORDS]);

/*
 * Likewise in that code: a trap, as the return address of a function that a thread calls for us at the first instruction
 * of another. Behind it is what the thread executes when the tracer dies before the end of that: it takes its
 * registers from the words, where the stack pointer is at the trap, and goes on to the address at *@ret_way_on_at, which
 * is below all that it uses of its stack.
 */
extern const uint8_t arch_call_return[];
enum { ARCH_CALL_WORDS = 8 };
void arch_call_keep(const struct user_regs_struct *regs, uint64_t ret[ARCH_CALL_WORDS],
		    taddr_t *ret_way_on_at);

/*
 * What stands in for the tracer once it is dead: a SIGTRAP handler, position-independent, to be copied
 * to any address, with its table ARCH_TRAP_FALLBACK_TABLE_BYTES behind its first byte. There is the number
 * of entries (8 bytes), at ARCH_TRAP_FALLBACK_ABANDONED_AT the address of a byte that becomes 1 when the handler
 * has led a thread on (0: there is none), and from ARCH_TRAP_FALLBACK_ENTRY_BYTES on the entries. The restorer
 * is what the handler returns to (SA_RESTORER).
 *
 * At ARCH_TRAP_FALLBACK_HEALS_AT are 8 bytes: other than 0, the handler takes patches away that are a trap alone, by system
 * calls, as long as they are the same. It must not be interrupted then: a jump out of that would leave a descriptor open.
 */
extern const uint8_t arch_trap_fallback_code[], arch_trap_fallback_code_end[],
	arch_trap_fallback_restorer[];
struct arch_trap_fallback_entry {
	uint64_t pc;	  /* where the pc stands when the trap of a site has been executed */
	uint64_t slot;	  /* where the thread runs on */
	uint8_t kept[16]; /* what takes the patch away again: below */
};
enum {
	ARCH_TRAP_FALLBACK_TABLE_BYTES = 4096 - 128,
	ARCH_TRAP_FALLBACK_ENTRY_BYTES = sizeof(struct arch_trap_fallback_entry),
	ARCH_TRAP_FALLBACK_ABANDONED_AT = 8,
	ARCH_TRAP_FALLBACK_HEALS_AT = 16,
	/* In @kept; of more than one byte the handler takes nothing away. */
	ARCH_TRAP_FALLBACK_LENGTH_AT = 0,
	ARCH_TRAP_FALLBACK_CODE_AT = 7,
};

#endif
