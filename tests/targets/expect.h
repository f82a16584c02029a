/*
 * How a target says what a recording of it must hold: one line each on stdout, written at once,
 * before the behaviour itself. tests/lib/check_records.py reads them; COUNT and levels are exact,
 * memory is a range in MiB. NAME matches a record's name with or without a parameter list.
 *
 *   expect calls NAME COUNT [HOW]      calls that ended in this way: ret (left out), unwound, exit,
 *                                      exec, forked, open; "exit|unwound" either of them; "any" all but forked
 *   expect probe NAME                  NAME is probed too; how often it is called is not fixed
 *   expect levels NAME LOW HIGH        the smallest and the largest level among its calls
 *   expect nested INNER OUTER          every INNER lies within an OUTER of its thread, one level deeper
 *   expect gain NAME LOW HIGH          MiB out minus MiB in, of every call
 *   expect held NAME LOW HIGH          MiB in, of every call
 *   expect lasts NAME LOW HIGH         seconds, of every call
 *   expect threads NAME COUNT          different threads among its calls
 *   expect in_children NAME COUNT      calls (but "forked") in processes other than the first
 *   expect in_main NAME COUNT          calls of the first process that have returned
 *   expect in_each_child NAME COUNT    calls, "forked" or not, in each process other than the first
 *   expect processes COUNT             processes seen, the first included
 *   expect execs COUNT                 EXEC records
 *   expect peak LOW HIGH               the largest PEAK of the first process
 *   expect migrates                    calls change their thread: levels and nesting are not checked
 *
 * The functions named by "calls" and "probe" lines are the ones that the driver asks to be probed. A target
 * that cannot run here prints why on its last line and exits with 77.
 *
 * Two lines at the top of a source are read by others: the first one may be "flags: WORD...", in a
 * comment, which the compiler gets; and one may be "variants: WORD...": the program is run once with each
 * word as its argument, and each run is a test of its own (NAME:WORD).
 */
#ifndef TARGETS_EXPECT_H
#define TARGETS_EXPECT_H

#include <stdio.h>
#include <unistd.h>

/* Unbuffered, so that it survives a crash and is not written twice after a fork. */
#define say(format, ...) ((void)dprintf(STDOUT_FILENO, format "\n", ##__VA_ARGS__))
#define expect(format, ...) say("expect " format, ##__VA_ARGS__)

/* Opens and closes a function written in a top-level asm(), so that it has a symbol with a size. */
#define ASM_FUNCTION(name) ".text\n.globl " #name "\n.type " #name ",@function\n.p2align 4\n" #name ":\n"
#define ASM_END(name) ".size " #name ", .-" #name "\n"

#endif
