/*
 * Stacks of threads: taken, named and interned (loop layer).
 *
 * A stack is the number of its innermost node (stack_nodes.h), which is that of its FRAME record as well; 0 is none. New nodes
 * are written as soon as they are made. Nobody is stopped for a stack: a thread is in a stop already, or it sleeps and
 * is looked at as it is, or somebody has copied its registers and its stack.
 *
 * Where a stack does not lead to its outermost function, "[cut]" stands for the rest.
 */
#ifndef LOOP_STACKS_STACKS_H
#define LOOP_STACKS_STACKS_H

#include <stdio.h>

#include "tracer/loop/stacks/raw_stack.h"
#include "tracer/loop/state/session.h"
#include "tracer/proc/thread_look.h"

struct stacks; /* session->stacks; made when the first one is taken */

void stacks_destroy(struct stacks *stacks); /* NULL is fine */

/*
 * The stack of thread @tid of @process, which stands still and has @registers, of which all may be known or pc and sp only. All
 * of them fail for lack of memory, or with ERR_GONE.
 */
struct error *stacks_take(struct session *session, struct process *process, pid_t tid,
			  const struct unwind_registers *registers, uint32_t *ret) MUST_CHECK;

/*
 * The stack that a thread had when @registers and @copy were taken: what the copy has of its memory goes before what is there
 * now. It has no functions of Python, which are elsewhere by now.
 */
struct error *stacks_unwind(struct session *session, struct process *process,
			    const struct unwind_registers *registers, const struct stack_copy *copy,
			    struct raw_stack *ret) MUST_CHECK;

/* Of @tracee, which is in a stop. In that of a trap of ours it is where the trap stands. */
struct error *stacks_take_stopped(struct session *session, struct tracee *tracee,
				  uint32_t *ret) MUST_CHECK;

/*
 * Of thread @tid of @process, which is in no stop of ours, if it sleeps in a system call and has slept on meanwhile; else 0.
 * *@ret_look is what it does.
 */
struct error *stacks_take_asleep(struct session *session, struct process *process, pid_t tid,
				 struct thread_look *ret_look, uint32_t *ret) MUST_CHECK;

/* Stacks before they are named: many raw stacks of one process are named together with less effort. */
struct error *stacks_unwind_asleep(struct session *session, struct process *process, pid_t tid,
				   struct thread_look *ret_look, struct raw_stack *ret) MUST_CHECK;
struct error *stacks_unwind_stopped(struct session *session, struct tracee *tracee,
				    struct raw_stack *ret) MUST_CHECK;
struct error *stacks_name(struct session *session, struct process *process,
			  const struct raw_stack *raw, size_t count, uint32_t *ret) MUST_CHECK;

/* A function that was called by node @outer (0: by none), by its name alone: no stack is looked at. */
struct error *stacks_call(struct session *session, uint32_t outer, const char *function,
			  uint32_t *ret) MUST_CHECK;

/* What is mapped at @address of @process; NULL: nothing, or it cannot be read. Valid until the next call of any of these. */
const struct mapping *stacks_mapping(struct session *session, struct process *process,
				     taddr_t address);

/* @process has executed another program, or ended: what is known of its code is not true any more. */
void stacks_forget(struct session *session, const struct process *process);

/* For people: a line for each function, the innermost first, "#0  name  (module)". */
void stacks_print(const struct session *session, uint32_t node, FILE *out);

/* The name of the system call that @look found the thread asleep in, such as "futex"; "": not asleep. */
const char *stacks_sleep_word(const struct thread_look *look);

#endif
