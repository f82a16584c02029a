/* Pixels as a terminal takes them; see chafa_picture.h. Plot layer. */
#include "plot/term/chafa_picture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <chafa.h>

/* What the environment names, and where it names none, the sequences that all have alike. */
static ChafaTermInfo *make_term_info(void)
{
	ChafaTermDb *db = chafa_term_db_get_default();
	ChafaTermInfo *info = chafa_term_db_detect(db, environ);
	ChafaTermInfo *fallback = chafa_term_db_get_fallback_info(db);

	chafa_term_info_supplement(info, fallback);
	chafa_term_info_unref(fallback);
	return info;
}

enum chafa_way chafa_choose_way(const struct term_answer *answer)
{
	ChafaTermInfo *info = chafa_term_db_detect(chafa_term_db_get_default(), environ);
	bool has_iterm2 = chafa_term_info_have_seq(info, CHAFA_TERM_SEQ_BEGIN_ITERM2_IMAGE);

	chafa_term_info_unref(info);
	if (!answer->is_complete)
		return CHAFA_WAY_NONE;
	return answer->has_kitty   ? CHAFA_WAY_KITTY
	       : has_iterm2	   ? CHAFA_WAY_ITERM2
	       : answer->has_sixel ? CHAFA_WAY_SIXEL
				   : CHAFA_WAY_NONE;
}

static ChafaCanvas *make_canvas(const struct chafa_area *area, enum chafa_way way)
{
	static const ChafaPixelMode modes[] = {
		[CHAFA_WAY_KITTY] = CHAFA_PIXEL_MODE_KITTY,
		[CHAFA_WAY_ITERM2] = CHAFA_PIXEL_MODE_ITERM2,
		[CHAFA_WAY_SIXEL] = CHAFA_PIXEL_MODE_SIXELS,
	};
	ChafaCanvasConfig *config = chafa_canvas_config_new();

	chafa_canvas_config_set_pixel_mode(config, modes[way]);
	/*
	 * Sixels have a palette. The one that chafa 1.12 makes of a picture leaves thin lines no
	 * colours of their own; xterm's fixed one has the like of each of ours.
	 */
	chafa_canvas_config_set_canvas_mode(config, way == CHAFA_WAY_SIXEL
							    ? CHAFA_CANVAS_MODE_INDEXED_256
							    : CHAFA_CANVAS_MODE_TRUECOLOR);
	chafa_canvas_config_set_geometry(config, (gint)area->columns, (gint)area->rows);
	chafa_canvas_config_set_cell_geometry(config, (gint)area->cell_width,
					      (gint)area->cell_height);
	chafa_canvas_config_set_dither_mode(config, CHAFA_DITHER_MODE_NONE);
	ChafaCanvas *canvas = chafa_canvas_new(config);
	chafa_canvas_config_unref(config);
	return canvas;
}

static unsigned distance(unsigned one, unsigned other)
{
	return one > other ? (one - other) * (one - other) : (other - one) * (other - one);
}

/*
 * The nearest of xterm's fixed colours: a cube of six levels each, and 24 greys. Chafa's own choice
 * makes a pale blue cyan.
 */
static uint32_t nearest_fixed(uint32_t color)
{
	static const unsigned levels[] = { 0, 95, 135, 175, 215, 255 };
	unsigned from_cube = 0, from_grey = 0, sum = 0;
	uint32_t cube = 0;

	for (unsigned shift = 0; shift < 24; shift += 8) {
		unsigned value = color >> shift & 0xff, best = 0;
		for (unsigned i = 1; i < sizeof(levels) / sizeof(levels[0]); i++) {
			if (distance(levels[i], value) < distance(levels[best], value))
				best = i;
		}
		cube |= (uint32_t)levels[best] << shift;
		from_cube += distance(levels[best], value);
		sum += value;
	}
	unsigned step = sum / 3 < 8 ? 0 : (sum / 3 - 8 + 5) / 10;
	unsigned grey = 8 + 10 * (step < 23 ? step : 23);
	for (unsigned shift = 0; shift < 24; shift += 8)
		from_grey += distance(grey, color >> shift & 0xff);
	return from_grey < from_cube ? (uint32_t)grey * 0x010101 : cube;
}

/* A copy without transparency, in colours that @way has. */
static uint32_t *copy_pixels(const uint32_t *pixels, size_t count, enum chafa_way way)
{
	uint32_t *copy = calloc(count, sizeof(*copy)), last = 0, nearest = 0;

	for (size_t i = 0; copy != NULL && i < count; i++) {
		uint32_t color = pixels[i] & 0xffffff;
		/* Neighbours are mostly alike. */
		if (way == CHAFA_WAY_SIXEL && color != last) {
			last = color;
			nearest = nearest_fixed(color);
		}
		copy[i] = 0xff000000 | (way == CHAFA_WAY_SIXEL ? nearest : color);
	}
	return copy;
}

struct error *chafa_encode(const uint32_t *pixels, const struct chafa_area *area,
			   enum chafa_way way, char **ret, size_t *ret_bytes)
{
	size_t width = area->columns * area->cell_width, height = area->rows * area->cell_height;
	uint32_t *opaque = copy_pixels(pixels, width * height, way);

	if (opaque == NULL)
		return error_no_memory();
	ChafaTermInfo *info = make_term_info();
	ChafaCanvas *canvas = make_canvas(area, way);
	chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_BGRA8_UNASSOCIATED, (const guint8 *)opaque,
				     (gint)width, (gint)height, (gint)(width * sizeof(*opaque)));
	GString *text = chafa_canvas_print(canvas, info);
	*ret_bytes = text->len;
	*ret = malloc(text->len + 1);
	if (*ret != NULL)
		memcpy(*ret, text->str, text->len + 1);
	g_string_free(text, TRUE);
	chafa_canvas_unref(canvas);
	chafa_term_info_unref(info);
	free(opaque);
	return *ret == NULL ? error_no_memory() : NULL;
}
