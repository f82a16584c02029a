/*
 * patch_windows [-r] FILE: which bytes of FILE a jump may overwrite, for check_patches.py.
 *
 * One line for each function's entry and each address behind a call of FILE:
 *	entry|return ADDRESS OFFSET BYTES free|kept single|several|punned|REFUSAL
 * ADDRESS is the file's own, in hexadecimal; OFFSET is from there to the window; free: nothing is kept below the stack
 * pointer there. A jump is punned where no whole one
 * fits: with -r it is said why not, for people who count reasons.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/code/code_extents.h"
#include "symbols/file/inlined.h"
#include "tracer/probe/code/cfg.h"
#include "tracer/probe/code/jump_window.h"

static void print_window(const struct jump_function *function, const char *kind, taddr_t address,
			 bool tells_reasons)
{
	struct jump_window window;
	const char *what, *why;

	jump_window_find(function, address, &window);
	const bool is_whole = window.refusal == JUMP_POSSIBLE;
	why = jump_refusal_text(window.refusal);
	what = !is_whole ? why : window.is_single ? "single" : "several";
	if (!is_whole) {
		struct jump_window punned;
		jump_window_find_punned(function, address, &punned);
		if (punned.refusal == JUMP_POSSIBLE) {
			window = punned;
			what = "punned";
		}
	}
	const bool has_reason = tells_reasons && what != why && !is_whole;
	printf("%s %lx %u %u %s %s%s%s\n", kind, (unsigned long)address.value, window.offset_bytes,
	       window.bytes, window.is_stack_free ? "free" : "kept", what, has_reason ? ": " : "",
	       has_reason ? why : "");
}

static struct error *print_function(const struct jump_targets *targets,
				    const struct symbol_file *file, taddr_t start, taddr_t end,
				    bool tells_reasons)
{
	struct jump_function *function;
	struct cfg graph = { 0 };

	struct error *err = jump_function_create(targets, start, &function);
	if (err != NULL)
		return err;
	print_window(function, "entry", start, tells_reasons);
	err = cfg_add_range(&graph, file, start, end);
	for (size_t i = 0; err == NULL && i < graph.count; i++) {
		taddr_t behind = taddr_add(graph.insns[i].address, graph.insns[i].bytes);
		if (graph.insns[i].is_call && jump_function_holds(function, behind))
			print_window(function, "return", behind, tells_reasons);
	}
	cfg_deinit(&graph);
	jump_function_destroy(function);
	return err;
}

/* Functions by the unwind information, and those of symbols that it does not have. */
static struct error *print_file(const struct symbol_file *file, bool tells_reasons)
{
	struct code_extents extents = { 0 };
	struct jump_targets *targets;
	size_t count;
	const struct function *functions = symbol_file_functions(file, &count);

	struct error *err = jump_targets_create(file, &targets);
	if (err != NULL)
		return err;
	err = symbol_file_read_extents(file, &extents);
	for (size_t i = 0; err == NULL && i < extents.count; i++)
		err = print_function(targets, file, taddr(extents.extents[i].start),
				     taddr(extents.extents[i].end), tells_reasons);
	for (size_t i = 0; err == NULL && i < count; i++) {
		if (functions[i].size_bytes > 0 &&
		    code_extents_at(&extents, functions[i].start) == NULL)
			err = print_function(targets, file, functions[i].start,
					     taddr_add(functions[i].start, functions[i].size_bytes),
					     tells_reasons);
	}
	code_extents_deinit(&extents);
	jump_targets_destroy(targets);
	return err;
}

int main(int argc, char **argv)
{
	const struct symbol_file *file = NULL;
	struct symbol_store *store;
	const bool tells_reasons = argc == 3 && strcmp(argv[1], "-r") == 0;

	if (argc != 2 && !tells_reasons) {
		fprintf(stderr, "usage: patch_windows [-r] FILE\n");
		return 2;
	}
	const char *path = argv[argc - 1];
	struct error *err = symbol_store_create(&store);
	if (err == NULL) {
		err = symbol_store_get(store, path, path, &file);
		if (err == NULL && file != NULL)
			err = print_file(file, tells_reasons);
		symbol_store_destroy(store);
	}
	if (err == NULL)
		return 0;
	fprintf(stderr, "patch_windows: %s\n", error_message(err));
	error_free(err);
	return 1;
}
