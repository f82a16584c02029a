/*
 * What pads leave in a program besides their code (probe layer): the tables, the rings, and a descriptor.
 *
 * Nothing in /proc says of data whose it is. So there are notes in it, one in the tables, which the pads' code leads to,
 * and one in each ring, for an mprof-trace that attaches later: it takes away what was left, because all threads slept,
 * or because we were killed. In a child of a fork the notes are gone, as all that is there.
 */
#ifndef PROBE_JUMP_LEFT_PADS_H
#define PROBE_JUMP_LEFT_PADS_H

#include "tracer/probe/image.h"

/* Brings the notes in the memory of @image up to date. */
struct error *left_pads_note(struct image *image) MUST_CHECK;

/* image_adopt has found pads that were left: adds their data to what is ours. Notes that make no sense are skipped. */
struct error *left_pads_adopt(struct image *image) MUST_CHECK;

#endif
