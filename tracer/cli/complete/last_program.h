/*
 * What was recorded last in this directory (cli layer).
 */
#ifndef CLI_COMPLETE_LAST_PROGRAM_H
#define CLI_COMPLETE_LAST_PROGRAM_H

/* The program of the newest profile, as its command line names it; owned. NULL: there is none. */
char *last_program(void);

#endif
