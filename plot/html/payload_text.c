/* Names in a page's JSON; see payload_text.h (plot layer). */
#include "plot/html/payload_text.h"

#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"

/* A name, a command: who wrote it may have written a book. Its middle goes first. */
static const double TEXT_MOST_EM = 1000;

struct error *payload_put_text(struct json_writer *json, const char *key, const char *text)
{
	if (text == NULL) {
		json_put_null(json, key);
		return NULL;
	}
	char *clean = text_clean(text, strlen(text));
	char *kept = clean != NULL ? text_shorten(clean, TEXT_MOST_EM) : NULL;
	free(clean);
	if (kept == NULL)
		return error_no_memory();
	json_put_string(json, key, kept);
	free(kept);
	return NULL;
}
