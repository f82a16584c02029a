/* A page to send; see html_page.h (plot layer). */
#include "plot/html/html_page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "plot/html/page_parts.h"
#include "plot/html/page_text.h"
#include "plot/model/palette.h"
#include "plot/text/markup.h"

struct page {
	const struct html_source *source;
	FILE *out;
	char nonce[33];
};

static struct error *put_part(const struct page *page, enum page_part_name name)
{
	struct page_part part = page_part(name);

	fwrite(part.text, 1, part.bytes, page->out);
	return NULL;
}

static struct error *put_nonce(const struct page *page)
{
	fputs(page->nonce, page->out);
	return NULL;
}

static void put_colors(FILE *out, bool is_dark)
{
	static const char *const names[COLOR_CYCLE] = {
		[COLOR_PAPER] = "paper", [COLOR_TEXT] = "text",	  [COLOR_GRID] = "grid",
		[COLOR_SPINE] = "spine", [COLOR_MAIN] = "main",	  [COLOR_MAIN_FILL] = "main-fill",
		[COLOR_PEAK] = "peak",	 [COLOR_FRAME] = "frame",
	};

	fprintf(out, "color-scheme:%s;", is_dark ? "dark" : "light");
	for (size_t i = 0; i < palette_count(); i++) {
		struct rgba color = palette_rgba(i, is_dark);
		if (i < COLOR_CYCLE)
			fprintf(out, "--%s:", names[i]);
		else
			fprintf(out, "--cycle-%zu:", i - COLOR_CYCLE);
		fprintf(out, "#%02x%02x%02x", color.red, color.green, color.blue);
		if (color.alpha < 1)
			fprintf(out, "%02x", (unsigned)(color.alpha * 255 + 0.5));
		putc(';', out);
	}
}

/* As the system has it, unless the reader has chosen. */
static struct error *put_palette(const struct page *page)
{
	fputs(":root{", page->out);
	put_colors(page->out, false);
	fputs("}\n@media (prefers-color-scheme:dark){:root{", page->out);
	put_colors(page->out, true);
	fputs("}}\n:root[data-theme=light]{", page->out);
	put_colors(page->out, false);
	fputs("}\n:root[data-theme=dark]{", page->out);
	put_colors(page->out, true);
	fputs("}\n", page->out);
	return NULL;
}

static struct error *put_style(const struct page *page)
{
	return put_part(page, PAGE_PART_STYLE);
}

static struct error *put_script(const struct page *page)
{
	return put_part(page, PAGE_PART_SCRIPT);
}

static struct error *put_dygraphs(const struct page *page)
{
	return put_part(page, PAGE_PART_DYGRAPHS);
}

static struct error *put_licence(const struct page *page)
{
	struct page_part part = page_part(PAGE_PART_LICENCE);
	char *text = strndup(part.text, part.bytes);

	if (text == NULL)
		return error_no_memory();
	markup_put_text(page->out, text);
	free(text);
	return NULL;
}

static struct error *put_payload(const struct page *page)
{
	char *json = NULL;
	size_t bytes;
	FILE *out = open_memstream(&json, &bytes);
	struct error *err = out == NULL ? error_no_memory() : payload_write(page->source, out);

	if (out != NULL && fclose(out) != 0 && err == NULL)
		err = error_no_memory();
	if (err == NULL)
		page_text_put_script(page->out, json, bytes);
	free(json);
	return err;
}

static const struct {
	const char *name;
	struct error *(*put)(const struct page *page);
} places[] = {
	{ "nonce", put_nonce },	    { "palette", put_palette }, { "style", put_style },
	{ "payload", put_payload }, { "script", put_script },	{ "dygraphs", put_dygraphs },
	{ "licence", put_licence },
};

/* What stands at {{@name}}. */
static struct error *put_place(const struct page *page, const char *name, size_t bytes)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (strlen(places[i].name) == bytes && memcmp(places[i].name, name, bytes) == 0)
			return places[i].put(page);
	}
	return error_new(ERR_FAILED, "page.html has a place '%.*s', which is unknown", (int)bytes,
			 name);
}

static struct error *make_nonce(char nonce[static 33])
{
	unsigned char bytes[16];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return error_os(errno, "cannot have random bytes");
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(nonce + 2 * i, 3, "%02x", bytes[i]);
	return NULL;
}

struct error *html_page_write(const struct html_source *source, FILE *out)
{
	struct page page = { .source = source, .out = out };
	struct page_part text = page_part(PAGE_PART_PAGE);
	struct error *err = make_nonce(page.nonce);

	for (size_t at = 0; err == NULL && at < text.bytes;) {
		const char *rest = text.text + at;
		const char *open = memmem(rest, text.bytes - at, "{{", 2);
		size_t plain = open != NULL ? (size_t)(open - rest) : text.bytes - at;
		fwrite(rest, 1, plain, out);
		at += plain;
		if (open == NULL)
			break;
		const char *close = memmem(open, text.bytes - at, "}}", 2);
		if (close == NULL)
			return error_new(ERR_FAILED, "page.html has a place without an end");
		err = put_place(&page, open + 2, (size_t)(close - open) - 2);
		at += (size_t)(close - open) + 2;
	}
	return err;
}

bool html_page_is_named(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL && (strcasecmp(dot, ".html") == 0 || strcasecmp(dot, ".htm") == 0);
}
