/*
 * Long C++ names; see demangle_tree.h. Symbols layer.
 *
 * A substitution is one node of the tree that several others share, so that the tree is never larger
 * than the mangled name, however long the written one is. A walk over it adds up how long each node
 * would be, and cuts lists of arguments where they become too long, from the innermost outwards.
 */
#include "symbols/names/demangle_tree.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libiberty/demangle.h>

#include "symbols/names/demangle_output.h"
#include "tracer/base/addr_map.h"

enum {
	/* Template arguments that are longer together lose those that are not short themselves. */
	ARGUMENTS_MAX_BYTES = 64,
	SHORT_ARGUMENT_BYTES = 24,
	PARAMETER_MAX_BYTES = 1024, /* of a function */
	/* libiberty's own limit on printing, MAX_RECURSION_COUNT. */
	DEPTH_MAX = 1024,
	/* What a built-in type or an operator needs; a template's parameter may be anything. */
	LEAF_BYTES = 8,
	PARAMETER_BYTES = 64,
	/*
	 * To print, libiberty takes this much stack for each template and each reference to a
	 * parameter, multiplied; it may count each of them twice. See d_print_init in cp-demangle.c.
	 */
	SCOPE_BYTES = 16 * 2 * 2,
	SCOPES_MAX_BYTES = 1024 * 1024,
};

struct tree_walk {
	struct addr_map bytes; /* of each node that was walked, plus 1 */
	bool cuts;
	unsigned depth;
	bool failed; /* too deep, or no memory */
	size_t templates, parameter_references;
	struct demangle_component ellipsis;
};

static size_t written_bytes(struct tree_walk *walk, struct demangle_component *node);

static size_t add_bytes(size_t a, size_t b)
{
	const size_t much = SIZE_MAX / 4;

	return a > much || b > much ? much : a + b;
}

/* A list of arguments without those longer than @bytes; returns how long it then is. */
static size_t cut_list(struct tree_walk *walk, struct demangle_component *list, size_t bytes)
{
	size_t left = 0;

	for (; list != NULL && (list->type == DEMANGLE_COMPONENT_TEMPLATE_ARGLIST ||
				list->type == DEMANGLE_COMPONENT_ARGLIST);
	     list = list->u.s_binary.right) {
		size_t argument = written_bytes(walk, list->u.s_binary.left);
		if (argument > bytes) {
			list->u.s_binary.left = &walk->ellipsis;
			argument = (size_t)walk->ellipsis.u.s_name.len;
		}
		left = add_bytes(left, argument);
	}
	return left;
}

static size_t written_template(struct tree_walk *walk, struct demangle_component *node)
{
	size_t name = written_bytes(walk, node->u.s_binary.left);
	size_t arguments = written_bytes(walk, node->u.s_binary.right);

	walk->templates++;
	if (walk->cuts && arguments > ARGUMENTS_MAX_BYTES)
		arguments = cut_list(walk, node->u.s_binary.right, SHORT_ARGUMENT_BYTES);
	return add_bytes(name, arguments);
}

static size_t written_function(struct tree_walk *walk, struct demangle_component *node)
{
	size_t result = written_bytes(walk, node->u.s_binary.left);
	size_t parameters = written_bytes(walk, node->u.s_binary.right);

	if (walk->cuts && parameters > PARAMETER_MAX_BYTES)
		parameters = cut_list(walk, node->u.s_binary.right, PARAMETER_MAX_BYTES);
	return add_bytes(result, parameters);
}

