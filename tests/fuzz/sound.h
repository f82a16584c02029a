/*
 * Whether a text is what it says it is: strict checkers for fuzzers, which share no code with the writers. NULL: it is;
 * else why not.
 */
#ifndef TESTS_FUZZ_SOUND_H
#define TESTS_FUZZ_SOUND_H

#include <stdbool.h>
#include <stddef.h>

/* RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. */
const char *sound_utf8(const char *text, size_t bytes);

/* RFC 8259, one value, UTF-8 throughout. */
const char *sound_json(const char *text, size_t bytes);

/* XML 1.0 as far as writers of ours go: elements, attributes, the five entities and references; no DTD, no CDATA. */
const char *sound_xml(const char *text, size_t bytes);

/* RFC 4180, with \n or \r\n; all rows have as many fields as the first. */
const char *sound_csv(const char *text, size_t bytes);

/* Lines of "a;b;c 12": frames without control characters, and a whole number. */
const char *sound_folded(const char *text, size_t bytes);

/* Aborts where @why is not NULL, with the end of what was read. */
void sound_require(const char *why, const char *text, size_t bytes);

/* Aborts unless the checkers tell good from bad. */
void sound_test(void);

#endif
