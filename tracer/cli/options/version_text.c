/* What --version prints; see version_text.h. Cli layer. */
#include "tracer/cli/options/version_text.h"

#include <gnu/libc-version.h>

#include "tracer/arch/arch.h"
#include "tracer/base/machine.h"
#include "tracer/base/profile_format.h"
#include "tracer/base/version.h"

/* packaging/build_facts.sh has found these, and the Makefile hands them over; "": not known. */
#ifndef BUILD_COMMIT
#define BUILD_COMMIT ""
#endif
#ifndef BUILD_LIBRARIES
#define BUILD_LIBRARIES ""
#endif

#if defined(__clang__)
#define BUILD_COMPILER __VERSION__ /* has the compiler's name */
#else
#define BUILD_COMPILER "GCC " __VERSION__
#endif

#if defined(__SANITIZE_ADDRESS__)
#define BUILD_KIND ", with AddressSanitizer"
#else
#define BUILD_KIND ""
#endif

enum { COLUMNS = 78 };

/* `a 1, b 2, …`, lines broken behind commas. */
static void print_list(FILE *out, const char *label, const char *list)
{
	int column = fprintf(out, "%s", label);
	int indent = column;

	while (*list != '\0') {
		const char *end = list;
		while (*end != '\0' && *end != ',')
			end++;
		int bytes = (int)(end - list) + (*end == ',');
		if (column > indent && column + 1 + bytes > COLUMNS)
			column = fprintf(out, "\n%*s", indent, "") - 1;
		column += fprintf(out, "%s%.*s", column > indent ? " " : "", bytes, list);
		list = *end == ',' ? end + 1 : end;
		list += *list == ' ';
	}
	putc('\n', out);
}

void version_text_print(FILE *out)
{
	fprintf(out, "mprof-trace %s\n", MPROF_TRACE_VERSION);
	fprintf(out, "Profiles:  writes format %d, reads 1 to %d and those of memory_profiler\n",
		PROFILE_FORMAT_VERSION, PROFILE_FORMAT_VERSION);
	fprintf(out, "Built:     %s%sby %s%s\n", BUILD_COMMIT[0] ? "of commit " BUILD_COMMIT : "",
		BUILD_COMMIT[0] ? " " : "", BUILD_COMPILER, BUILD_KIND);
	fprintf(out, "For:       Linux on %s%s; runs with glibc %s\n", MACHINE_NAME,
		arch_has_probes ? "" : ", without probes", gnu_get_libc_version());
	if (BUILD_LIBRARIES[0])
		print_list(out, "With:      ", BUILD_LIBRARIES);
	fprintf(out,
		"Licence:   GPL-3.0-or-later, <https://gnu.org/licenses/gpl.html>: free to change\n"
		"           and to share. There is no warranty, as far as the law permits.\n");
}
