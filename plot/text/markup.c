/* Text within markup; see markup.h. Plot layer. */
#include "plot/text/markup.h"

#include <stdint.h>
#include <string.h>

#include "tracer/base/utf8.h"

static const char REPLACEMENT[] = "\xef\xbf\xbd"; /* U+FFFD */

/* NULL: it stands for itself. */
static const char *reference_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void markup_put_text(FILE *out, const char *text)
{
	size_t bytes = strlen(text), length;

	for (size_t at = 0; at < bytes; at += length) {
		uint32_t c;
		const char *reference = reference_of(text[at]);
		length = utf8_decode(text + at, bytes - at, &c);
		if (length == 0 || c == 0xfffe || c == 0xffff || character_is_bidi(c))
			fputs(REPLACEMENT, out);
		else if (reference != NULL)
			fputs(reference, out);
		else if (c == '\n' || (c >= 0x20 && !(c >= 0x7f && c < 0xa0)))
			fwrite(text + at, 1, length, out);
		length = length == 0 ? 1 : length;
	}
}
