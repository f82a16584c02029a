/*
 * What --version prints (cli layer).
 */
#ifndef CLI_OPTIONS_VERSION_TEXT_H
#define CLI_OPTIONS_VERSION_TEXT_H

#include <stdio.h>

/* The first line is `mprof-trace VERSION`, for programs; then how it was built and what it reads and writes. */
void version_text_print(FILE *out);

#endif
