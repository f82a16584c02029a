/* The text of python_helper.py, and what of it C needs to know (loop layer). */
#ifndef LOOP_PYTHON_PYTHON_TEXT_H
#define LOOP_PYTHON_PYTHON_TEXT_H

#include <stdbool.h>

#include "tracer/base/error.h"
#include "symbols/pattern/pattern.h"

/*
 * The helper with the WANTED that suits @patterns in front, ATTACHED, whether the program runs already, and LINES,
 * whether lines are wanted, too: owned, terminated.
 */
struct error *python_text_create(const struct pattern_set *patterns, bool is_attached,
				 bool wants_lines, char **ret) MUST_CHECK;

/* What all that the helper says begins with; behind it, one byte for the kind. */
#define PYTHON_TEXT_HEAD "\x7fmprof-trace\x7f"

/*
 * A bytes object (Include/cpython/bytesobject.h, unchanged from 3.8 on): reference count, type, size,
 * hash, then the bytes.
 */
enum { PYTHON_BYTES_SIZE_OFFSET = 16, PYTHON_BYTES_TEXT_OFFSET = 32 };

#endif
