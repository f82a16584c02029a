#!/usr/bin/env python3
"""Writes the profiles that `make gallery` draws: gallery_data.py NAME >FILE. Always the same."""
import math
import random
import sys

START = 1795310486.25
NBSP = "\u00a0"


def out(*words):
    print(" ".join(str(word) for word in words))


def mem(mib, s):
    out("MEM", "%.6f" % mib, "%.9f" % (START + s))


def chld(pid, mib, s):
    out("CHLD", pid, "%.6f" % mib, "%.9f" % (START + s))


def func(name, a, m_in, b, m_out, level=0, pid=100, tid=100, how=""):
    out("FUNC" if pid == 100 else "CHFUNC", name.replace(" ", NBSP), "%.6f" % m_in, "%.9f" % (START + a), "%.6f" % m_out,
        "%.9f" % (START + b), level, pid, tid, *([how] if how else []))


def head(command="./solver --grid 512", program="./solver"):
    out("CMDLINE", command)
    out("FORMAT", 3, "mprof-trace")
    out("METRIC", "rss")
    out("PROC", 100, 1, "%.9f" % START, program)


def hill(s, length, peak):
    return peak * (0.1 + 0.9 * math.sin(math.pi * s / length) ** 2)


def few():
    head()
    for i, mib in enumerate([5, 20, 35, 80, 30]):
        mem(mib, i * 0.1)
    func("load", 0.05, 10, 0.25, 50)


def many():
    head()
    random.seed(1)
    for i in range(1000000):
        mem(100 + 20 * math.sin(i / 90000) + random.random() * 3, i / 1000)


def children(count=3):
    head("make -j%d" % count, "make")
    for i in range(600):
        s = i / 20
        mem(20 + 10 * math.sin(s / 6), s)
        for c in range(count):
            begin = c * 18 / count
            if begin <= s <= begin + 11:
                chld(101 + c, (30 + c * 120 / count) * (1 - math.exp(begin - s)) + 3 + 3 * math.sin(s * 3 + c), s)
    for c in range(count):
        out("PROC", 101 + c, 100, "%.9f" % (START + c * 18 / count),
            "/usr/lib/gcc/cc1 -quiet file%d.c" % c)


def cpp():
    head("./mesh --tag '#1'", "./mesh")
    for i in range(300):
        mem(hill(i / 10, 30, 900), i / 10)
    func("std::vector<std::pair<int, std::string>, std::allocator<std::pair<int, std::string> > >"
         "::emplace_back<int, std::string>(int&&, std::string&&)", 2, 120, 8, 500)
    func("std::vector<std::pair<int, std::string>, std::allocator<std::pair<int, std::string> > >"
         "::emplace_back<int, std::wstring>(int&&, std::wstring&&)", 9, 600, 12, 800)
    func("operator<<(std::ostream&, X<A, B> const&)", 18, 800, 25, 300)
    func("mesh::Grid::refine(double) [clone lambda#2]", 26, 240, 29, 100, how="unwound")


def nested(calls):
    """Calls within calls on three threads of two processes."""
    head("./server --workers 2", "./server")
    out("PROC", 101, 100, "%.9f" % (START + 1), "./server")
    random.seed(4)

    def now(s):
        return 60 + hill(s, 10, 90) + 8 * math.sin(s * 5.7)
    for i in range(400):
        mem(now(i / 40), i / 40)
        if i > 40:
            chld(101, 20 + i / 20, i / 40)
    names = ["accept_request", "parse", "query", "scan_table", "read_block", "render", "write_reply"]

    def call(level, a, b, pid, tid):
        if b - a < 10.0 / calls or level > 5:
            return
        name = names[(level * 2 + int(a * 7)) % len(names)]
        at = a
        while at < b:
            end = min(b, at + (b - a) * random.uniform(0.15, 0.7))
            call(level + 1, at + (end - at) * 0.05, end - (end - at) * 0.05, pid, tid)
            at = end + (b - a) * random.uniform(0, 0.1)
        m_in, m_out = (20 + a * 2, 20 + b * 2) if pid == 101 else (now(a), now(b))
        func(name, a, m_in, b, m_out, level, pid, tid)
    for pid, tid in (100, 100), (100, 107), (101, 101):
        at = 1.2 if pid == 101 else tid / 1000
        while at < 9.5:
            end = min(9.8, at + random.uniform(0.5, 3))
            call(0, at, end, pid, tid)
            at = end + random.uniform(0.05, 0.4)


