/* Demangling and clone suffixes; see demangle.h. Symbols layer. */
#include "symbols/names/demangle.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libiberty/demangle.h>

#include "tracer/base/array.h"

enum {
	/* libiberty itself gives up beyond about a thousand bytes; this spares it the reading. */
	MANGLED_MAX_BYTES = 16 * 1024,
	/* Its test for constructors has no limit, and takes some stack for each byte. */
	VARIANT_MAX_BYTES = 4096,
	/* Its reader of D calls itself for each level of a name, and has no limit of its own. */
	D_NAME_MAX_BYTES = 2048,
	DEMANGLED_MAX_BYTES = 64 * 1024,
};

/* gfortran: procedure `p` of module `m` is __m_MOD_p. */
static const char *fortran_module_end(const char *linkage_name)
{
	const char *mark = strstr(linkage_name, "_MOD_");

	return mark != NULL && mark > linkage_name + 2 && mark[5] != '\0' ? mark : NULL;
}

/* D: _D and a length (The D ABI, "Name Mangling"). */
static bool is_d_name(const char *linkage_name)
{
	return linkage_name[1] == 'D' && linkage_name[2] >= '1' && linkage_name[2] <= '9';
}

bool linkage_name_is_mangled(const char *linkage_name)
{
	if (linkage_name[0] != '_')
		return false;
	if (linkage_name[1] == 'Z' || linkage_name[1] == 'R' || is_d_name(linkage_name))
		return true;
	return linkage_name[1] == '_' && fortran_module_end(linkage_name) != NULL;
}

/*
 * What GCC (clone_function_name) and LLVM append. `.N` alone is not among them: Go has functions
 * named main.main.func1.2.
 */
static const char *const clone_words[] = {
	"isra", "constprop", "part", "cold", "lto_priv", "localalias", "llvm", "clone", "__uniq",
};

static bool is_digits(const char *text, size_t bytes)
{
	return bytes > 0 && strspn(text, "0123456789") >= bytes;
}

/* Whether the last dotted part of @name[0, bytes) is a clone word or the number of one. */
static bool cut_clone_part(const char *name, size_t *bytes)
{
	size_t end = *bytes, dot = end;

	for (int parts = 0; parts < 2; parts++) {
		const char *at = memrchr(name, '.', dot);
		if (at == NULL || at == name)
			return false;
		size_t part_start = (size_t)(at - name) + 1, part_bytes = dot - part_start;
		dot = (size_t)(at - name);
		for (size_t i = 0; i < sizeof(clone_words) / sizeof(clone_words[0]); i++) {
			if (strlen(clone_words[i]) == part_bytes &&
			    memcmp(clone_words[i], name + part_start, part_bytes) == 0) {
				*bytes = dot;
				return true;
			}
		}
		if (!is_digits(name + part_start, part_bytes))
			return false;
	}
	return false;
}

size_t linkage_name_base_bytes(const char *linkage_name)
{
	size_t bytes = strlen(linkage_name);

	while (cut_clone_part(linkage_name, &bytes))
		;
	/* A function within another, `inner.0` of GCC's C, Fortran and Ada. Go's have more dots. */
	const char *dot = memchr(linkage_name, '.', bytes);
	if (dot != NULL && dot > linkage_name &&
	    is_digits(dot + 1, (size_t)(linkage_name + bytes - dot - 1)))
		bytes = (size_t)(dot - linkage_name);
	return bytes;
}

unsigned linkage_name_variant(const char *linkage_name)
{
	enum { WHOLE, DELETING, COMPLETE, BASE, UNIFIED, PART };
	const char *part = strstr(linkage_name, ".part.");

	if (part != NULL && part > linkage_name)
		return PART;
	if (linkage_name[0] != '_' || linkage_name[1] != 'Z' ||
	    strlen(linkage_name) > VARIANT_MAX_BYTES)
		return WHOLE;
	switch (is_gnu_v3_mangled_ctor(linkage_name)) {
	case gnu_v3_complete_object_ctor:
		return COMPLETE;
	case gnu_v3_base_object_ctor:
		return BASE;
	case gnu_v3_unified_ctor:
		return UNIFIED;
	default:
		break;
	}
	switch (is_gnu_v3_mangled_dtor(linkage_name)) {
	case gnu_v3_deleting_dtor:
		return DELETING;
	case gnu_v3_complete_object_dtor:
		return COMPLETE;
	case gnu_v3_base_object_dtor:
		return BASE;
	case gnu_v3_unified_dtor:
		return UNIFIED;
	default:
		return WHOLE;
	}
}

bool linkage_name_is_cold(const char *linkage_name)
{
	const char *cold = strstr(linkage_name, ".cold");

	if (cold == NULL || cold == linkage_name)
		return false;
	cold += strlen(".cold");
	return *cold == '\0' || *cold == '.';
}

