#!/usr/bin/python3
"""Reads an export back, and compares it with what the .dat says, which is read here afresh.

usage: check_export.py FORMAT PROFILE EXPORT     FORMAT: csv, calls, parts, with, lines, json, chrome, speedscope, time, memory

Exits with 1 and says what is different. It shares no code with ours, is meant for small files, and knows what
Perfetto and speedscope refuse: slices of a thread that cross, events that are not balanced.
"""
import collections
import csv
import decimal
import json
import sys

decimal.getcontext().prec = 40
csv.field_size_limit(1 << 30)
D = decimal.Decimal
NS = D(10) ** -9
HOWS = {"ret", "unwound", "exit", "exec", "forked", "before", "open"}
BIDI = {0x61c, 0x200e, 0x200f, *range(0x202a, 0x202f), *range(0x2066, 0x206a)}

Call = collections.namedtuple("Call", "name pid tid level start end mib_start mib_end how held")
Many = collections.namedtuple("Many", "name pid start end count total shortest longest gained highest held")
Mark = collections.namedtuple("Mark", "name pid at mib held")


class Wrong(Exception):
    pass


def clean(raw):
    """A name as people see it, by mprof-trace-export(1)."""
    raw = raw.lstrip(b"\t")
    if raw.isascii() and raw.decode().isprintable():
        return raw.decode()
    out, at = "", 0
    while at < len(raw):
        for length in (1, 2, 3, 4):
            try:
                c = raw[at:at + length].decode()
                break
            except UnicodeDecodeError:
                c = None
        if not c:
            out, at = out + "\ufffd", at + 1
            continue
        code = ord(c)
        is_control = code < 0x20 or 0x7f <= code < 0xa0 or code in (0x2028, 0x2029)
        out += "\ufffd" if code in BIDI else " " if is_control or code == 0xa0 else c
        at += len(c.encode())
    return out


