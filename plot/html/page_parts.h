/*
 * The parts of a page as they were when mprof-trace was built: its text, its style, its scripts, and
 * dygraphs, which draws the curves (plot layer).
 */
#ifndef PLOT_HTML_PAGE_PARTS_H
#define PLOT_HTML_PAGE_PARTS_H

#include <stddef.h>

struct page_part {
	const char *text; /* not terminated */
	size_t bytes;
};

enum page_part_name {
	PAGE_PART_PAGE,	  /* page/page.html, with {{NAME}} where something is put */
	PAGE_PART_STYLE,  /* dygraphs' and ours */
	PAGE_PART_SCRIPT, /* page/(all).js, one behind the other */
	PAGE_PART_DYGRAPHS,
	PAGE_PART_LICENCE /* of dygraphs, plain text */
};

struct page_part page_part(enum page_part_name name);

#endif
