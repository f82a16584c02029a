/*
 * Recording from the return of MPI_Init on (loop layer): --mpi.
 *
 * The start of a parallel program is its libraries' business: plugins by the hundred, helpers, shared memory. A process is
 * probed when its own MPI_Init returns, and all that it starts afterwards from the beginning; memory is recorded, of all
 * processes, when that of the first returns.
 */
#ifndef LOOP_HIT_MPI_START_H
#define LOOP_HIT_MPI_START_H

#include "tracer/loop/state/session.h"

/* @tracee, in a stop, is where its call of a SITE_MPI_INIT returns. */
struct error *mpi_start_returned(struct session *session, struct tracee *tracee) MUST_CHECK;

#endif