class Profile:
    def __init__(self, path):
        self.samples, self.calls, self.many, self.marks, self.opens = [], [], [], [], []
        self.threads, self.parts, self.beside = {}, [], []
        self.lines, self.line_functions, self.line_texts = {}, {}, {}
        self.commands, self.ends, self.main, self.command_line = {}, {}, None, ""
        with open(path, "rb") as file:
            for line in file.read().split(b"\n"):
                words = line.split(b" ")
                read = getattr(self, "read_" + words[0].decode("latin-1").lower(), None)
                if read:
                    read(words[1:])
        times = [at for _, at, _ in self.samples] + [t for c in self.calls for t in (c.start, c.end)]
        self.last = max(times)
        self.finish_open()
        self.first = min([*times, *(c.start for c in self.calls), *(m.start for m in self.many),
                          *(m.at for m in self.marks)])

    def read_cmdline(self, words):
        self.command_line = clean(b" ".join(words))

    def read_mem(self, words):
        self.samples.append((self.main or 0, D(words[1].decode()), D(words[0].decode())))

    def read_chld(self, words):
        self.samples.append((int(words[0]), D(words[2].decode()), D(words[1].decode())))

    def read_func(self, words):
        mib_start, start, mib_end, end = (D(w.decode()) for w in words[1:5])
        level, pid, tid = (int(w) for w in words[5:8])
        rest = [w.decode() for w in words[8:]]
        how = next((w for w in rest if w in HOWS), "ret")
        held = next((w for w in rest if w not in HOWS), "")
        self.calls.append(Call(clean(words[0]), pid, tid, level, start, end, mib_start, mib_end, how, held))

    read_chfunc = read_func

    def read_open(self, words):
        level, pid, tid = (int(w) for w in words[3:6])
        self.opens.append(Call(clean(words[0]), pid, tid, level, D(words[2].decode()), None,
                               D(words[1].decode()), None, "open", "held-in" if words[6:] else ""))

    def read_many(self, words):
        self.many.append(Many(clean(words[0]), int(words[1]), *(D(w.decode()) for w in words[2:10]),
                              int(words[10]) if words[10:] else 0))

    def read_mark(self, words):
        self.marks.append(Mark(clean(words[0]), int(words[3]), D(words[2].decode()), D(words[1].decode()),
                               "held" if words[5:] else ""))

    def read_part(self, words):
        self.parts.append((int(words[0]), words[1].decode(), clean(b" ".join(words[4:])), D(words[3].decode()),
                           D(words[2].decode())))

    def read_with(self, words):
        self.beside.append((int(words[0]), words[1].decode(), D(words[3].decode()), D(words[2].decode())))

    def read_line(self, words):
        name, pid, path = clean(words[0]), int(words[1]), clean(b" ".join(words[7:]))
        count, held = int(words[3]), int(words[6])
        self.line_functions.setdefault((name, pid), None)
        # The last one counts.
        self.lines[name, pid, path, int(words[2])] = (count, D(words[4].decode()), D(words[5].decode()), held)

    def read_lines(self, words):
        first, last, calls, before, gained, is_optimised = (D(w.decode()) for w in words[2:8])
        self.line_functions[clean(words[0]), int(words[1])] = (
            clean(b" ".join(words[8:])), first, last, calls, before, gained, is_optimised == 1)

    def read_text(self, words):
        self.line_texts[clean(words[1]), int(words[0])] = clean(b" ".join(words[2:]))[1:]

    def is_inlined(self, name, pid, path, line):
        function = self.line_functions[name, pid]
        if function is None:
            # For want of more, the file of the first line is taken for the function's.
            return path != next(p for n, i, p, _ in self.lines if (n, i) == (name, pid))
        return path != function[0] or not function[1] <= line <= function[2]

    def read_proc(self, words):
        pid = int(words[0])
        if self.main is None:
            # Samples of before are the main process's.
            self.main = pid
            self.samples = [(pid if p == 0 else p, at, mib) for p, at, mib in self.samples]
        command = b" ".join(words[3:]).lstrip(b" \t")
        if command:
            self.commands[pid] = clean(command)

    def read_thrd(self, words):
        self.threads[int(words[0]), int(words[1])] = clean(b" ".join(words[2:]))

    def read_exec(self, words):
        self.commands[int(words[0])] = clean(b" ".join(words[2:]))

    def read_done(self, words):
        self.ends[int(words[0])] = D(words[1].decode())

    def finish_open(self):
        """What was open at a tick, and has no end, lasts as long as its process."""
        ended = {(c.name, c.tid, c.level, c.start) for c in self.calls}
        for call in self.opens:
            if (call.name, call.tid, call.level, call.start) not in ended:
                last = [mib for pid, _, mib in self.samples if pid == call.pid]
                self.calls.append(call._replace(end=self.ends.get(call.pid, self.last),
                                                mib_end=last[-1] if last else call.mib_start))

    def command(self, pid):
        return self.commands.get(pid, self.command_line if pid == (self.main or 0) else "")


def same(what, ours, theirs):
    ours, theirs = collections.Counter(ours), collections.Counter(theirs)
    if ours != theirs:
        missing, more = list((theirs - ours).elements()), list((ours - theirs).elements())
        raise Wrong(f"{what}: {len(missing)} missing, as {missing[:2]}; {len(more)} too many, as {more[:2]}")
    if not ours:
        print(f"nothing to compare: {what}")
    print(f"{what}: {sum(ours.values())} alike")