/* Collects libiberty's output; leaves by longjmp when there is too much of it. */
struct demangled {
	jmp_buf give_up;
	char *text;
	size_t bytes, capacity;
};

static void demangled_append(const char *text, size_t bytes, void *opaque)
{
	struct demangled *out = opaque;

	if (bytes == 0)
		return;
	/*
	 * Substitutions let a hundred bytes describe a name of 2^30: the callback cannot say stop,
	 * and libiberty holds no memory but its stack here (C++), or a few bytes that are lost
	 * (Rust).
	 */
	if (out->bytes + bytes > DEMANGLED_MAX_BYTES)
		longjmp(out->give_up, 1);
	struct error *err = array_reserve(&out->text, &out->capacity, out->bytes + bytes + 1, 1);
	if (err != NULL) {
		error_free(err);
		longjmp(out->give_up, 1);
	}
	memcpy(out->text + out->bytes, text, bytes);
	out->bytes += bytes;
	out->text[out->bytes] = '\0';
}

/* Rust's own scheme, or its older one: valid C++ mangling with a hash at the end, `17h` and 16 digits. */
static bool may_be_rust(const char *mangled)
{
	return mangled[1] == 'R' || strstr(mangled, "17h") != NULL;
}

static bool demangle_into(struct demangled *out, const char *mangled)
{
	const int options = DMGL_PARAMS | DMGL_ANSI | DMGL_RET_DROP | DMGL_AUTO;

	if (setjmp(out->give_up) != 0)
		return false;
	/* It goes first, as its older names can be read as C++. */
	if (may_be_rust(mangled) && rust_demangle_callback(mangled, options, demangled_append, out))
		return out->bytes > 0;
	out->bytes = 0;
	return cplus_demangle_v3_callback(mangled, options, demangled_append, out) &&
	       out->bytes > 0;
}

/* The length of the UTF-8 character at @text (RFC 3629), 0 when there is none. */
static size_t utf8_character_bytes(const unsigned char *text)
{
	if (text[0] < 0x80)
		return text[0] >= 0x20 && text[0] != 0x7F ? 1 : 0;
	size_t bytes = text[0] >= 0xF0 ? 4 : text[0] >= 0xE0 ? 3 : 2;
	if (text[0] < 0xC2 || text[0] > 0xF4)
		return 0;
	uint32_t code = text[0] & (0xFF >> (bytes + 1));
	for (size_t i = 1; i < bytes; i++) {
		if ((text[i] & 0xC0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3F);
	}
	static const uint32_t smallest[] = { 0, 0, 0xA0, 0x800, 0x10000 };
	bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
	return code < smallest[bytes] || is_surrogate || code > 0x10FFFF ? 0 : bytes;
}

static void text_sanitize(char *text)
{
	unsigned char *at = (unsigned char *)text;

	for (;;) {
		while (*at >= 0x20 && *at < 0x7F) /* nearly all there is */
			at++;
		if (*at == '\0')
			return;
		size_t bytes = utf8_character_bytes(at);
		if (bytes == 0)
			*at = '?';
		at += bytes ? bytes : 1;
	}
}

/* `m::p` of __m_MOD_p; NULL without memory. */
static char *fortran_written(const char *linkage_name)
{
	static const char mark[] = "_MOD_";
	const char *end = fortran_module_end(linkage_name);
	char *text;

	if (asprintf(&text, "%.*s::%s", (int)(end - linkage_name - 2), linkage_name + 2,
		     end + strlen(mark)) < 0)
		return NULL;
	return text;
}

/* The written form of a name of C++ or Rust; NULL: it has none. Without memory, NULL too. */
static char *demangled_text(const char *linkage_name)
{
	struct demangled *out = calloc(1, sizeof(*out));
	char *text = NULL;

	if (out != NULL && demangle_into(out, linkage_name))
		text = out->text;
	else if (out != NULL)
		free(out->text);
	free(out);
	return text;
}

static char *written_form(const char *linkage_name, size_t bytes)
{
	if (linkage_name[1] == '_')
		return fortran_written(linkage_name);
	if (linkage_name[1] == 'D')
		return bytes <= D_NAME_MAX_BYTES ? dlang_demangle(linkage_name, 0) : NULL;
	return demangled_text(linkage_name);
}

struct error *demangle(const char *linkage_name, char **ret)
{
	size_t base_bytes = linkage_name_base_bytes(linkage_name);
	char *base = strndup(linkage_name, base_bytes);

	if (base == NULL)
		return error_no_memory();
	if (linkage_name_is_mangled(base) && base_bytes <= MANGLED_MAX_BYTES) {
		char *written = written_form(base, base_bytes);
		if (written != NULL) {
			free(base);
			base = written;
		}
	}
	text_sanitize(base);
	*ret = base;
	return NULL;
}
