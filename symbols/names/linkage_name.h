/*
 * What the names that linkers know tell as they are: the copies and parts that compilers make of one
 * function (symbols layer). Nothing is demangled.
 */
#ifndef SYMBOLS_NAMES_LINKAGE_NAME_H
#define SYMBOLS_NAMES_LINKAGE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a linker name looks mangled: _Z or _R, _D and a digit, __module_MOD_procedure. */
bool linkage_name_is_mangled(const char *linkage_name);

/* gfortran: procedure `p` of module `m` is __m_MOD_p. Where _MOD_ begins; NULL: it is no such name. */
const char *linkage_name_module_end(const char *linkage_name);

/*
 * The length of @linkage_name without what a compiler appended to a copy of the function:
 * `.isra.0`, `.constprop.1`, `.part.2`, `.llvm.123`, `.lto_priv.0`, …, several of them too; and the
 * number of a function within another, `.0`.
 */
size_t linkage_name_base_bytes(const char *linkage_name);

/*
 * Compilers make one function into several that call each other: the deleting, the complete and the
 * base variant of a constructor or destructor (Itanium C++ ABI, 5.1.4.3), GCC's common one of them, and
 * `.part.0`, the greater part of a function whose beginning is inlined into its callers. 0 for a
 * function that is whole; a variant only goes on in one of a higher number.
 */
unsigned linkage_name_variant(const char *linkage_name);

/* Whether it is the unlikely part of a function, split off: `.cold`, `.cold.0`. */
bool linkage_name_is_cold(const char *linkage_name);

/*
 * Whether compilers make it beside functions, for calls and returns to go through it: __x86_return_thunk,
 * __x86_indirect_thunk_rax, __llvm_retpoline_r11, … (GCC's -mindirect-branch, LLVM's -mretpoline). It
 * is no function that is called.
 */
bool linkage_name_is_thunk(const char *linkage_name);

/*
 * A part of a C++20 coroutine. The function of the coroutine's own name makes its frame and returns
 * at its first suspension (LLVM's has run so far itself; GCC's has called the actor). `actor` (GCC) and
 * `resume` (LLVM) are what runs, or runs on, `destroy` and `cleanup` what ends it.
 */
struct coroutine_part {
	const char *function; /* the coroutine's own linker name, in the part's; not terminated */
	size_t function_bytes;
	const char *part; /* one of these words */
};

/* @bytes: without clone suffixes. */
bool linkage_name_is_coroutine_part(const char *linkage_name, size_t bytes,
				    struct coroutine_part *ret);

#endif
