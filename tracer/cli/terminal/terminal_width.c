/* The terminal's width; see terminal_width.h. Cli layer. */
#include "tracer/cli/terminal/terminal_width.h"

#include <sys/ioctl.h>
#include <unistd.h>

size_t terminal_width(void)
{
	struct winsize size = { 0 };

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
