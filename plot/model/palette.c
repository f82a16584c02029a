/* Colours; see palette.h. Plot layer. */
#include "plot/model/palette.h"

enum { COLOR_COUNT = COLOR_CYCLE + PALETTE_CYCLE };

/* Found by search: the least difference of any two, seen by anyone, is 15 (CIE 1976). */
static const struct rgba light[COLOR_COUNT] = {
	[COLOR_PAPER] = { 255, 255, 255, 1 },
	[COLOR_TEXT] = { 28, 28, 32, 1 },
	[COLOR_GRID] = { 229, 229, 234, 1 },
	[COLOR_SPINE] = { 130, 130, 138, 1 },
	[COLOR_MAIN] = { 31, 119, 180, 1 },
	[COLOR_MAIN_FILL] = { 31, 119, 180, 0.10 },
	[COLOR_PEAK] = { 214, 39, 40, 1 },
	[COLOR_FRAME] = { 222, 222, 228, 1 },
	[COLOR_CYCLE] = { 251, 114, 13, 1 },
	{ 0, 155, 68, 1 },
	{ 121, 68, 197, 1 },
	{ 236, 122, 186, 1 },
	{ 103, 48, 29, 1 },
	{ 90, 200, 140, 1 },
	{ 147, 9, 72, 1 },
	{ 95, 100, 110, 1 },
	{ 137, 184, 50, 1 },
	{ 36, 108, 6, 1 },
};

static const struct rgba dark[COLOR_COUNT] = {
	[COLOR_PAPER] = { 24, 26, 32, 1 },
	[COLOR_TEXT] = { 226, 228, 234, 1 },
	[COLOR_GRID] = { 52, 55, 64, 1 },
	[COLOR_SPINE] = { 128, 132, 144, 1 },
	[COLOR_MAIN] = { 90, 170, 240, 1 },
	[COLOR_MAIN_FILL] = { 90, 170, 240, 0.14 },
	[COLOR_PEAK] = { 255, 95, 95, 1 },
	[COLOR_FRAME] = { 62, 65, 75, 1 },
	[COLOR_CYCLE] = { 231, 149, 31, 1 },
	{ 12, 206, 128, 1 },
	{ 156, 123, 255, 1 },
	{ 225, 225, 90, 1 },
	{ 178, 107, 114, 1 },
	{ 67, 241, 255, 1 },
	{ 202, 71, 145, 1 },
	{ 156, 200, 175, 1 },
	{ 231, 141, 198, 1 },
	{ 162, 247, 187, 1 },
};

size_t palette_count(void)
{
	return COLOR_COUNT;
}

struct rgba palette_rgba(size_t color, bool is_dark)
{
	return is_dark ? dark[color] : light[color];
}

int palette_cycle(size_t n)
{
	return COLOR_CYCLE + (int)(n % PALETTE_CYCLE);
}

int palette_layer(size_t n)
{
	return COLOR_CYCLE + (int)((7 + 7 * n) % PALETTE_CYCLE);
}

int palette_dash(size_t n)
{
	return (int)(n / PALETTE_CYCLE % PALETTE_DASHES);
}
