/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Numbers in the texts of /proc (proc layer). Pure; by hand, since they are read at every sample.
 */
#ifndef PROC_PROC_TEXT_H
#define PROC_PROC_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/* The number at @text, behind spaces, which ends anywhere behind it; 0: there is none. */
uint64_t proc_text_number(const char *text);

/* Adds the kB of a line, "VmSwap:   12 kB" say, to *@bytes; false: there is no such line. */
bool proc_text_add_kib(const char *text, const char *field, uint64_t *bytes);

#endif
