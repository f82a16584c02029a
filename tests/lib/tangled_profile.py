#!/usr/bin/python3
"""A profile on stdout whose calls cross each other, begin or end together, or take no time, on three threads
of two processes; a nanosecond matters.

usage: tangled_profile.py [SHORTEST]      nanoseconds that a call takes at least
"""
import random
import sys

shortest = int(sys.argv[1]) if sys.argv[1:] else 0
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
    if (a, b, tid) in seen or b - a < shortest:
        continue
    seen.add((a, b, tid))
    pid = 101 if tid == 101 else 100
    how = random.choice(("", "", " ret held", " unwound", " forked"))
    print(f"{'FUNC' if pid == 100 else 'CHFUNC'} f{random.randrange(9)} {random.randrange(9)}.25 "
          f"{seconds(start + a)} {random.randrange(9)}.000001 {seconds(start + b)} 0 {pid} {tid}{how}")
print(f"MANY f1 101 {seconds(start - 9)} {seconds(start + 40)} 7 0.000000030 0.000000001 0.000000009 2.5 9.5 1")