def is_formula(text):
    return text.lstrip(" ")[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def no_formula(text):
    """A cell as it was before it was made harmless."""
    return text[1:] if text[:1] == "'" and is_formula(text[1:]) else text


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    for row in rows:
        if len(row) != len(rows[0]):
            raise Wrong(f"a row of {len(row)} columns: {row}")
        for cell in row:
            try:
                D(cell)
            except decimal.InvalidOperation:
                if is_formula(cell):
                    raise Wrong(f"a spreadsheet would compute {cell!r}") from None
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def check_csv(profile, path):
    rows = read_csv(path)
    same("samples", ((int(r["pid"] or 0), D(r["time"]), D(r["mib"]), no_formula(r["process"])) for r in rows),
         ((*s, profile.command(s[0])) for s in profile.samples))


def check_calls(profile, path):
    rows = read_csv(path)
    of = {kind: [r for r in rows if r["kind"] == kind] for kind in ("call", "condensed", "mark")}
    same("calls", (Call(no_formula(r["name"]), int(r["pid"]), int(r["tid"]), int(r["level"]), D(r["start"]),
                        D(r["end"]), D(r["mib_start"]), D(r["mib_end"]), r["how"], r["held"])
                   for r in of["call"]), profile.calls)
    for r in of["call"]:
        gained, seconds = D(r["mib_end"]) - D(r["mib_start"]), D(r["end"]) - D(r["start"])
        if (D(r["seconds"]), D(r["shortest"]), D(r["longest"]), D(r["mib_gained"])) != (*[seconds] * 3, gained):
            raise Wrong(f"a call's sums: {r}")
    same("condensed", (Many(no_formula(r["name"]), int(r["pid"]), D(r["start"]), D(r["end"]), D(r["calls"]),
                            D(r["seconds"]), D(r["shortest"]), D(r["longest"]), D(r["mib_gained"]),
                            D(r["mib_highest"]), int(r["held"])) for r in of["condensed"]), profile.many)
    same("marks", (Mark(no_formula(r["name"]), int(r["pid"]), D(r["start"]), D(r["mib_start"]), r["held"])
                   for r in of["mark"]), profile.marks)


def check_parts(profile, path):
    rows = read_csv(path)
    same("parts", ((int(r["pid"]), r["kind"], no_formula(r["path"]), D(r["time"]), D(r["mib"])) for r in rows),
         profile.parts)
    for r in rows:
        if r["path"] and not r["path"].endswith(r["part"]):
            raise Wrong(f"a part of another name: {r}")


def check_with(profile, path):
    same("companions", ((int(r["pid"]), r["name"], D(r["time"]), D(r["value"])) for r in read_csv(path)),
         profile.beside)


def check_lines(profile, path):
    same("lines", ((no_formula(r["function"]), int(r["pid"]), no_formula(r["file"]), int(r["line"]), int(r["count"]),
                    D(r["mib_gained"]), D(r["mib_after"]), int(r["held"])) for r in read_csv(path)),
         ((*key, *figures) for key, figures in profile.lines.items()))


def load(path):
    def unique(pairs):
        if len({key for key, _ in pairs}) != len(pairs):
            raise Wrong(f"a key comes twice: {pairs}")
        return dict(pairs)

    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_float=D, object_pairs_hook=unique)


