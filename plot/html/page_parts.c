/* The parts of a page; see page_parts.h (plot layer). make gathers them in $(BUILD)/page. */
#include "plot/html/page_parts.h"

#include <stdint.h>

/* A file as it is. The assembler finds it by -I. */
#define PART(name, file)                                                                           \
	__asm__(".section .rodata\n"                                                               \
		".global page_" #name "\n"                                                         \
		"page_" #name ":\n"                                                                \
		".incbin \"" file "\"\n"                                                           \
		".global page_" #name "_end\n"                                                     \
		"page_" #name "_end:\n"                                                            \
		".previous\n");                                                                    \
	extern const char page_##name[], page_##name##_end[]

PART(text, "page.html");
PART(style, "style.css");
PART(script, "script.js");
PART(dygraphs, "dygraphs.js");
PART(licence, "licence.txt");

/* By their addresses: to C they are two objects. */
static struct page_part part_between(const char *text, const char *end)
{
	return (struct page_part){ text, (uintptr_t)end - (uintptr_t)text };
}

struct page_part page_part(enum page_part_name name)
{
	switch (name) {
	case PAGE_PART_PAGE:
		return part_between(page_text, page_text_end);
	case PAGE_PART_STYLE:
		return part_between(page_style, page_style_end);
	case PAGE_PART_SCRIPT:
		return part_between(page_script, page_script_end);
	case PAGE_PART_DYGRAPHS:
		return part_between(page_dygraphs, page_dygraphs_end);
	case PAGE_PART_LICENCE:
		break;
	}
	return part_between(page_licence, page_licence_end);
}
