/* Demangling; see demangle.h. Symbols layer. */
#include "symbols/names/demangle.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libiberty/demangle.h>

#include "symbols/names/demangle_output.h"
#include "symbols/names/demangle_tree.h"
#include "symbols/names/linkage_name.h"
#include "tracer/base/utf8.h"

enum {
	MANGLED_MAX_BYTES = 16 * 1024,
	/* libiberty's usual way ends here (DEMANGLE_RECURSION_LIMIT, two components a byte). */
	USUAL_MAX_BYTES = 1024,
	/* Its reader of D calls itself for each level of a name, and has no limit of its own. */
	D_NAME_MAX_BYTES = 2048,
};

static const int OPTIONS = DMGL_PARAMS | DMGL_ANSI | DMGL_RET_DROP | DMGL_AUTO;

/* Rust's own scheme, or its older one: valid C++ mangling with a hash at the end, `17h` and 16 digits. */
static bool may_be_rust(const char *mangled)
{
	return mangled[1] == 'R' || strstr(mangled, "17h") != NULL;
}

static bool rust_into(struct demangle_output *out, const char *mangled, bool condenses)
{
	demangle_output_restart(out, condenses);
	return setjmp(out->give_up) == 0 &&
	       rust_demangle_callback(mangled, OPTIONS, demangle_output_append, out) &&
	       out->bytes > 0;
}

static bool cplus_into(struct demangle_output *out, const char *mangled)
{
	demangle_output_restart(out, false);
	return setjmp(out->give_up) == 0 &&
	       cplus_demangle_v3_callback(mangled, OPTIONS, demangle_output_append, out) &&
	       out->bytes > 0;
}

/* The written form of a name of C++ or Rust; NULL: it has none. Without memory, NULL too. */
static char *demangled_text(const char *linkage_name, size_t bytes)
{
	struct demangle_output *out = calloc(1, sizeof(*out));
	bool needs_tree = false;
	char *text = NULL;

	if (out == NULL)
		return NULL;
	/* It goes first, as its older names can be read as C++. */
	bool is_done =
		may_be_rust(linkage_name) && (rust_into(out, linkage_name, false) ||
					      (out->is_full && rust_into(out, linkage_name, true)));
	if (!is_done && linkage_name[1] != 'R') {
		is_done = bytes <= USUAL_MAX_BYTES && cplus_into(out, linkage_name);
		needs_tree = bytes > USUAL_MAX_BYTES || out->is_full;
	}
	if (is_done)
		text = out->text;
	else
		free(out->text);
	free(out);
	return !is_done && needs_tree ? demangle_by_tree(linkage_name, OPTIONS) : text;
}

/* `m::p` of __m_MOD_p; NULL without memory. */
static char *fortran_written(const char *linkage_name)
{
	static const char mark[] = "_MOD_";
	const char *end = linkage_name_module_end(linkage_name);
	char *text;

	if (asprintf(&text, "%.*s::%s", (int)(end - linkage_name - 2), linkage_name + 2,
		     end + strlen(mark)) < 0)
		return NULL;
	return text;
}

static char *written_form(const char *linkage_name, size_t bytes)
{
	if (linkage_name[1] == '_')
		return fortran_written(linkage_name);
	if (linkage_name[1] == 'D')
		return bytes <= D_NAME_MAX_BYTES ? dlang_demangle(linkage_name, 0) : NULL;
	return demangled_text(linkage_name, bytes);
}

/* `gen(int) [clone .actor]`, after the coroutine itself and not, as libiberty has it, after its frame. */
static char *coroutine_part_written(const struct coroutine_part *part)
{
	char *function = strndup(part->function, part->function_bytes), *text = NULL;
	char *written = function ? demangled_text(function, part->function_bytes) : NULL;

	if (written != NULL && asprintf(&text, "%s [clone .%s]", written, part->part) < 0)
		text = NULL;
	free(written);
	free(function);
	return text;
}

struct error *demangle(const char *linkage_name, char **ret)
{
	size_t base_bytes = linkage_name_base_bytes(linkage_name);
	char *base = strndup(linkage_name, base_bytes);
	struct coroutine_part part;

	if (base == NULL)
		return error_no_memory();
	if (linkage_name_is_mangled(base) && base_bytes <= MANGLED_MAX_BYTES) {
		char *written = linkage_name_is_coroutine_part(base, base_bytes, &part)
					? coroutine_part_written(&part)
					: NULL;
		if (written == NULL)
			written = written_form(base, base_bytes);
		if (written != NULL) {
			free(base);
			base = written;
		}
	}
	text_sanitize(base);
	*ret = base;
	return NULL;
}