def check_json(profile, path):
    whole = load(path)
    start = D(whole["start"])
    pids = [p["pid"] or 0 for p in whole["processes"]]
    names, markers = whole["functions"], whole["markers"]

    def rows(table):
        columns = whole[table]["columns"]
        for row in whole[table]["rows"]:
            if len(row) != len(columns):
                raise Wrong(f"a row of {len(row)} columns in {table}: {row}")
            yield row

    if start != profile.first:
        raise Wrong(f"it starts at {start}, not at {profile.first}")
    same("commands", (p["command"] for p in whole["processes"] if p["command"] is not None),
         profile.commands.values())
    same("threads", ((pids[t["process"]], t["tid"], t["name"]) for t in whole["threads"]),
         ((*key, name) for key, name in profile.threads.items()))
    same("samples", ((pids[p], start + at, D(mib)) for at, p, mib in rows("samples")), profile.samples)
    same("calls", (Call(names[f], pids[p], tid, level, start + a, start + b, D(x), D(y), how, held)
                   for f, p, tid, level, a, b, x, y, how, held in rows("calls")), profile.calls)
    same("condensed", (Many(names[f], pids[p], start + a, start + b, *(D(n) for n in n), held)
                       for f, p, a, b, *n, held in rows("condensed")), profile.many)
    same("marks", (Mark(markers[m], pids[p], start + at, D(mib), held)
                   for m, p, at, mib, held in rows("marks")), profile.marks)
    same("parts", ((pids[p["process"]], p["kind"], p["path"] or "", start + at, D(mib))
                   for at, i, mib in rows("part_values") for p in [whole["parts"][i]]), profile.parts)
    same("companions", ((pids[c["process"]], c["name"], start + at, D(value))
                        for at, i, value in rows("companion_values") for c in [whole["companions"][i]]),
         profile.beside)
    functions, files = whole["line_functions"], whole["line_files"]
    same("functions with lines", (((f["name"], pids[f["process"]]), f["file"] is not None and (
        f["file"], f["first_line"], f["last_line"], f["calls"], D(f["before_mib"]), D(f["gained_mib"]),
        f["is_optimised"]) or None) for f in functions), profile.line_functions.items())
    same("lines", ((functions[i]["name"], pids[functions[i]["process"]], files[file], line, count, D(gained), D(after),
                    held, is_inlined, text)
                   for i, file, line, is_inlined, count, gained, after, held, text in rows("lines")),
         ((*key, *figures, profile.is_inlined(*key), profile.line_texts.get(key[2:]))
          for key, figures in profile.lines.items()))


def microseconds(number):
    """Nanoseconds, as a reader has them that rounds; and Perfetto, which multiplies a double and cuts off."""
    rounded = int((D(number) * 1000).to_integral_value(decimal.ROUND_HALF_EVEN))
    if int(float(number) * 1000.0) != rounded:
        raise Wrong(f"Perfetto makes {int(float(number) * 1000.0)} ns of {number}, not {rounded}")
    return rounded


def thread_slices(events):
    """(event, nanoseconds from, to) of one thread's, as Perfetto makes slices of them: by time, then as they come."""
    stack, slices = [], []
    for event in sorted(events, key=lambda e: microseconds(e["ts"])):
        now = microseconds(event["ts"])
        while stack and stack[-1][2] is not None and stack[-1][2] <= now:
            stack.pop()
        if event["ph"] == "E":
            if not stack or stack[-1][2] is not None:
                raise Wrong(f"{event} does not end the slice above: {stack[-1:]}")
            stack.pop()[2] = now
            continue
        end = now + microseconds(event["dur"]) if event["ph"] == "X" else None
        ends = [slice_[2] for slice_ in stack if slice_[2] is not None]
        if end is not None and ends and end >= min(ends):
            raise Wrong(f"a slice crosses or touches another one's end: {event}")
        stack.append([event, now, end])
        slices.append(stack[-1])
    if any(slice_[2] is None for slice_ in stack):
        raise Wrong(f"slices without an end: {stack}")
    return slices


