/* Whether a font is there (plot layer; the only includer of fontconfig, which finds PLplot its fonts). */
#ifndef PLOT_PLPLOT_PAGE_FONT_H
#define PLOT_PLPLOT_PAGE_FONT_H

#include <stdbool.h>

/*
 * False when no font of that family is installed; then *@ret_instead is the one that is used, owned, NULL
 * when it is not known. True also when fontconfig cannot tell.
 */
bool page_font_is_there(const char *family, char **ret_instead);

#endif
