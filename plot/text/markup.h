/*
 * Text within XML, SVG and HTML (plot layer).
 */
#ifndef PLOT_TEXT_MARKUP_H
#define PLOT_TEXT_MARKUP_H

#include <stdio.h>

/*
 * Writes @text so that it is text between tags and in quoted attributes, whatever it holds: & < > and
 * both quotes by their names; bytes that are no UTF-8, characters that XML 1.0 does not have (its
 * production Char) and marks of direction as U+FFFD. Newlines stay, other controls are left out.
 */
void markup_put_text(FILE *out, const char *text);

#endif
