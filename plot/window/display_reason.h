/* Why a window cannot be opened (plot layer). Knows no X11 library: they give no reason. */
#ifndef PLOT_WINDOW_DISPLAY_REASON_H
#define PLOT_WINDOW_DISPLAY_REASON_H

/*
 * In words, of the display that DISPLAY names, after it could not be opened: "no X server has the display
 * :7". Owned; NULL without memory.
 */
char *display_reason(void);

#endif
