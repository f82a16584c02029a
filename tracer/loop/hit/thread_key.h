/*
 * By what a pad finds its thread (loop layer): the word that the thread pointer points to (psABI: %fs:0), which points
 * to itself. Two threads with one key would write to one ring.
 */
#ifndef LOOP_HIT_THREAD_KEY_H
#define LOOP_HIT_THREAD_KEY_H

#include "tracer/tracee/target.h"

/* The key of @tracee, which is stopped; 0: it has none that pads could find. */
struct error *thread_key_read(const struct tracee *tracee, uint64_t *ret) MUST_CHECK;

/* Whether another thread in the memory of @tracee was made with @key, and may have it still. */
bool thread_key_is_shared(const struct tracee *tracee, uint64_t key);

/*
 * Whether @tracee, which is stopped, has a key. While libc has not set its thread pointer up yet, as in the dynamic
 * linker, pads fault.
 */
struct error *thread_key_is_there(const struct tracee *tracee, bool *ret) MUST_CHECK;

/*
 * Gives @tracee, which is stopped and has no thread pointer at all, one of ours until libc sets its own up: it is the only
 * thread in its memory, and runs the dynamic linker, or does without libc. Nothing can tell but arch_prctl(2). *@ret:
 * it has a key now.
 */
struct error *thread_key_lend(const struct tracee *tracee, bool *ret) MUST_CHECK;

/* @tracee is stopped and about to be detached: what was lent it is taken back. */
struct error *thread_key_take_back(const struct tracee *tracee) MUST_CHECK;

/* Whether @key was lent. */
bool thread_key_is_lent(const struct tracee *tracee, uint64_t key);

/*
 * @child is in its first stop; it has been made by @maker, which is in the stop that tells so. The two come in any order.
 * If it has @maker's key, and memory, there can be no pads in that.
 */
struct error *thread_key_note_maker(const struct tracee *maker,
				    const struct tracee *child) MUST_CHECK;
struct error *thread_key_check_new(const struct tracee *child) MUST_CHECK;

#endif
