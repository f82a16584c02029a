/* JSON on its way into a page; see page_text.h (plot layer). */
#include "plot/html/page_text.h"

#include <stdbool.h>
#include <string.h>

/* U+2028 and U+2029 end a line of JavaScript, not of JSON: E2 80 A8, E2 80 A9 in UTF-8. */
static bool is_separator(const char *text, size_t bytes)
{
	return bytes >= 3 &&
	       (memcmp(text, "\xe2\x80\xa8", 3) == 0 || memcmp(text, "\xe2\x80\xa9", 3) == 0);
}

void page_text_put_script(FILE *out, const char *json, size_t bytes)
{
	for (size_t at = 0; at < bytes;) {
		size_t plain = at;
		while (plain < bytes && strchr("<>&\xe2", json[plain]) == NULL)
			plain++;
		fwrite(json + at, 1, plain - at, out);
		at = plain;
		if (at == bytes)
			break;
		if (is_separator(json + at, bytes - at)) {
			fputs(json[at + 2] == '\xa8' ? "\\u2028" : "\\u2029", out);
			at += 3;
		} else if (json[at] == '\xe2' || json[at] == '\0') {
			putc(json[at++], out);
		} else {
			fprintf(out, "\\u%04x", (unsigned)json[at++]);
		}
	}
}