def check_chrome(profile, path):
    whole = load(path)
    start = D(whole["otherData"]["start"])
    by = collections.defaultdict(list)
    for event in whole["traceEvents"]:
        by[event["ph"]].append(event)
    unknown = set(by) - set("MCXBEbei")
    if unknown:
        raise Wrong(f"phases {unknown}")

    def at(event):
        return start + microseconds(event["ts"]) * NS

    names = {(e["pid"], e["name"]): e["args"]["name"] for e in by["M"] if "name" in e["args"]}
    threads = {(e["pid"], e["tid"]): e["args"]["name"] for e in by["M"] if e["name"] == "thread_name"}
    for key, name in profile.threads.items():
        if threads.get(key) != name:
            raise Wrong(f"thread {key} is called {threads.get(key)}, not {name}")
    for event in by["C"] + by["X"] + by["b"] + by["i"]:
        if (event["pid"], "process_name") not in names:
            raise Wrong(f"a process without a name: {event}")
    for event in by["X"] + by["B"]:
        if (event["pid"], event["tid"]) not in threads:
            raise Wrong(f"a thread without a name: {event}")
    used = {e["pid"] for e in by["C"] + by["X"] + by["B"]}
    same("names", (names[pid, "process_name"] for pid in used), (profile.command(pid) for pid in used))
    ends = [(pid, end, D(0)) for pid, end in profile.ends.items()
            if end >= max([t for p, t, _ in profile.samples if p == pid], default=end + 1)]
    same("counters", ((e["pid"], at(e), D(e["args"]["MiB"])) for e in by["C"] if "MiB" in e["args"]),
         profile.samples + ends + [(pid, at, mib) for pid, _, _, at, mib in profile.parts]
         + [(pid, at, mib) for pid, name, at, mib in profile.beside if name.endswith("limit")])
    sums = {"cpu": ("CPU", "%", 100), "faults": ("page faults", "/s", 1), "majfaults": ("page faults from disk", "/s", 1)}
    rates = []
    for pid, name in {(pid, name) for pid, name, _, _ in profile.beside if name in sums}:
        points = [(t, v) for p, n, t, v in profile.beside if (p, n) == (pid, name)]
        title, unit, scale = sums[name]
        rates += [(pid, title, a, round((y - x) / (b - a) * scale, 3))
                  for (a, x), (b, y) in zip(points, points[1:]) if b > a]
    same("rates", ((e["pid"], e["name"], at(e), round(D(v), 3)) for e in by["C"] for k, v in e["args"].items()
                   if k in ("%", "/s")), rates)
    same("threads", ((e["pid"], at(e), D(e["args"]["count"])) for e in by["C"] if "count" in e["args"]),
         [(pid, at, value) for pid, name, at, value in profile.beside if name == "threads"])

    of_threads = collections.defaultdict(list)
    for e in whole["traceEvents"]:
        if e["ph"] in "XBE":
            of_threads[e["pid"], e["tid"]].append(e)
    timed = [(e, start + a * NS, start + b * NS) for events in of_threads.values()
             for e, a, b in thread_slices(events)]
    nesting = len(timed)
    pairs = [(b, e) for b, e in zip(by["b"], by["e"])]
    if len(by["b"]) != len(by["e"]) or len({b["id"] for b, _ in pairs}) != len(pairs) or any(
            b[key] != e[key] for b, e in pairs for key in ("id", "cat", "name", "pid", "tid")):
        raise Wrong("asynchronous events are no pairs")
    timed += [(b, at(b), at(e)) for b, e in pairs if b["cat"] == "call"]
    same("calls", ((e["name"], e["pid"], e["tid"], a, b, D(e["args"]["mib_start"]), D(e["args"]["mib_end"]),
                    e["args"].get("how", "ret"), e["args"].get("held", "")) for e, a, b in timed),
         ((c.name, c.pid, c.tid, c.start, c.end, c.mib_start, c.mib_end, c.how, c.held)
          for c in profile.calls))
    print(f"{nesting} slices, {len(by['B'])} in two parts, {len(timed) - nesting} calls beside them")
    same("condensed", (Many(b["name"], b["pid"], at(b), at(e), D(a["calls"]), D(a["total_s"]),
                            D(a["shortest_s"]), D(a["longest_s"]), D(a["mib_gained"]), D(a["mib_highest"]),
                            a["held"])
                       for b, e in pairs for a in [b.get("args")] if b["cat"] == "condensed"), profile.many)
    same("marks", (Mark(e["name"], e["pid"], at(e), D(e["args"]["mib"]), e["args"].get("held", ""))
                   for e in by["i"]), profile.marks)


