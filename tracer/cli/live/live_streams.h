/*
 * Where words go while the terminal shows a live view (cli layer): those of the program, and our own.
 *
 * What the program writes to that terminal would be written over the view. It goes to a file; a pseudo
 * terminal between the two would change how the program behaves. Descriptors that lead elsewhere stay.
 */
#ifndef CLI_LIVE_LIVE_STREAMS_H
#define CLI_LIVE_LIVE_STREAMS_H

#include "tracer/tracee/launch.h"

struct live_streams {
	int output_fd;	   /* of the program's file; -1: it needs none */
	char *output_path; /* until live_streams_name_output. Owned */
	int null_fd;	   /* its stdin; -1: its own stays */
	int messages_fd;   /* our own, in memory; -1: they go where they always do */
	int stderr_fd;	   /* what stderr was before; -1: it still is */
};

/*
 * Turns our own stderr away. @launch: is told of the program's descriptors; NULL: no program is
 * started. @output: where the profile is to be, as -o has it; NULL: here.
 */
struct error *live_streams_open(struct live_streams *ret, const char *output,
				struct launch_context *launch) MUST_CHECK;

/* In the engine: the program's file gets a name like that of the profile. Never replaces a file. */
void live_streams_name_output(struct live_streams *streams, const char *profile_path);

/* Once the view is over: what has been said meanwhile is written, and all from now on. */
void live_streams_speak(struct live_streams *streams);

/* Also says where the program's words are; where there are none, their file goes. */
void live_streams_close(struct live_streams *streams);

#endif
