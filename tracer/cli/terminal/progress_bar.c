/* A bar on a terminal; see progress_bar.h. Cli layer. */
#include "tracer/cli/terminal/progress_bar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/base/utf8.h"

enum { BAR_CELLS = 30 };

static const int64_t FIRST_NS = 500000000, BETWEEN_NS = 100000000;

void progress_bar_init(struct progress_bar *bar, const char *name)
{
	*bar = (struct progress_bar){
		.name = name,
		.start_ns = clock_now_ns(),
		.is_terminal = isatty(STDERR_FILENO) == 1,
	};
}

/* One write, so that nothing comes between. */
static void put(const char *text, int length)
{
	ssize_t ignored = write(STDERR_FILENO, text, (size_t)length);
	(void)ignored; /* a bar that cannot be shown is no failure */
}

static void step(struct progress_bar *bar, uint64_t done, uint64_t total)
{
	char text[256], cells[BAR_CELLS + 1];
	int length;

	if (!bar->is_terminal)
		return;
	int64_t now_ns = clock_now_ns();
	if (now_ns - bar->start_ns < FIRST_NS || now_ns - bar->drawn_ns < BETWEEN_NS)
		return;
	bar->drawn_ns = now_ns;
	bar->is_drawn = true;
	char *name = text_printable(bar->name, false);
	const char *shown = name != NULL ? name : "";
	if (total > 0) {
		done = done < total ? done : total;
		size_t full = (size_t)(done * BAR_CELLS / total);
		memset(cells, '-', BAR_CELLS);
		memset(cells, '#', full);
		cells[BAR_CELLS] = '\0';
		length = snprintf(text, sizeof(text), "\r\033[K[%s] %3d %%  %.100s", cells,
				  (int)(done * 100 / total), shown);
	} else {
		length = snprintf(text, sizeof(text), "\r\033[K%llu MB  %.100s",
				  (unsigned long long)(done / 1000000), shown);
	}
	put(text, length);
	free(name);
}

bool progress_bar_step(void *data, uint64_t done, uint64_t total)
{
	step(data, done, total);
	return true;
}

void progress_bar_end(struct progress_bar *bar)
{
	static const char wipe[] = "\r\033[K";

	if (bar->is_drawn)
		put(wipe, sizeof(wipe) - 1);
}
