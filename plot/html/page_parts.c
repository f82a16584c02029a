/* The parts of a page; see page_parts.h (plot layer). make gathers them in $(BUILD)/page. */
#include "plot/html/page_parts.h"

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

struct page_part page_part(enum page_part_name name)
{
	switch (name) {
	case PAGE_PART_PAGE:
		return (struct page_part){ page_text, (size_t)(page_text_end - page_text) };
	case PAGE_PART_STYLE:
		return (struct page_part){ page_style, (size_t)(page_style_end - page_style) };
	case PAGE_PART_SCRIPT:
		return (struct page_part){ page_script, (size_t)(page_script_end - page_script) };
	case PAGE_PART_DYGRAPHS:
		return (struct page_part){ page_dygraphs,
					   (size_t)(page_dygraphs_end - page_dygraphs) };
	case PAGE_PART_LICENCE:
		break;
	}
	return (struct page_part){ page_licence, (size_t)(page_licence_end - page_licence) };
}
