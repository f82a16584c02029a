#!/bin/sh
# Every format, read back by readers that share no code with ours, and compared with the profile.
set -eu
# shellcheck source=tests/lib/export.sh
. "$TESTS/lib/export.sh"

for kind in $KINDS; do
	read_back "$kind" "$TESTS/records/every_kind.dat"
done

# Calls that cross each other, that begin or end together, that take no time, on three threads of two
# processes; a nanosecond matters.
python3 - >tangled.dat <<'END'
import random
random.seed(14)
start = 1795310486000000000
seconds = lambda ns: f"{ns // 10**9}.{ns % 10**9:09d}"
print("CMDLINE ./tangled\nFORMAT 3 mprof-trace\nMETRIC rss\nINTERVAL 0.1")
print(f"PROC 100 1 {seconds(start)} tangled\nPROC 101 100 {seconds(start + 5)} child of it")
for i in range(500):
    print(f"MEM {i % 7}.{i:06d} {seconds(start + i * 3)}\nCHLD 101 {i % 5}.5 {seconds(start + i * 3 + 1)}")
seen = set()
while len(seen) < 600:
    a, b = sorted(random.choices(range(1500), k=2)) if random.random() < 0.3 else (0, 0)
    if b == 0:
        a = random.randrange(1500)
        b = min(a + random.randrange(12), 1500)
    tid = random.choice((100, 101, 102))
    if (a, b, tid) in seen:
        continue
    seen.add((a, b, tid))
    pid = 101 if tid == 101 else 100
    how = random.choice(("", "", " ret held", " unwound", " forked"))
    print(f"{'FUNC' if pid == 100 else 'CHFUNC'} f{random.randrange(9)} {random.randrange(9)}.25 "
          f"{seconds(start + a)} {random.randrange(9)}.000001 {seconds(start + b)} 0 {pid} {tid}{how}")
print(f"MANY f1 101 {seconds(start - 9)} {seconds(start + 40)} 7 0.000000030 0.000000001 0.000000009 2.5 9.5 1")
END
for kind in $KINDS; do
	read_back "$kind" tangled.dat
done
grep -q '"ph":"b"' chrome.out || fail "no call crosses another one"
grep -q 'calls without an order' speedscope.out || fail "no call without an order"

# What comes through a pipe has the same rows, each process's samples together.
for kind in $KINDS; do
	export_as "$kind" whole.out tangled.dat
	mkfifo pipe
	cat tangled.dat >pipe &
	export_as "$kind" piped.out pipe || fail "export $kind of a pipe"
	rm pipe
	tr -d , <whole.out | sort >whole.sorted
	tr -d , <piped.out | sort >piped.sorted
	cmp whole.sorted piped.sorted || fail "export $kind of a pipe differs"
done

# wrong KIND SED-SCRIPT: the comparison must see the change.
wrong() {
	export_as "$1" right.out tangled.dat
	sed "$2" right.out >wrong.out
	! cmp -s right.out wrong.out || fail "$1, $2: nothing is changed"
	if python3 "$TESTS/lib/check_export.py" "$1" tangled.dat wrong.out >checked 2>&1; then
		fail "$1: the comparison does not see $2"
	fi
}
wrong csv '7s/^\(.*\)1,/\12,/'
wrong csv '9d'
wrong calls '9s/unwound\|ret/exit/'
wrong json 's/^\[0.000000009,/[0.00000001,/'
wrong chrome '/"ph":"X"/s/"dur":0.007/"dur":0.006/'
wrong chrome 's/"ph":"b"/"ph":"X","dur":9.5/'
wrong chrome '/process_name/s/tangled/other/'
wrong speedscope '0,/"type":"C"/s//"type":"O"/'
wrong speedscope 's/"at":50[0-9]}/"at":2}/'
wrong time '3s/.$//'
wrong memory '2d'
