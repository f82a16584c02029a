/* Colours; see palette.h. Plot layer. */
#include "plot/palette.h"

static const struct rgba fixed[COLOR_CYCLE] = {
	[COLOR_PAPER] = { 255, 255, 255, 1 }, [COLOR_TEXT] = { 28, 28, 32, 1 },
	[COLOR_GRID] = { 229, 229, 234, 1 },  [COLOR_SPINE] = { 130, 130, 138, 1 },
	[COLOR_MAIN] = { 31, 119, 180, 1 },   [COLOR_MAIN_FILL] = { 31, 119, 180, 0.10 },
	[COLOR_PEAK] = { 214, 39, 40, 1 },    [COLOR_FRAME] = { 222, 222, 228, 1 },
};

/* Tableau's ten without blue and red, then the same again darker. */
static const struct rgba cycle[] = {
	{ 255, 127, 14, 1 },  { 44, 160, 44, 1 }, { 148, 103, 189, 1 }, { 23, 190, 207, 1 },
	{ 227, 119, 194, 1 }, { 140, 86, 75, 1 }, { 188, 189, 34, 1 },	{ 127, 127, 127, 1 },
	{ 64, 64, 64, 1 },    { 166, 75, 0, 1 },  { 18, 92, 28, 1 },	{ 88, 48, 130, 1 },
	{ 8, 112, 124, 1 },   { 84, 46, 38, 1 },  { 112, 112, 8, 1 },	{ 158, 48, 122, 1 },
};
enum { CYCLE_COUNT = sizeof(cycle) / sizeof(cycle[0]) };

size_t palette_count(void)
{
	return COLOR_CYCLE + CYCLE_COUNT;
}

struct rgba palette_rgba(size_t color)
{
	return color < COLOR_CYCLE ? fixed[color] : cycle[color - COLOR_CYCLE];
}

int palette_cycle(size_t n)
{
	return COLOR_CYCLE + (int)(n % CYCLE_COUNT);
}
