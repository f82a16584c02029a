/*
 * Which rank a file is of, by its name (plot layer). Pure.
 */
#ifndef PLOT_RANKS_RANK_NAME_H
#define PLOT_RANKS_RANK_NAME_H

#include <stdint.h>

/*
 * The last number before ".dat" in the last part of @path, which stands for itself: 12 of "run.12.dat", "run-0012.dat",
 * "12.dat" and "rank12.dat". -1: there is none; that of a date, as in "mprofile_20260203140501.dat", is no rank.
 */
int32_t rank_of_name(const char *path);

#endif
