/*
 * The words of a FILE.dat, shared by its writer (tracer/record) and its readers (plot) (base layer).
 * mprof-trace.dat(5) is the whole description; ../../man/mprof-trace.dat.5.
 *
 * One record a line, fields separated by one space, UTF-8, '\n'. Times are seconds since the
 * epoch with 9 decimals; memory is MiB (2^20 bytes) with 6 decimals. A <name> has U+00A0 in place
 * of each space; a <rest> is the rest of the line and may hold spaces. memory_profiler's mprof
 * ignores unknown first words, and needs two words at least on every line.
 */
#ifndef BASE_PROFILE_FORMAT_H
#define BASE_PROFILE_FORMAT_H

/* A table, wider than code. */
/* clang-format off */

/* Records that mprof 0.61 knows. */
#define PROFILE_CMDLINE "CMDLINE" /* <rest: the shell-quoted command line> */
#define PROFILE_MEM "MEM"         /* <MiB> <time>: the main process (with -C: the tree's sum) */
#define PROFILE_CHLD "CHLD"       /* <pid> <MiB> <time> */
#define PROFILE_FUNC "FUNC"       /* <name> <MiB in> <time in> <MiB out> <time out> <level> <pid> <tid> [how] */

/* Records of our own. */
#define PROFILE_FORMAT "FORMAT"     /* <version> <rest: the program that wrote it>: second line */
#define PROFILE_METRIC "METRIC"     /* <name> [tree]: of base/metric.h; "tree": MEM is the sum over all processes */
#define PROFILE_INTERVAL "INTERVAL" /* <seconds> */
#define PROFILE_PROC "PROC"         /* <pid> <ppid> <time> <rest: command>: a process is first seen. The
				       first PROC is the main process */
#define PROFILE_EXEC "EXEC"         /* <pid> <time> <rest: new command> */
#define PROFILE_THRD "THRD" /* <pid> <tid> <rest: name>: a thread that made calls, at its end */
#define PROFILE_DONE "DONE"         /* <pid> <time> <status>: 0..255, or 128+N when signal N killed it */
#define PROFILE_PEAK "PEAK"         /* <pid> <MiB> <time>: the kernel's high-water mark of the metric, of
				       one program image, read at <time> (its exit, or the exec that
				       replaced it) */
#define PROFILE_ADDED "ADDED"       /* <pid> <MiB> <time>: what our probes have added to the memory of a
				       process, and what has been taken off its figures from then on */
#define PROFILE_TICKS "TICKS"       /* <taken> <missed> <skipped> <mean s> <largest s>: how well the
				       interval was kept, and how late samples were; near the end */
#define PROFILE_OPEN "OPEN"         /* <name> <MiB in> <time in> <level> <pid> <tid>: a call that was open at
				       a tick; superseded by the FUNC with the same name,
				       time in, level and tid */
#define PROFILE_MANY "MANY"         /* <name> <pid> <time from> <time to> <count> <total s> <shortest s>
				       <longest s> <MiB gained> <MiB max>: calls of one window, condensed */
#define PROFILE_DEFN "DEFN"         /* <name> <line> <rest: file>: where a Python function is written */
#define PROFILE_MARK "MARK"         /* <name> <MiB> <time> <pid> <tid>: a static probe (USDT) was passed */
#define PROFILE_MISS "MISS"         /* <pattern as a name> <rest: why nothing was probed for it> */

/* clang-format on */

static const int PROFILE_FORMAT_VERSION = 1;

/* How a call ended. CALL_FORKED and CALL_BEFORE say how it began, of a call that ended otherwise than by CALL_OPEN. */
enum call_end {
	CALL_RETURNED,
	CALL_UNWOUND,
	CALL_EXIT,
	CALL_EXEC,
	CALL_FORKED,
	CALL_BEFORE,
	CALL_OPEN
};

/* clang-format off */

/* The words for them: the optional last field of FUNC. "ret" is left out. */
#define PROFILE_HOW_RETURNED "ret"
#define PROFILE_HOW_UNWOUND "unwound" /* thrown past by longjmp or an exception; time of the evidence */
#define PROFILE_HOW_EXIT "exit"       /* its thread or process ended */
#define PROFILE_HOW_EXEC "exec"       /* its program was replaced */
#define PROFILE_HOW_FORKED "forked"   /* was active in the parent at the fork; time in is the fork's */
#define PROFILE_HOW_BEFORE "before"   /* was active when the process was attached to; time in is the attach's */
#define PROFILE_HOW_OPEN "open"       /* still active when the recording ended */

/* clang-format on */

#endif
