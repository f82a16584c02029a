/*
 * The shorter ways to write a demangled name (symbols layer).
 *
 * `void ns::max<int>(int, int)` may be asked for as `ns::max<int>(int, int)`, `ns::max<int>`,
 * `ns::max` and so on. All forms are normalised: a space stays only between two words.
 */
#ifndef SYMBOLS_NAMES_NAME_FORMS_H
#define SYMBOLS_NAMES_NAME_FORMS_H

#include <stdbool.h>
#include <stddef.h>

/* Where the parts of a name begin, as offsets; each part may be empty. */
struct name_parts {
	size_t name;	   /* after the return type */
	size_t parameters; /* of the last ( … ), or the end when there is none */
	size_t qualifiers; /* after the parameters: ` const`, ` &&` */
	size_t end;	   /* … and before ` [clone .actor]`, which belongs to every form */
	bool has_template_arguments;
	bool has_abi_tag; /* `[abi:cxx11]` */
};

void name_parts_find(const char *name, struct name_parts *ret);

/*
 * Writes @text[0, bytes) without needless spaces to @out, which has room for as much and a '\0';
 * returns the length.
 */
size_t name_normalise(const char *text, size_t bytes, char *out);

struct name_forms {
	const char *name; /* borrowed */
	struct name_parts parts;
	unsigned next;
	char *form; /* the current form, terminated */
	size_t form_bytes;
	char *heap;
	char small[1024];
};

/* Borrows @name. Without memory there are no forms. */
void name_forms_init(struct name_forms *forms, const char *name);
void name_forms_deinit(struct name_forms *forms);

/* Puts the next form into @forms->form; false when there are no more. */
bool name_forms_next(struct name_forms *forms);

#endif
