/*
 * Readings of a process's memory are held against the conditions of breaks (loop layer).
 */
#ifndef LOOP_MEMORY_BREAK_READING_H
#define LOOP_MEMORY_BREAK_READING_H

#include "tracer/loop/state/session.h"

/* @process is read from now on. */
struct error *break_reading_begin(struct session *session, struct process *process) MUST_CHECK;

/* It has been, just now. What comes to hold is due (struct process_break_state). */
void break_reading_note(const struct process *process, uint64_t bytes);

#endif
