/* Names of functions of Python; see python_names.h. Loop layer. */
#include "tracer/loop/stacks/python_names.h"

#include <string.h>

#include "tracer/base/utf8.h"

enum {
	TEXT_CHARACTERS = 400, /* of a name; of a path, its last ones */
	TEXT_BYTES = TEXT_CHARACTERS * UTF8_MAX_BYTES + 1,
};

/* What its text is, of an object of type str. */
struct text_head {
	uint64_t length; /* in characters */
	unsigned kind;	 /* bytes of a character */
	taddr_t characters;
};

static bool has_type(struct memory_view *view, taddr_t object, uint32_t type_offset, taddr_t type)
{
	uint64_t found;

	return object.value != 0 &&
	       memory_view_read(view, taddr_add(object, type_offset), &found, sizeof(found)) &&
	       found == type.value;
}

/* The state is, from its lowest bit on: interned (2 bits), kind (3), compact, ASCII. */
static bool read_head(const struct python_process *python, struct memory_view *view, taddr_t text,
		      struct text_head *ret)
{
	enum { KIND_SHIFT = 2, KIND_MASK = 7, IS_COMPACT = 1 << 5, IS_ASCII = 1 << 6 };
	const struct python_layout *layout = &python->layout;
	uint32_t state;

	if (!has_type(view, text, layout->object_type, python->text_type) ||
	    !memory_view_read(view, taddr_add(text, layout->text_length), &ret->length,
			      sizeof(ret->length)) ||
	    !memory_view_read(view, taddr_add(text, layout->text_state), &state, sizeof(state)))
		return false;
	ret->kind = state >> KIND_SHIFT & KIND_MASK;
	ret->characters = taddr_add(text, (state & IS_ASCII) != 0 ? layout->text_ascii
								  : layout->text_compact);
	return (state & IS_COMPACT) != 0 && ret->length <= INT32_MAX &&
	       (ret->kind == 1 || ret->kind == 2 || ret->kind == 4);
}

static size_t put_character(uint32_t character, char *to)
{
	const unsigned char continues = 0x80;

	if (character < 0x80) {
		to[0] = (char)(character == 0 ? '?' : character);
		return 1;
	}
	if (character < 0x800) {
		to[0] = (char)(0xc0 | character >> 6);
		to[1] = (char)(continues | (character & 0x3f));
		return 2;
	}
	if (character < 0x10000) {
		to[0] = (char)(0xe0 | character >> 12);
		to[1] = (char)(continues | (character >> 6 & 0x3f));
		to[2] = (char)(continues | (character & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | (character >> 18 & 0x7));
	to[1] = (char)(continues | (character >> 12 & 0x3f));
	to[2] = (char)(continues | (character >> 6 & 0x3f));
	to[3] = (char)(continues | (character & 0x3f));
	return 4;
}

/* In UTF-8 that may be shown; of a long text the beginning or the end. */
static bool read_text(const struct python_process *python, struct memory_view *view, taddr_t text,
		      bool is_end, char ret[TEXT_BYTES])
{
	unsigned char characters[TEXT_CHARACTERS * sizeof(uint32_t)];
	struct text_head head;
	size_t used = 0;

	if (!read_head(python, view, text, &head))
		return false;
	const uint64_t count = head.length < TEXT_CHARACTERS ? head.length : TEXT_CHARACTERS;
	const uint64_t first = is_end ? head.length - count : 0;
	if (!memory_view_read(view, taddr_add(head.characters, first * head.kind), characters,
			      count * head.kind))
		return false;
	for (size_t i = 0; i < count; i++) {
		uint32_t character = 0; /* both are little-endian */
		memcpy(&character, characters + i * head.kind, head.kind);
		used += put_character(character, ret + used);
	}
	ret[used] = '\0';
	text_sanitize(ret);
	return true;
}

struct error *python_code_name(const struct python_process *python, struct memory_view *view,
			       taddr_t code, struct stack_nodes *nodes, uint32_t *ret,
			       bool *ret_is_code)
{
	const struct python_layout *layout = &python->layout;
	char name[TEXT_BYTES], path[TEXT_BYTES];
	uint64_t name_at, path_at;

	*ret = 0;
	*ret_is_code = has_type(view, code, layout->object_type, python->code_type) &&
		       memory_view_read(view, taddr_add(code, layout->code_name), &name_at,
					sizeof(name_at)) &&
		       memory_view_read(view, taddr_add(code, layout->code_file), &path_at,
					sizeof(path_at)) &&
		       read_text(python, view, taddr(name_at), false, name) && name[0] != '\0' &&
		       read_text(python, view, taddr(path_at), true, path);
	if (!*ret_is_code)
		return NULL;
	/* 3.12 on has code of its own between a class and its __init__, which stands in no file. */
	if (strcmp(name, "__init__") == 0 && strcmp(path, name) == 0)
		return NULL;
	const char *file = basename(path);
	return stack_nodes_name(nodes, name, file[0] == '\0' ? "-" : file, false, ret);
}
