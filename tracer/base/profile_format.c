/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of records; see profile_format.h. Base layer. */
#include "tracer/base/profile_format.h"

/* A table, wider than code. */
/* clang-format off */

#define MIB { "MiB", FIELD_MIB }
#define TIME { "time", FIELD_TIME }
#define PID { "pid", FIELD_PID }
#define NAME { "name", FIELD_NAME }
#define REST { "rest", FIELD_REST }
/* Whose call or mark it is. Files of mprof end before them; 0 is the main process there. */
#define LEVEL { "level", FIELD_INT }
#define OF_PID { "pid", FIELD_INT }
#define OF_TID { "tid", FIELD_INT }
/* How a call ended, and which of its readings are held. */
#define HOW { "how", FIELD_HOW }
#define HELD { "held", FIELD_HELD }
/* The one reading of a record is. */
#define IS_HELD { "held", FIELD_FLAG }

const struct profile_record profile_records[PROFILE_RECORD_KINDS] = {
	/* Records that mprof 0.61 knows. */

	/* The command line. The first line. */
	[PROFILE_CMDLINE] = { "CMDLINE", 0, { { "rest", FIELD_COMMAND } } },
	/* A sample of the main process; of a tree, the sum over all processes. */
	[PROFILE_MEM] = { "MEM", 2, { MIB, TIME } },
	/* A sample of another process. */
	[PROFILE_CHLD] = { "CHLD", 3, { PID, MIB, TIME } },
	/* A call that has ended: at its entry, at its end, how. In a format before 2, of children too. */
	[PROFILE_FUNC] = { "FUNC", 5, { NAME, MIB, TIME, MIB, TIME, LEVEL, OF_PID, OF_TID, HOW, HELD } },

	/* Records of our own. */

	/* The same of another process than the main one: mprof takes the memory of all FUNCs for its main curve's. */
	[PROFILE_CHFUNC] = { "CHFUNC", 8, { NAME, MIB, TIME, MIB, TIME, LEVEL, OF_PID, OF_TID, HOW, HELD } },
	/* The version, and the program that wrote the file. The second line. */
	[PROFILE_FORMAT] = { "FORMAT", 1, { { "version", FIELD_INT }, REST } },
	/* A name of base/metric.h; "tree": MEM is the sum over all processes. */
	[PROFILE_METRIC] = { "METRIC", 1, { NAME, { "tree", FIELD_FLAG } } },
	[PROFILE_INTERVAL] = { "INTERVAL", 1, { { "seconds", FIELD_SECONDS } } },
	/* Which of a parallel job's processes the main process is, of how many (0: not known), of which job ("-": not known),
	   and on which node. */
	[PROFILE_RANK] = { "RANK", 3, { { "rank", FIELD_COUNT }, { "size", FIELD_COUNT }, { "job", FIELD_TEXT }, REST } },
	/* A process is first seen; its command. The first one is the main process. */
	[PROFILE_PROC] = { "PROC", 3, { PID, { "ppid", FIELD_INT }, TIME, REST } },
	/* Its new command. */
	[PROFILE_EXEC] = { "EXEC", 2, { PID, TIME, REST } },
	/* The name of a thread that made calls, at its end. */
	[PROFILE_THRD] = { "THRD", 2, { PID, { "tid", FIELD_INT }, REST } },
	/* 0 to 255, or 128+N when signal N killed it. */
	[PROFILE_DONE] = { "DONE", 3, { PID, TIME, { "status", FIELD_INT } } },
	/* The kernel's high-water mark of the metric, of one program image, read at its exit or at the exec
	   that replaced it. */
	[PROFILE_PEAK] = { "PEAK", 3, { PID, MIB, TIME } },
	/* What our probes have added to the memory of a process, and what is taken off its figures from then
	   on. */
	[PROFILE_ADDED] = { "ADDED", 3, { PID, MIB, TIME } },
	/* One kind of a process's memory, a word of base/memory/part_kind.h, and whose it is: a path. Written when it has changed. */
	[PROFILE_PART] = { "PART", 4, { PID, { "kind", FIELD_NAME }, MIB, TIME, REST } },
	/* What is recorded beside memory, a word of base/memory/companion.h. Written when it has changed. */
	[PROFILE_WITH] = { "WITH", 4, { PID, { "name", FIELD_NAME }, { "value", FIELD_VALUE }, TIME } },
	/* How well the interval was kept, and how late samples were. Near the end. */
	[PROFILE_TICKS] = { "TICKS", 5, { { "taken", FIELD_COUNT }, { "missed", FIELD_COUNT }, { "skipped", FIELD_COUNT },
					  { "mean", FIELD_SECONDS }, { "largest", FIELD_SECONDS } } },
	/* A call that was open at a tick. The FUNC or CHFUNC with the same name, time in, level and tid supersedes it. */
	[PROFILE_OPEN] = { "OPEN", 3, { NAME, MIB, TIME, LEVEL, OF_PID, OF_TID, IS_HELD } },
	/* The calls of one window, condensed; of so many of them memory was held. */
	[PROFILE_MANY] = { "MANY", 10, { NAME, OF_PID, { "from", FIELD_TIME }, { "to", FIELD_TIME }, { "count", FIELD_COUNT },
					 { "total", FIELD_SECONDS }, { "shortest", FIELD_SECONDS }, { "longest", FIELD_SECONDS },
					 { "gained", FIELD_MIB }, { "highest", FIELD_MIB },
					 { "held", FIELD_COUNT } } },
	/* Where a Python function is written: the line of a file. */
	[PROFILE_DEFN] = { "DEFN", 2, { NAME, { "line", FIELD_COUNT }, REST } },
	/* A static probe (USDT) was passed, or somebody has set a mark. */
	[PROFILE_MARK] = { "MARK", 3, { { "name", FIELD_TEXT }, MIB, TIME, OF_PID, OF_TID, IS_HELD } },
	/* A line of a function, all its executions in a process so far, by all threads. The last one counts. */
	[PROFILE_LINE] = { "LINE", 7, { NAME, OF_PID, { "line", FIELD_COUNT }, { "count", FIELD_COUNT }, { "gained", FIELD_MIB },
					MIB, { "held", FIELD_COUNT }, REST } },
	/* The function itself likewise. Written with its lines, so that their sum is what it has gained. */
	[PROFILE_LINES] = { "LINES", 8, { NAME, OF_PID, { "first", FIELD_COUNT }, { "last", FIELD_COUNT }, { "calls", FIELD_COUNT },
					  { "before", FIELD_MIB }, { "gained", FIELD_MIB }, { "optimised", FIELD_COUNT }, REST } },
	/* A function on stacks, called by that of the FRAME @outer; 0: it is outermost. Ids rise. */
	[PROFILE_FRAME] = { "FRAME", 4, { { "id", FIELD_COUNT }, { "outer", FIELD_COUNT }, { "function", FIELD_TEXT },
					  { "module", FIELD_TEXT }, { "inlined", FIELD_FLAG } } },
	/* A stack, by its innermost FRAME (0: not known), and where it was met. */
	[PROFILE_STACK] = { "STACK", 7, { { "frame", FIELD_COUNT }, MIB, TIME, OF_PID, OF_TID, { "why", FIELD_NAME },
					  { "state", FIELD_NAME }, REST } },
	/* What a stack has grown in a window: its innermost FRAME (0: not known), and in how many faults. */
	[PROFILE_GROW] = { "GROW", 6, { { "frame", FIELD_COUNT }, MIB, PID, { "from", FIELD_TIME }, { "to", FIELD_TIME },
					{ "faults", FIELD_COUNT } } },
	/* A line of a source file that the debugging information holds itself; the rest is '|' and the text. */
	[PROFILE_TEXT] = { "TEXT", 2, { { "line", FIELD_COUNT }, { "file", FIELD_TEXT }, REST } },
	/* A function is not recorded any more from then on; so many calls of it began before. The last one counts. */
	[PROFILE_LEFT] = { "LEFT", 3, { NAME, TIME, { "calls", FIELD_COUNT } } },
	/* A pattern that nothing was probed for, and why. */
	[PROFILE_MISS] = { "MISS", 1, { { "name", FIELD_TEXT }, REST } },
};

/* clang-format on */

size_t profile_record_fields(const struct profile_record *record)
{
	size_t count = 0;

	while (record->fields[count].type != FIELD_NONE)
		count++;
	return count;
}

const char *const profile_how_words[CALL_ENDS] = {
	[CALL_RETURNED] = "ret", [CALL_UNWOUND] = "unwound", [CALL_EXIT] = "exit",
	[CALL_EXEC] = "exec",	 [CALL_FORKED] = "forked",   [CALL_BEFORE] = "before",
	[CALL_OPEN] = "open",
};

const char *const profile_held_words[CALL_HELDS] = {
	[CALL_HELD_IN] = "held-in",
	[CALL_HELD_OUT] = "held-out",
	[CALL_HELD_BOTH] = "held",
};

const char *const profile_stack_whys[STACK_WHYS] = {
	[STACK_AT_PEAK] = "peak",
	[STACK_AT_ENTRY] = "entry",
	[STACK_AT_BREAK] = "break",
};

const char *const profile_stack_states[STACK_STATES] = {
	[STACK_STOPPED] = "stopped",
	[STACK_GREW] = "grew",
	[STACK_ASLEEP] = "asleep",
	[STACK_RAN] = "running",
};
