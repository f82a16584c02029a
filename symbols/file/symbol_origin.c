/* Where a file's symbols come from, and what to do for more; see symbol_file.h. Symbols layer. */
#include <stdio.h>
#include <stdlib.h>

#include "symbols/file/symbol_file_private.h"

struct error *symbol_file_describe(const struct symbol_file *file, char **ret)
{
	const struct symbol_origin *origin = &file->origin;
	size_t count = file->symtab.function_count;
	const char *plural = count == 1 ? "" : "s";
	int length = -1;

	switch (origin->kind) {
	case SYMBOLS_NONE:
		length = asprintf(ret, "no function symbols");
		break;
	case SYMBOLS_EXPORTED:
		length = asprintf(ret, "%zu exported function%s, from .dynsym; it is stripped",
				  count, plural);
		break;
	case SYMBOLS_OWN:
		length = asprintf(ret, "%zu function%s, from its .symtab", count, plural);
		break;
	case SYMBOLS_MINI:
		length = asprintf(ret, "%zu function%s, from its .gnu_debugdata", count, plural);
		break;
	case SYMBOLS_GO:
		length = asprintf(ret, "%zu function%s, from its .gopclntab; it is stripped", count,
				  plural);
		break;
	case SYMBOLS_DEBUG_FILE:
		length =
			asprintf(ret, "%zu function%s, from %s", count, plural, origin->debug_path);
		break;
	}
	return length < 0 ? error_no_memory() : NULL;
}

struct error *symbol_file_advise(const struct symbol_file *file, char **ret)
{
	const char *build_id = file->origin.build_id;
	int length;

	if (file->origin.kind > SYMBOLS_EXPORTED)
		length = asprintf(ret, "%s", "");
	else if (build_id == NULL)
		length = asprintf(ret,
				  "%s is stripped and has no build-id: only a debug file beside it "
				  "could name its functions (objcopy --add-gnu-debuglink)",
				  file->name);
	else
		length = asprintf(ret,
				  "%s is stripped; its debug file, build-id %s, would name more: "
				  "install its -dbgsym or -dbg package, ask servers "
				  "(DEBUGINFOD_URLS, --debuginfod), or use --debug-dir",
				  file->name, build_id);
	return length < 0 ? error_no_memory() : NULL;
}
