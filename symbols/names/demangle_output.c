/* Collects a demangled name; see demangle_output.h. Symbols layer. */
#include "symbols/names/demangle_output.h"

#include <string.h>

#include "tracer/base/array.h"

enum {
	DEPTH_SHOWN = 2,
	/* A tenth of a second of libiberty's work. */
	SEEN_MAX_BYTES = 8 * 1024 * 1024,
};

/*
 * The callback cannot say stop: it leaves by longjmp. libiberty holds no memory but its stack here (C++),
 * or a few bytes that are lost (Rust).
 */
static void output_give_up(struct demangle_output *out)
{
	out->is_full = true;
	longjmp(out->give_up, 1);
}

static void output_put(struct demangle_output *out, const char *text, size_t bytes)
{
	if (out->bytes + bytes > DEMANGLED_MAX_BYTES)
		output_give_up(out);
	struct error *err = array_reserve(&out->text, &out->capacity, out->bytes + bytes + 1, 1);
	if (err != NULL) {
		error_free(err);
		longjmp(out->give_up, 1);
	}
	memcpy(out->text + out->bytes, text, bytes);
	out->bytes += bytes;
	out->text[out->bytes] = '\0';
}

/* One byte of a name of Rust, whose brackets are always in pairs, but for the arrow's. */
static void output_condense(struct demangle_output *out, char byte)
{
	static const char ellipsis[] = "\xe2\x80\xa6";
	bool opens = byte != '\0' && strchr("<([{", byte) != NULL;
	bool closes = byte != '\0' && strchr(">)]}", byte) != NULL &&
		      !(byte == '>' && (out->last == '-' || out->last == '='));

	if (closes && out->depth > 0)
		out->depth--;
	if (out->depth <= DEPTH_SHOWN)
		output_put(out, &byte, 1);
	if (opens && out->depth++ == DEPTH_SHOWN)
		output_put(out, ellipsis, strlen(ellipsis));
	out->last = byte;
}

void demangle_output_restart(struct demangle_output *out, bool condenses)
{
	out->bytes = out->seen = 0;
	out->is_full = false;
	out->condenses = condenses;
	out->depth = 0;
	out->last = '\0';
}

void demangle_output_append(const char *text, size_t bytes, void *opaque)
{
	struct demangle_output *out = opaque;

	out->seen += bytes;
	if (out->seen > SEEN_MAX_BYTES)
		output_give_up(out);
	if (!out->condenses && bytes > 0)
		output_put(out, text, bytes);
	for (size_t i = 0; out->condenses && i < bytes; i++)
		output_condense(out, text[i]);
}
