#!/bin/bash
# What it costs to find functions by name and to probe many: node (80,000 functions, with DWARF) under
# us and under gdb with one breakpoint; its list; 10,000 functions probed. Nothing is asserted.
# The runner sets MPROF_TRACE (the binary).
set -u

work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset DEBUGINFOD_URLS

cat >measure.py <<'END'
"""Times commands in turn, so that what else the machine does falls on all of them alike: each line of
stdin is NAME<TAB>COMMAND. Prints NAME<TAB>median seconds<TAB>peak MB of the largest process."""
import os, statistics, subprocess, sys, time
commands = [line.rstrip("\n").split("\t") for line in sys.stdin]
seconds = {name: [] for name, _ in commands}
peak_mb = {}
for _ in range(int(sys.argv[1])):
    for name, command in commands:
        start = time.perf_counter()
        process = subprocess.Popen("exec " + command, shell=True, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status == 0:
            seconds[name].append(time.perf_counter() - start)
        peak_mb[name] = usage.ru_maxrss * 1024 / 1e6
for name, _ in commands:
    median = statistics.median(seconds[name]) if seconds[name] else -1
    print(f"{name}\t{median:.4f}\t{peak_mb[name]:.0f}")
END

header() { printf '\n%-52s %9s %9s %9s\n' "$@"; }

if command -v node >/dev/null; then
	functions=$("$MPROF_TRACE" funcs --static node 2>/dev/null | wc -l)
	{
		printf 'untraced\tnode -e 1\n'
		printf 'mprof-trace, no -f\t%s run -q -o x.dat node -e 1\n' "$MPROF_TRACE"
		printf 'mprof-trace -f uv_run\t%s run -q -f uv_run -o x.dat node -e 1\n' "$MPROF_TRACE"
		printf 'mprof-trace -f node::Start\t%s run -q -f node::Start -o x.dat node -e 1\n' "$MPROF_TRACE"
		printf 'mprof-trace -f /^uv_run$/\t%s run -q -f "/^uv_run$/" -o x.dat node -e 1\n' "$MPROF_TRACE"
		if command -v gdb >/dev/null; then
			printf 'gdb, a breakpoint on uv_run\tgdb -nx -batch -ex "tbreak uv_run" -ex run -ex continue --args node -e 1\n'
		fi
		printf 'list\t%s funcs node\n' "$MPROF_TRACE"
	} | python3 measure.py 5 >node.seconds
	header "node, $functions names" seconds 'added s' "/gdb's"
	awk -F '\t' '{ s[$1] = $2; mb[$1] = $3; name[NR] = $1 }
		END {
			gdb = s["gdb, a breakpoint on uv_run"] - s["untraced"]
			for (i = 1; i < NR; i++) {
				if (s[name[i]] < 0) {
					printf "%-52s gave no figure\n", name[i]
					continue
				}
				added = s[name[i]] - s["untraced"]
				printf "%-52s %9.3f %9.3f %9s\n", name[i], s[name[i]], added,
					(gdb > 0 ? sprintf("%.2f", added / gdb) : "-")
			}
			printf "%-52s %9.3f %9s   %.0f MB at most in a process\n", "mprof-trace funcs, all names and lines",
				s["list"], "", mb["list"]
		}' node.seconds
else
	printf '\nnode is not installed: no figures of a program with many symbols\n'
fi

# 10,000 functions that are probed and never called.
{
	echo '.text'
	for ((i = 0; i < 10000; i++)); do
		printf '.globl f_%d\n.type f_%d,@function\nf_%d: push %%rbp\nmov %%rsp,%%rbp\nlea 1(%%rdi),%%eax\n' $i $i $i
		printf 'imul %%edi,%%eax\npop %%rbp\nret\n.size f_%d,.-f_%d\n.balign 16\n' $i $i
	done
	echo '.section .note.GNU-stack,"",@progbits'
} >many.s
echo 'int main(void) { return 0; }' >main.c
cc -o many main.c many.s || exit 1
{
	printf 'one\t%s run -q -f main -o x.dat ./many\n' "$MPROF_TRACE"
	printf 'all\t%s run -q -f "f_*" -o x.dat ./many\n' "$MPROF_TRACE"
} | python3 measure.py 9 >many.seconds
header 'functions probed, none called' seconds 'added s' ''
awk -F '\t' 'NR == 1 { one = $2; printf "%-52s %9.3f\n", "1", $2 }
	NR == 2 { printf "%-52s %9.3f %9.3f\n", "10,000", $2, $2 - one }' many.seconds