def check_speedscope(profile, path):
    whole = load(path)
    frames = [frame["name"] for frame in whole["shared"]["frames"]]
    total = collections.Counter()
    for of_thread in whole["profiles"]:
        if of_thread["type"] == "sampled":
            if sum(of_thread["weights"]) != of_thread["endValue"]:
                raise Wrong(f"{of_thread['name']}: weights make {sum(of_thread['weights'])}")
            for stack, weight in zip(of_thread["samples"], of_thread["weights"], strict=True):
                total[frames[stack[0]]] += weight
            continue
        stack, last = [], of_thread["startValue"]
        for event in of_thread["events"]:
            if event["at"] < last or event["at"] > of_thread["endValue"]:
                raise Wrong(f"{of_thread['name']}: {event} after {last}")
            last = event["at"]
            if event["type"] == "O":
                stack.append((event["frame"], last))
                continue
            frame, begun = stack.pop()
            if event["type"] != "C" or frame != event["frame"]:
                raise Wrong(f"{of_thread['name']}: {event} ends {frame}")
            total[frames[frame]] += last - begun
        if stack or not of_thread["events"]:
            raise Wrong(f"{of_thread['name']}: {stack} is left of {len(of_thread['events'])} events")
    wanted = collections.Counter()
    for c in profile.calls:
        wanted[c.name] += int((c.end - c.start) / NS)
    for m in profile.many:
        wanted[m.name] += int(m.total / NS)
    same("total time", total.items(), wanted.items())


def is_within(inner, outer):
    """Of two calls of a thread. One that ends when another one does may have followed it: levels tell."""
    if inner is outer or inner.start < outer.start or inner.end > outer.end:
        return False
    return inner.end < outer.end or inner.level > outer.level


def check_folded(profile, path, is_memory):
    def weight(call):
        if call.how == "forked":
            return 0
        if is_memory:
            return int(((call.mib_end - call.mib_start) * 1048576).to_integral_value(decimal.ROUND_HALF_UP))
        return int((call.end - call.start) / NS)

    parents = {}
    for call in profile.calls:
        around = [c for c in profile.calls if (c.pid, c.tid) == (call.pid, call.tid) and is_within(call, c)]
        # The innermost began last; of those that began together it ends first.
        parents[id(call)] = max(around, key=lambda c: (c.start, -c.end, c.level), default=None)

    def frames(call):
        parent = parents[id(call)]
        return (*(frames(parent) if parent else (profile.command(call.pid) or "?",)), call.name)

    own = {id(call): weight(call) for call in profile.calls}
    for call in profile.calls:
        parent = parents[id(call)]
        if parent and parent.how != "forked":
            own[id(parent)] -= weight(call)
    wanted = collections.Counter()
    for call in profile.calls:
        if own[id(call)] > 0 or not is_memory:
            wanted[frames(call)] += own[id(call)]
    for many in profile.many:
        gained = (many.gained * 1048576).to_integral_value(decimal.ROUND_HALF_UP)
        wanted[profile.command(many.pid) or "?", "[condensed]", many.name] += max(
            0, int(gained if is_memory else many.total / NS))
    with open(path, encoding="utf-8", newline="\n") as file:
        lines = [line.rsplit(" ", 1) for line in file.read().split("\n") if line]
    same("stacks", ((stack, int(number)) for stack, number in lines),
         ((";".join(f.replace(";", ":") for f in stack), n) for stack, n in wanted.items() if n > 0))


def main():
    kind, dat, path = sys.argv[1:]
    profile = Profile(dat)
    checks = {"csv": check_csv, "calls": check_calls, "parts": check_parts, "with": check_with, "lines": check_lines, "json": check_json, "chrome": check_chrome,
              "speedscope": check_speedscope}
    try:
        if kind in checks:
            checks[kind](profile, path)
        else:
            check_folded(profile, path, kind == "memory")
    except Wrong as wrong:
        print(f"{path}: {wrong}")
        sys.exit(1)


main()
