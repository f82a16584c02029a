/* The width of stdout; see terminal_width.h. Cli layer. */
#include "tracer/cli/terminal/terminal_width.h"

#include <stdlib.h>
#include <unistd.h>

#include "tracer/base/terminal_size.h"

size_t terminal_width(void)
{
	static const long least = 40, most = 10000, usual = 80;
	const char *variable = getenv("COLUMNS");
	struct winsize size;
	char *end = NULL;
	long width = variable != NULL ? strtol(variable, &end, 10) : 0;

	if (end == NULL || end == variable || *end != '\0' || width <= 0) {
		if (isatty(STDOUT_FILENO) != 1)
			return 0;
		width = terminal_size_read(STDOUT_FILENO, &size) ? size.ws_col : usual;
	}
	return (size_t)(width < least ? least : width > most ? most : width);
}
