/* The text of python_helper.py, and what of it C needs to know (loop layer). */
#ifndef LOOP_PYTHON_PYTHON_TEXT_H
#define LOOP_PYTHON_PYTHON_TEXT_H

#include "tracer/base/error.h"
#include "symbols/pattern/pattern.h"

/* The helper with the WANTED that suits @patterns in front: owned, terminated. */
struct error *python_text_create(const struct pattern_set *patterns, char **ret) MUST_CHECK;

/* What all that the helper says begins with; behind it, one byte for the kind. */
#define PYTHON_TEXT_HEAD "\x7fmprof-trace\x7f"

#endif