/* What demangle.h says of the union for each type; new types have two subtrees, as most. */
static size_t written_node(struct tree_walk *walk, struct demangle_component *node)
{
	switch (node->type) {
	case DEMANGLE_COMPONENT_NAME:
		return (size_t)node->u.s_name.len;
	case DEMANGLE_COMPONENT_SUB_STD:
		return (size_t)node->u.s_string.len;
	case DEMANGLE_COMPONENT_TEMPLATE_PARAM:
		return PARAMETER_BYTES;
	case DEMANGLE_COMPONENT_FUNCTION_PARAM:
	case DEMANGLE_COMPONENT_BUILTIN_TYPE:
	case DEMANGLE_COMPONENT_EXTENDED_BUILTIN_TYPE:
	case DEMANGLE_COMPONENT_OPERATOR:
	case DEMANGLE_COMPONENT_CHARACTER:
	case DEMANGLE_COMPONENT_NUMBER:
	case DEMANGLE_COMPONENT_UNNAMED_TYPE:
		return LEAF_BYTES;
	case DEMANGLE_COMPONENT_CTOR:
		return written_bytes(walk, node->u.s_ctor.name);
	case DEMANGLE_COMPONENT_DTOR:
		return written_bytes(walk, node->u.s_dtor.name);
	case DEMANGLE_COMPONENT_EXTENDED_OPERATOR:
		return written_bytes(walk, node->u.s_extended_operator.name);
	case DEMANGLE_COMPONENT_FIXED_TYPE:
		return written_bytes(walk, node->u.s_fixed.length);
	case DEMANGLE_COMPONENT_LAMBDA:
	case DEMANGLE_COMPONENT_DEFAULT_ARG:
		return add_bytes(written_bytes(walk, node->u.s_unary_num.sub), LEAF_BYTES);
	case DEMANGLE_COMPONENT_TEMPLATE:
		return written_template(walk, node);
	case DEMANGLE_COMPONENT_FUNCTION_TYPE:
		return written_function(walk, node);
	case DEMANGLE_COMPONENT_REFERENCE:
	case DEMANGLE_COMPONENT_RVALUE_REFERENCE:
		walk->parameter_references +=
			node->u.s_binary.left != NULL &&
			node->u.s_binary.left->type == DEMANGLE_COMPONENT_TEMPLATE_PARAM;
		break;
	default:
		break;
	}
	return add_bytes(add_bytes(written_bytes(walk, node->u.s_binary.left),
				   written_bytes(walk, node->u.s_binary.right)),
			 strlen("::"));
}

/* How long a node is when it is written, about. */
static size_t written_bytes(struct tree_walk *walk, struct demangle_component *node)
{
	if (node == NULL || walk->failed)
		return 0;
	uintptr_t known = (uintptr_t)addr_map_get(&walk->bytes, (uintptr_t)node);
	if (known > 0)
		return known - 1;
	if (walk->depth == DEPTH_MAX) {
		walk->failed = true;
		return 0;
	}
	walk->depth++;
	size_t bytes = written_node(walk, node);
	walk->depth--;
	struct error *err = addr_map_put(&walk->bytes, (uintptr_t)node, (void *)(bytes + 1));
	walk->failed |= err != NULL;
	error_free(err);
	return bytes;
}

/* Whether the tree can be printed; with @cuts, cuts it. */
static bool tree_walk_run(struct tree_walk *walk, struct demangle_component *tree, bool cuts)
{
	static const char ellipsis[] = "\xe2\x80\xa6";

	*walk = (struct tree_walk){ .cuts = cuts };
	cplus_demangle_fill_name(&walk->ellipsis, ellipsis, (int)strlen(ellipsis));
	written_bytes(walk, tree);
	addr_map_deinit(&walk->bytes);
	return !walk->failed &&
	       walk->templates * walk->parameter_references < SCOPES_MAX_BYTES / SCOPE_BYTES;
}

/* A tree that was partly printed keeps traces of that: each attempt makes its own. */
static bool print_tree(struct demangle_output *out, const char *mangled, int options, bool cuts)
{
	void *memory = NULL;
	struct tree_walk walk;
	bool is_printed = false;

	demangle_output_restart(out, false);
	struct demangle_component *tree = cplus_demangle_v3_components(mangled, options, &memory);
	if (tree != NULL && tree_walk_run(&walk, tree, cuts) && setjmp(out->give_up) == 0)
		is_printed =
			cplus_demangle_print_callback(options, tree, demangle_output_append, out) &&
			out->bytes > 0;
	free(memory);
	return is_printed;
}

char *demangle_by_tree(const char *mangled, int options)
{
	struct demangle_output *out = calloc(1, sizeof(*out));
	char *text = NULL;

	if (out == NULL)
		return NULL;
	if (print_tree(out, mangled, options, false) ||
	    (out->is_full && print_tree(out, mangled, options, true)) ||
	    (out->is_full && print_tree(out, mangled, options & ~DMGL_PARAMS, true)))
		text = out->text;
	else
		free(out->text);
	free(out);
	return text;
}
