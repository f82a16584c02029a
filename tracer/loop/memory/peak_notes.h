/*
 * The kernel's high-water mark at the stops where calls begin and end (loop layer).
 *
 * A mark that has risen between the two says what the process had within the call, also between samples.
 */
#ifndef LOOP_MEMORY_PEAK_NOTES_H
#define LOOP_MEMORY_PEAK_NOTES_H

#include "tracer/loop/state/session.h"

/*
 * A thread of @process stands where a call begins or ends, and has since @since_ns, which is no later than the
 * time that is recorded of the call: writes a PEAK if the options want it and the mark has risen.
 */
void peak_note_take(struct session *session, struct process *process, int64_t since_ns);

#endif
