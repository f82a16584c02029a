/* What linker names tell as they are; see linkage_name.h. Symbols layer. */
#include "symbols/names/linkage_name.h"

#include <stdlib.h>
#include <string.h>

#include <libiberty/demangle.h>

/* libiberty's test for constructors has no limit, and takes some stack for each byte. */
enum { VARIANT_MAX_BYTES = 4096 };

const char *linkage_name_module_end(const char *linkage_name)
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
	return linkage_name[1] == '_' && linkage_name_module_end(linkage_name) != NULL;
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

bool linkage_name_is_thunk(const char *linkage_name)
{
	static const char *const starts[] = { "__x86_indirect_thunk", "__x86_return_thunk",
					      "__x86.get_pc_thunk.", "__llvm_retpoline_" };

	if (linkage_name[0] != '_' || linkage_name[1] != '_')
		return false;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (strncmp(linkage_name, starts[i], strlen(starts[i])) == 0)
			return true;
	}
	return false;
}

/* What GCC's and LLVM's parts of a coroutine end in, and what they do is the same: linkage_name.h. */
static const char *const coroutine_parts[] = { "actor", "resume", "destroy", "cleanup" };

/*
 * GCC names a coroutine's other parts as functions of its frame, a type whose name is the coroutine's
 * own: _Z3genPZ3geniE12_Z3geni.Frame.actor. The number says how long `_Z3geni.Frame` is.
 */
static const char *frame_function(const char *linkage_name, const char *end)
{
	static const char frame[] = ".Frame";
	size_t frame_bytes = strlen(frame);

	if ((size_t)(end - linkage_name) < frame_bytes ||
	    memcmp(end - frame_bytes, frame, frame_bytes) != 0)
		return NULL;
	for (const char *at = linkage_name + 1; at < end; at++) {
		const char *digits = at;
		while (digits > linkage_name && digits[-1] >= '0' && digits[-1] <= '9')
			digits--;
		/* The name may itself begin behind a digit of something else. */
		for (; digits < at; digits++) {
			if (*digits != '0' && strtoul(digits, NULL, 10) == (size_t)(end - at))
				return at;
		}
	}
	return NULL;
}

bool linkage_name_is_coroutine_part(const char *linkage_name, size_t bytes,
				    struct coroutine_part *ret)
{
	const char *dot = memrchr(linkage_name, '.', bytes);

	if (dot == NULL || !linkage_name_is_mangled(linkage_name))
		return false;
	size_t part_bytes = (size_t)(linkage_name + bytes - dot) - 1;
	for (size_t i = 0; i < sizeof(coroutine_parts) / sizeof(coroutine_parts[0]); i++) {
		if (strlen(coroutine_parts[i]) != part_bytes ||
		    memcmp(coroutine_parts[i], dot + 1, part_bytes) != 0)
			continue;
		const char *function = frame_function(linkage_name, dot);
		const char *end = function ? dot - strlen(".Frame") : dot;
		*ret = (struct coroutine_part){
			.function = function ? function : linkage_name,
			.function_bytes = (size_t)(end - (function ? function : linkage_name)),
			.part = coroutine_parts[i],
		};
		return true;
	}
	return false;
}