def hot(calls=1000000):
    """Two functions called very often, one of them condensed, and one called twice."""
    head("./parser big.json", "./parser")
    random.seed(2)
    for i in range(2000):
        mem(50 + hill(i / 100, 20, 300), i / 100)

    def now(s):
        return 50 + hill(s, 20, 300)
    func("parse_file", 0.5, now(0.5), 17, now(17))
    func("parse_file", 17.5, now(17.5), 19.5, now(19.5))
    at = 1.0
    step = 15.0 / calls
    for i in range(calls):
        length = step * (0.2 + 0.6 * math.sin(i * 6 / calls) ** 2)
        at += step * (0.85 + 0.3 * random.random())
        gained = 0.0003 * math.cos(i * 9 / calls)
        if i == calls // 3:
            length = 0.4
        func("parse_value", at, now(at), at + length, now(at) + (0.3 if length == 0.4 else gained), 1)
        at += length if length == 0.4 else 0
    for i in range(170):
        a = 1 + i * 0.1
        n = int(40000 * (1 + math.sin(i / 11)))
        out("MANY", "hash_key", 100, "%.9f" % (START + a), "%.9f" % (START + a + 0.1), n,
            "%.9f" % (n * 1.1e-6), "0.000000400", "0.000090000", "%.6f" % (math.sin(i / 20) * 2), 120)


def leak():
    head("./server", "./server")
    random.seed(3)
    for i in range(2000):
        s = i * 3
        mem(220 + s * 0.012 + 25 * random.random() + 30 * (i % 100 == 0), s)
        if 200 < i < 1500:
            chld(101, 120 - s * 0.004 + 10 * random.random(), s)


def overlap():
    """Brackets in one place: nested calls that start and end together, and very short ones."""
    head("./nest", "./nest")
    for i in range(200):
        mem(40 + i / 4, i / 20)
    for level in range(5):
        func("level_%d" % level, 2 + level * 0.004, 50, 6 - level * 0.004, 70, level)
    for i in range(6):
        func("step", 7 + i * 0.25, 75 + i, 7.25 + i * 0.25, 76 + i)
    func("tick", 9, 85, 9.0005, 85)


def tiny():
    head()
    for i in range(50):
        mem(0.2 + i / 200, i * 1.2e-6)
    func("init", 0.000010, 0.24, 0.000030, 0.33)


def huge():
    head("./climate --years 300", "./climate")
    for i in range(500):
        mem(6e6 + 5e6 * math.sin(i / 50), i * 3000)
    func("integrate", 200000, 7e6, 1100000, 5e6)


def unicode():
    head("./café --städte 東京,大阪 --name שלום --ярлык λ→∞ --emoji #1", "./café")
    for i in range(200):
        mem(hill(i / 20, 10, 64), i / 20)
    func("計算する(行列 const&)", 1, 10, 4, 50)
    func("חישוב", 5, 64, 6, 60)
    func("Größe::ändern()", 6.5, 50, 9, 12)


def crowd():
    """More functions and children than a legend has room for beside the axes."""
    head("./crowd", "./crowd")
    for i in range(500):
        mem(100 + i / 10, i / 100)
        for c in range(20):
            if c * 10 < i < c * 10 + 200:
                chld(101 + c, 4 + c * 4 + i % 50 / 10, i / 100)
    for k in range(60):
        func("ns::a_rather_long_name_%d<std::vector<std::map<std::string, int> > >"
             "::method(std::string const&)" % (k % 30), k / 13, 120, k / 13 + 0.3, 130)


def forks():
    """Many children of one program that differ in nothing, and one that leaks."""
    head("./prefork --workers 40", "prefork")
    random.seed(5)
    for c in range(41):
        out("PROC", 101 + c, 100, "%.9f" % (START + c * 0.1), "prefork: worker" if c < 40 else "logger")
    for i in range(400):
        s = i / 10
        mem(12 + hill(s, 40, 30), s)
        for c in range(40):
            if s >= c * 0.1:
                chld(101 + c, 1.1 + 0.01 * random.random(), s)
        chld(141, 0.9 + s * 0.02, s)


def slower():
    """As few, with a later and a longer call."""
    head("./solver --grid 1024")
    for i, mib in enumerate([5, 6, 7, 20, 60, 70, 95, 40]):
        mem(mib, i * 0.1)
    func("load", 0.25, 12, 0.55, 70)


DATA = {
    "forks": forks, "slower": slower, "growing": few,
    "few": few, "many": many, "children": children, "children40": lambda: children(40), "cpp": cpp,
    "nested": lambda: nested(400), "deep": lambda: nested(20000), "hot": hot,
    "hot_small": lambda: hot(10000), "leak": leak, "overlap": overlap, "tiny": tiny, "huge": huge,
    "unicode": unicode, "crowd": crowd,
}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in DATA:
        sys.exit("gallery_data.py: one of: " + " ".join(DATA))
    sys.stdout.reconfigure(encoding="utf-8")
    DATA[sys.argv[1]]()
    if sys.argv[1] != "growing":
        out("TICKS", 1, 0, 0, "0.000100000", "0.000100000")
