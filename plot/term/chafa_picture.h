/*
 * Pixels as a terminal takes them (plot layer; the only includer of chafa).
 */
#ifndef PLOT_TERM_CHAFA_PICTURE_H
#define PLOT_TERM_CHAFA_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "plot/term/term_query.h"
#include "tracer/base/error.h"

enum chafa_way { CHAFA_WAY_NONE, CHAFA_WAY_KITTY, CHAFA_WAY_ITERM2, CHAFA_WAY_SIXEL };

/*
 * The best way to show pixels on a terminal that has given @answer. iTerm2's is asked for by no
 * sequence: it is believed where the environment names a terminal that has it.
 */
enum chafa_way chafa_choose_way(const struct term_answer *answer);

struct chafa_area {
	size_t columns, rows;		/* that the picture covers */
	size_t cell_width, cell_height; /* of a character, in dots */
};

/*
 * The sequence that shows @pixels (0x00RRGGBB, columns * cell_width by rows * cell_height of them)
 * from the cursor on. @way is not NONE. *@ret is owned by the caller, of *@ret_bytes.
 */
struct error *chafa_encode(const uint32_t *pixels, const struct chafa_area *area,
			   enum chafa_way way, char **ret, size_t *ret_bytes) MUST_CHECK;

#endif
