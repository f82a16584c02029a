#!/bin/bash
# What --stacks=peak costs programs: their own CPU time, user and system, recorded with it and without; the best of alternating
# runs, and their ratio. What the recorder itself computes, beside them, is not in it: it is the last column, in the program's
# CPU seconds as well. Nothing is asserted.
# The runner sets MPROF_TRACE (the binary). RUNS=7: pairs of runs.
set -euo pipefail

work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >measure.py <<'PYTHON'
import os, sys
pid = os.fork()
if pid == 0:
    os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
    os.execvp(sys.argv[2], sys.argv[2:])
_, _, usage = os.wait4(pid, 0)
with open(sys.argv[1], "a") as out:
    print(usage.ru_utime + usage.ru_stime, file=out)
PYTHON
cat >work.sql <<'SQL'
create table t(a integer, b text);
with recursive c(x) as (select 1 union all select x + 1 from c where x < 1000000)
insert into t select x, 'row' || (x * 7919 % 1000) from c;
select count(*), sum(a), max(b) from t where b like '%9';
create index i on t(b);
select b, count(*) from t group by b order by 2 desc, 1 limit 5;
SQL
cat >work.py <<'PYTHON'
import json, re
words = {}
text = " ".join(str(i * 7919 % 10007) for i in range(1000000))
for word in re.findall(r"\d+", text):
    words[word] = words.get(word, 0) + 1
rows = [json.loads(json.dumps({"word": word, "count": count, "list": list(range(50))})) for word, count in words.items()]
print(len(rows), sum(row["count"] for row in rows))
PYTHON
cat >work.pl <<'PERL'
my %h; my $x = 1;
for my $i (1 .. 3000000) { $x = ($x * 1103515245 + 12345) % 2147483648; $h{$x % 50003} .= chr(65 + $x % 26) if $i % 3 == 0; }
my $s = 0; for (sort keys %h) { $s += length($h{$_}); } print "$s\n";
PERL
cat >touch.py <<'PYTHON'
import mmap
for _ in range(40):
    with mmap.mmap(-1, 32 << 20) as memory:
        for at in range(0, 32 << 20, 1 << 20):
            memory[at:at + (1 << 20)] = b"x" * (1 << 20)
PYTHON

# Other work on the machine makes a run slower, never faster.
best() {
	sort -n "$1" | head -n 1
}

# compare NAME COMMAND...
compare() {
	local name=$1 run
	shift
	rm -f plain.txt stacks.txt engine_plain.txt engine_stacks.txt
	for ((run = 0; run < ${RUNS:-7}; run++)); do
		for kind in plain stacks; do
			local options=(-q -o x.dat)
			[ "$kind" = plain ] || options+=(--stacks=peak)
			/usr/bin/python3 measure.py "engine_$kind.txt" "$MPROF_TRACE" run "${options[@]}" \
				/usr/bin/python3 measure.py "$kind.txt" "$@"
		done
	done
	awk -v name="$name" -v plain="$(best plain.txt)" -v stacks="$(best stacks.txt)" \
		-v before="$(best engine_plain.txt)" -v after="$(best engine_stacks.txt)" 'BEGIN {
		printf "%-22s %8.3f s %8.3f s  %+6.2f %%   %+6.2f %%\n", name, plain, stacks, 100 * (stacks / plain - 1),
			100 * (after - before - (stacks - plain)) / plain }'
}

printf '%-22s %10s %10s  %8s   %8s\n' 'CPU time of' plain 'with peaks' itself recorder
compare 'sqlite3, a million rows' sqlite3 :memory: -init work.sql .quit
compare 'python3, words' /usr/bin/python3 work.py
compare 'perl, a hash' perl work.pl
compare 'touching 1.3 GB anew' /usr/bin/python3 touch.py
