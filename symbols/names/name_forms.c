/* The shorter ways to write a name; see name_forms.h. Symbols layer. */
#include "symbols/names/name_forms.h"

#include <stdlib.h>
#include <string.h>

#include "symbols/names/name_scan.h"

static bool text_at(const char *text, const char *end, const char *wanted)
{
	size_t bytes = strlen(wanted);

	return (size_t)(end - text) >= bytes && memcmp(text, wanted, bytes) == 0;
}

/* Whether a name of its own may follow this space: what stands before it is then a return type. */
static bool space_ends_return_type(const char *name, const char *space, const char *end)
{
	if (space == name || space + 1 >= end)
		return false;
	if (space[-1] == ':' || space[-1] == ' ' || space[-1] == '(')
		return false;
	return name_byte_is_word(space[1]) || text_at(space + 1, end, "(anonymous") ||
	       text_at(space + 1, end, "{lambda");
}

/*
 * A function that the compiler made beside the named one. A thunk adjusts `this` and jumps to the
 * function, whose call is then counted: a thunk's name is no other form of the function's.
 */
static bool name_is_special(const char *name)
{
	static const char *const marks[] = { "thunk to ", "transaction clone for ",
					     "TLS init function for ",
					     "TLS wrapper function for " };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (strstr(name, marks[i]) != NULL)
			return true;
	}
	return false;
}

/* `::<` of Rust's generics, and the < of C++'s; not Rust's <T as Trait> that begins a path. */
static bool opens_template_arguments(const char *name, const struct name_token *token)
{
	const char *end = token->text + strlen(token->text);

	if (token->kind != NAME_TOKEN_OPEN || token->text[0] != '<' || token->text == name)
		return false;
	if (token->text[-1] == ':')
		return !text_at(token->text + 1, end, "impl ");
	return true;
}

/* What is made of a function beside it is no form of its name: ` [clone .actor]` stays. */
static size_t bytes_before_clone(const char *name)
{
	const char *clone = strstr(name, "[clone ");

	if (clone == NULL || clone == name)
		return strlen(name);
	return (size_t)(clone - name) - (clone[-1] == ' ');
}

void name_parts_find(const char *name, struct name_parts *ret)
{
	size_t bytes = bytes_before_clone(name);
	size_t return_type = 0; /* end of what may be one: the last space so far */
	bool word_operator = false;
	struct name_scan scan;
	struct name_token token;

	*ret = (struct name_parts){ 0, bytes, bytes, bytes, false, false };
	name_scan_init(&scan, name, bytes);
	while (name_scan_next(&scan, &token)) {
		size_t at = (size_t)(token.text - name);
		if (token.kind == NAME_TOKEN_SET && text_at(token.text, scan.end, "[abi:"))
			ret->has_abi_tag = true;
		if (opens_template_arguments(name, &token))
			ret->has_template_arguments = true;
		if (token.depth > 0)
			continue;
		if (token.kind == NAME_TOKEN_OPEN && token.text[0] == '(') {
			ret->parameters = at;
			ret->qualifiers = bytes;
			ret->name = return_type;
		} else if (token.kind == NAME_TOKEN_CLOSE && token.text[0] == ')') {
			ret->qualifiers = at + 1;
		} else if (token.text[0] == ':' && ret->qualifiers == at) {
			/* (anonymous namespace)::f, f(int)::{lambda()#1}: more of the name follows.
			 */
			ret->parameters = ret->qualifiers = bytes;
		} else if (text_at(token.text, scan.end, "operator ") ||
			   text_at(token.text, scan.end, "operator\"")) {
			/* operator unsigned int, operator "" _s: the spaces behind it are its own.
			 */
			word_operator |= at == 0 || !name_byte_is_word(name[at - 1]);
		} else if (token.text[0] == ' ' && !word_operator && ret->parameters == bytes &&
			   space_ends_return_type(name, token.text, scan.end)) {
			return_type = at + 1;
		}
	}
	if (ret->parameters == bytes)
		ret->name = return_type;
	if (scan.too_deep || name_is_special(name))
		*ret = (struct name_parts){ 0, bytes, bytes, bytes, false, false };
}

struct normaliser {
	char *out;
	size_t bytes;
	bool space; /* one is due, if words stand on both sides */
};

static void normaliser_put(struct normaliser *to, const char *text, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		if (text[i] == ' ') {
			to->space = true;
			continue;
		}
		if (to->space && to->bytes > 0 && name_byte_is_word(to->out[to->bytes - 1]) &&
		    name_byte_is_word(text[i]))
			to->out[to->bytes++] = ' ';
		to->space = false;
		to->out[to->bytes++] = text[i];
	}
}

