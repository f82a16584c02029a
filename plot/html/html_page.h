/*
 * A page to send: one HTML file that holds a profile, or two to be compared, and all that draws them
 * (plot layer).
 *
 * No byte of a name is ever markup: names come as JSON, whose '<', '>' and '&' are escaped, in a script
 * that is no program, and the page's own scripts make text of them. The page's policy forbids it the
 * network, and any script or style but those that carry the page's nonce.
 */
#ifndef PLOT_HTML_HTML_PAGE_H
#define PLOT_HTML_HTML_PAGE_H

#include "plot/html/payload.h"

/* Writes the page. Whether all has gone out, fclose and ferror of @out tell. */
struct error *html_page_write(const struct html_source *source, FILE *out) MUST_CHECK;

/* Whether a file of this name is one. */
bool html_page_is_named(const char *path);

#endif
