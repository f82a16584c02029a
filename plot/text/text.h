/*
 * Text for people: cleaning what a file holds, its width on a page, shortening, figures with
 * units (plot layer). Pure; returned strings are owned, NULL on lack of memory.
 */
#ifndef PLOT_TEXT_TEXT_H
#define PLOT_TEXT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool text_is_utf8(const char *text, size_t bytes);

/*
 * A copy that can be drawn: U+FFFD for each byte that is not UTF-8 and for what would change the
 * direction of the text, a space for each other control character and no-break space.
 */
char *text_clean(const char *text, size_t bytes);

/* The width of clean UTF-8 in DejaVu Sans, in ems; wide scripts count a whole em a character. */
double text_width_em(const char *text);

/* Whether any of it is written from right to left (Hebrew, Arabic and their like). */
bool text_has_right_to_left(const char *text);

/* A copy of at most @width_em: what is too long loses its middle to an ellipsis. */
char *text_shorten(const char *text, double width_em);

/* "ns::f<…>(…)" of "ns::f<int, char>(long)". */
char *text_condense_name(const char *name);

/*
 * A copy of at most @width_em of a function's name: template arguments and parameters go first, for
 * "ns::f<…>(…)" says more than "ns::f<std::vec…onst&)". Then as text_shorten.
 */
char *text_shorten_name(const char *name, double width_em);

/* Of a command line the last part of its first word's path: "/usr/lib/gcc/cc1 -quiet x.c" is "cc1". */
char *text_program_of_line(const char *line);

/*
 * The same of what a profile knows of a process: a command line that begins with a path, or a name, which
 * may hold spaces: "nginx: worker process" is all of it.
 */
char *text_program_name(const char *command);

enum { TEXT_FIGURE_BYTES = 32 };

/* "850 ns", "12.3 ms", "3.20 s", "12.5 min", "3.40 h", "2.10 d". */
void text_format_duration(char buffer[static TEXT_FIGURE_BYTES], int64_t duration_ns);

/* "12.0 KiB", "347.0 MiB", "3.2 GiB", "1.5 TiB". */
void text_format_memory(char buffer[static TEXT_FIGURE_BYTES], double mib);

/* Whether text_format_memory would show nothing but zeros of a change: sums of a file's decimals are not exact. */
bool text_is_no_memory(double change_mib);

/* "1.5 MiB/s"; of less than a hundredth of that "36.0 MiB/h". Of no negative rate. */
void text_format_rate(char buffer[static TEXT_FIGURE_BYTES], double mib_per_s);

/* What stands in front of the size of a change: "+", or a minus sign (U+2212). */
const char *text_sign(double change);

/* "+1.20 MiB/s", "-0.0140 MiB/h": an hour's for what lasted @span_ns of an hour or more. */
void text_format_slope(char buffer[static TEXT_FIGURE_BYTES], double mib_per_s, double span_ns);

enum { TEXT_DATE_BYTES = 40 };

/* "2026-11-22 15:41:25" in local time; nothing for a time too early to be a date. */
void text_format_date(char buffer[static TEXT_DATE_BYTES], int64_t epoch_ns);

/* "850", "12.3 k", "4.56 M". */
void text_format_count(char buffer[static TEXT_FIGURE_BYTES], double count);

#endif
