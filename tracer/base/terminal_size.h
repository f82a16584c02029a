/*
 * How large the terminal is that a descriptor is on (base layer).
 */
#ifndef BASE_TERMINAL_SIZE_H
#define BASE_TERMINAL_SIZE_H

#include <stdbool.h>
#include <sys/ioctl.h>

/* False, and *@ret is zeroed: @fd is on none, or it does not say. A terminal's rows and pixels may be 0 all the same. */
static inline bool terminal_size_read(int fd, struct winsize *ret)
{
	*ret = (struct winsize){ 0 };
	return ioctl(fd, TIOCGWINSZ, ret) == 0 && ret->ws_col > 0;
}

#endif
