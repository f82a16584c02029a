/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * UTF-8, and text that others chose on its way to people (base layer). Pure.
 *
 * Names of functions, files and programs come from whoever made them. A control character in one moves
 * a terminal's cursor; a bidirectional control (Unicode Standard Annex #9) shows the letters behind it
 * in another order than they have. Neither goes out as it is.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { UTF8_MAX_BYTES = 4 }; /* of a character */

/*
 * Decodes the character that @text begins with (RFC 3629: no overlong form, no surrogate, at most
 * U+10FFFF). Returns its bytes, 0 when there is none. A '\0' is a character, too.
 */
size_t utf8_decode(const char *text, size_t bytes, uint32_t *ret);

/* C0, DEL and C1, the line and paragraph separators, and what character_is_bidi is true of. */
bool character_is_control(uint32_t character);

/* A character that is not seen, and that changes the direction of what is: Bidi_Control in Unicode. */
bool character_is_bidi(uint32_t character);

/* Whether it is printable ASCII alone, which text_printable leaves as it is. */
bool text_is_plain(const char *text);

/* In place: what is no character that people may see becomes '?', which a pattern can say. */
void text_sanitize(char *text);

/*
 * A copy for a terminal: controls, and bytes that are no UTF-8, are written as in bash's $'…', \033 or
 * \u202e. With @keeps_lists a newline in front of a space stays. Owned; NULL without memory.
 */
char *text_printable(const char *text, bool keeps_lists);

/* Writes that copy to @out: an indented list is not meant then. */
void text_put_printable(FILE *out, const char *text);

#endif
