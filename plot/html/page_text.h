/*
 * JSON on its way into a page (plot layer). Pure.
 */
#ifndef PLOT_HTML_PAGE_TEXT_H
#define PLOT_HTML_PAGE_TEXT_H

#include <stddef.h>
#include <stdio.h>

/*
 * JSON that may stand in a <script>: '<', '>' and '&', which it has in strings only, and U+2028 and
 * U+2029 become \u003c and their like. It says the same as before.
 */
void page_text_put_script(FILE *out, const char *json, size_t bytes);

#endif