size_t name_normalise(const char *text, size_t bytes, char *out)
{
	struct normaliser to = { out, 0, false };

	normaliser_put(&to, text, bytes);
	out[to.bytes] = '\0';
	return to.bytes;
}

void name_forms_init(struct name_forms *forms, const char *name)
{
	size_t bytes = strlen(name) + 1;

	forms->name = name;
	forms->next = 0;
	forms->form_bytes = 0;
	forms->heap = bytes > sizeof(forms->small) ? malloc(bytes) : NULL;
	forms->form = bytes > sizeof(forms->small) ? forms->heap : forms->small;
	name_parts_find(name, &forms->parts);
}

void name_forms_deinit(struct name_forms *forms)
{
	free(forms->heap);
	forms->heap = NULL;
}

enum { TEMPLATES_ALL, TEMPLATES_NOT_LAST, TEMPLATES_NONE, TEMPLATE_CHOICES };
enum { UP_TO_END, UP_TO_QUALIFIERS, UP_TO_PARAMETERS, END_CHOICES };
enum { ABI_TAGS_KEPT, ABI_TAGS_DROPPED, ABI_CHOICES };

/* Where the name's last template arguments begin: the ones right before the parameters. */
static size_t last_template_arguments(const char *name, const struct name_parts *parts)
{
	size_t last = parts->parameters;
	struct name_scan scan;
	struct name_token token;

	name_scan_init(&scan, name + parts->name, parts->parameters - parts->name);
	while (name_scan_next(&scan, &token)) {
		if (token.depth > 0)
			continue;
		if (opens_template_arguments(name + parts->name, &token))
			last = (size_t)(token.text - name);
		else if (token.kind != NAME_TOKEN_CLOSE && token.text[0] != ' ')
			last = parts->parameters;
	}
	return last;
}

/* The name up to its parameters, without the template arguments that begin at @from or later. */
static void put_name(struct normaliser *to, const char *name, const struct name_parts *parts,
		     size_t from, bool drop_abi_tags)
{
	struct name_scan scan;
	struct name_token token;
	bool dropping = false;

	name_scan_init(&scan, name + parts->name, parts->parameters - parts->name);
	while (name_scan_next(&scan, &token)) {
		if (token.depth == 0 && (size_t)(token.text - name) >= from &&
		    opens_template_arguments(name + parts->name, &token)) {
			dropping = true;
			/* Rust's `::` goes with what follows it. */
			if (to->bytes >= 2 && memcmp(to->out + to->bytes - 2, "::", 2) == 0)
				to->bytes -= 2;
		}
		bool is_tag =
			token.kind == NAME_TOKEN_SET && text_at(token.text, scan.end, "[abi:");
		if (!dropping && !(is_tag && drop_abi_tags))
			normaliser_put(to, token.text, token.bytes);
		if (dropping && token.depth == 0 && token.kind == NAME_TOKEN_CLOSE)
			dropping = false;
	}
}

bool name_forms_next(struct name_forms *forms)
{
	const struct name_parts *parts = &forms->parts;

	while (forms->form != NULL && forms->next < TEMPLATE_CHOICES * END_CHOICES * ABI_CHOICES) {
		unsigned choice = forms->next++;
		unsigned up_to = choice % END_CHOICES;
		unsigned templates = choice / END_CHOICES % TEMPLATE_CHOICES;
		bool drop_abi_tags = choice / (END_CHOICES * TEMPLATE_CHOICES) == ABI_TAGS_DROPPED;

		/* Skip what would only repeat an earlier form. */
		if ((templates != TEMPLATES_ALL && !parts->has_template_arguments) ||
		    (drop_abi_tags && !parts->has_abi_tag) ||
		    (up_to == UP_TO_QUALIFIERS && parts->qualifiers == parts->end) ||
		    (up_to == UP_TO_PARAMETERS && parts->parameters == parts->end))
			continue;

		size_t from = templates == TEMPLATES_ALL ? parts->end : parts->name;
		if (templates == TEMPLATES_NOT_LAST)
			from = last_template_arguments(forms->name, parts);
		struct normaliser to = { forms->form, 0, false };
		put_name(&to, forms->name, parts, from, drop_abi_tags);
		size_t end = up_to == UP_TO_END		 ? parts->end
			     : up_to == UP_TO_QUALIFIERS ? parts->qualifiers
							 : parts->parameters;
		normaliser_put(&to, forms->name + parts->parameters, end - parts->parameters);
		normaliser_put(&to, forms->name + parts->end, strlen(forms->name + parts->end));
		to.out[to.bytes] = '\0';
		forms->form_bytes = to.bytes;
		return true;
	}
	return false;
}
