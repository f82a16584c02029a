#!/usr/bin/python3
"""Compares a recording of a random program with the book that the program has kept of itself (book.h).

What must agree: on each thread the calls, their order, how deep they are nested, when they began and ended (between
what the program's own clock said before and after), and how; of functions that are called often, and condensed ones,
how many there were; what known steps have gained; the exit status; processes and their ends.
"""
import bisect
import collections
import fnmatch
import pathlib
import re
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "lib"))
from check_records import Recording, check_always  # pylint: disable=wrong-import-position

EVENTS, FUNCTIONS = 6144, 128
HEAD = struct.Struct("<iiII")
COUNTS = struct.Struct(f"<{FUNCTIONS}Q")
EVENT = struct.Struct("<qHHI")
LOG_BYTES = HEAD.size + 2 * COUNTS.size + EVENTS * EVENT.size
ENTERED, LEFT, CAUGHT, TAIL, FORKED, FIBER, THREAD_ENDS, EXITS, EXECUTES, GAINS, SHARED = range(11)
# What a time may be off: a jump's is the time stamp counter, compared with the clock now and then.
SLACK_NS = 30_000
GAIN_SLACK_MIB = 0.75
ASYNC = {"on_alarm"}
# What is behind its call belongs to others: reached by another way, that cannot be told from its return.
MAY_RETURN = {"never_returns"}
# Called when a thread ends, after its frames have been thrown past, and not far enough above them to prove that.
AT_END = {"key_freed"}
KINDS = {"gain_anonymous": 1, "gain_shared": 1, "gain_memfd": 1, "gain_thp": 1, "gain_hugetlb": 1, "gain_sysv": 1,
         "give_pages": -1}
METRICS = {"gain_thp": {"rss", "anon", "vms", "rss+huge"}, "gain_hugetlb": {"vms", "rss+huge"},
           "gain_sysv": {"rss", "vms", "rss+huge"},
           "gain_anonymous": {"rss", "anon", "vms", "rss+huge"}, "gain_shared": {"rss", "vms", "rss+huge"},
           "gain_memfd": {"rss", "vms", "rss+huge"}, "give_pages": {"rss", "anon", "rss+huge"}}


class Call:
    """One call, as the book has it."""
    __slots__ = ("name", "depth", "before_ns", "enter_ns", "leave_ns", "after_ns", "hows", "is_tail", "fiber", "level",
                 "gain", "around", "is_shared", "over_ns")

    def __init__(self, name, depth, before_ns, enter_ns, fiber):
        self.name, self.depth, self.before_ns, self.enter_ns, self.fiber = name, depth, before_ns, enter_ns, fiber
        self.leave_ns = self.after_ns = self.hows = self.gain = None
        self.over_ns = None  # when its end may be seen already
        self.is_tail = self.is_shared = False
        self.around = []

    def __str__(self):
        return f"{self.name} at depth {self.depth}, entered {self.enter_ns}, left {self.leave_ns}, {self.hows}"


class Log:
    """What one thread has written down."""

    def __init__(self, data, names):
        self.pid, self.tid, self.is_async, self.count = HEAD.unpack_from(data)
        entered = COUNTS.unpack_from(data, HEAD.size)
        hot = COUNTS.unpack_from(data, HEAD.size + COUNTS.size)
        self.entered = {names[i]: n for i, n in enumerate(entered) if n}
        self.hot = {names[i]: n for i, n in enumerate(hot) if n}
        start = HEAD.size + 2 * COUNTS.size
        self.is_whole = self.count <= EVENTS
        count = min(self.count, EVENTS)
        events = list(EVENT.iter_unpack(data[start:start + count * EVENT.size]))
        self.calls, self.inherited, self.faults = [], [], []
        self.follow(events, names)
        self.first_ns, self.last_ns = (events[0][0], events[-1][0]) if events else (0, 0)

    def follow(self, events, names):
        stacks, stack, fiber, last_ns = collections.defaultdict(list), [], 0, 0
        stacks[0] = stack
        waiting = []  # calls whose end is between the last event and this one
        for time_ns, function, kind, depth in events:
            for call in waiting:
                call.after_ns = time_ns if kind not in (THREAD_ENDS, EXITS, EXECUTES) else None
            waiting = []
            if kind == ENTERED and names[function] in AT_END:
                for call in stack:
                    call.hows, call.leave_ns = {"exit", "unwound"}, last_ns
                stack.clear()
            if kind in (ENTERED, LEFT):
                self.unwind_to(stack, depth + (kind == LEFT), time_ns)
            if kind == ENTERED:
                call = Call(names[function], depth, last_ns, time_ns, fiber)
                call.around = [outer.name for outer in stack if not outer.is_shared]
                stack.append(call)
                self.calls.append(call)
            elif kind == LEFT:
                waiting = self.leave(stack, names[function], depth, time_ns)
            elif kind == CAUGHT:
                for call in stack[depth:]:
                    call.hows = {"unwound", "ret"} if call.name in MAY_RETURN or call.is_tail else {"unwound"}
                    call.leave_ns = last_ns
                del stack[depth:]
            elif kind == TAIL:
                stack[-1].is_tail = True
            elif kind in (FORKED, SHARED):
                call = Call(names[function], depth, 0, 0, fiber)
                call.hows = {"forked"}
                stack.append(call)
                call.is_shared = kind == SHARED  # another thread's, in the same memory
                if kind == FORKED:
                    self.inherited.append(call)
            elif kind == FIBER:
                fiber = depth
                stack = stacks[fiber]
            elif kind == GAINS:
                stack[-1].gain = depth
            else:
                hows = {THREAD_ENDS: {"exit", "unwound"}, EXITS: {"exit"}, EXECUTES: {"exec"}}[kind]
                for open_calls in stacks.values():
                    for call in open_calls:
                        call.hows = call.hows or hows
                        call.leave_ns = call.leave_ns or time_ns
            last_ns = time_ns
        for open_calls in stacks.values():
            for call in open_calls:
                call.hows = call.hows or {"exit", "exec", "unwound"}

    def unwind_to(self, stack, depth, time_ns):
        for call in stack[depth:]:
            self.faults.append(f"the book has it open at {time_ns}: {call}")
        del stack[depth:]

    def leave(self, stack, name, depth, time_ns):
        if len(stack) != depth + 1 or stack[depth].name != name:
            self.faults.append(f"the book leaves {name} at depth {depth} at {time_ns}, open are "
                               f"{[call.name for call in stack]}")
            return []
        left = [stack.pop()]
        while stack and stack[-1].is_tail:
            left.append(stack.pop())
        for call in left:
            call.hows = call.hows or {"ret"}
            call.leave_ns = time_ns
        self.come_round(left[::-1])
        return left


    @staticmethod
    def come_round(chain):
        """A function that has led to itself by tail calls is entered anew with the same frame: what was there has ended."""
        for i, call in enumerate(chain):
            first = next(j for j, other in enumerate(chain) if other.name == call.name)
            for other in chain[first:i]:
                other.over_ns = other.over_ns or call.before_ns


class Book:
    def __init__(self, path, names):
        data = pathlib.Path(path).read_bytes()
        count, _ = struct.unpack_from("<II", data)
        self.logs = [Log(memoryview(data)[8 + i * LOG_BYTES:8 + (i + 1) * LOG_BYTES], names) for i in range(count)]
        self.faults = [fault for log in self.logs for fault in log.faults]
        self.threads = collections.defaultdict(list)
        for log in self.logs:
            if not log.is_async:
                earlier = self.threads[log.pid, log.tid]
                if earlier and log.calls and log.calls[0].before_ns == 0:  # a round of phases follows the other
                    log.calls[0].before_ns = earlier[-1].last_ns
                earlier.append(log)
        self.pids = {log.pid for log in self.logs}
        self.hot = set().union(*(log.hot for log in self.logs))

    def counts(self, pid):
        """Of a process: function to number of calls."""
        counts = collections.Counter()
        for log in self.logs:
            if log.pid == pid:
                counts.update(log.entered)
                counts.update(log.hot)
        return counts

    def all_counts(self):
        counts = collections.Counter()
        for log in self.logs:
            counts.update(log.entered)
            counts.update(log.hot)
        return counts


def plain_name(name):
    return name.split("(", 1)[0].rsplit(":", 1)[-1]


def chosen_of(patterns, names):
    """What the -f patterns choose of the book's names."""
    def matched(pattern):
        module, _, pattern = pattern.rpartition("!")
        known = [name for name in names
                 if not module or name.startswith("library") == module.startswith("lib")]
        if pattern.startswith("/"):
            return {name for name in known if re.search(pattern[1:-1], name)}
        return {name for name in known if fnmatch.fnmatchcase(name, pattern)}

    taken = [matched(pattern) for pattern in patterns if not pattern.startswith("!")]
    left_out = [matched(pattern[1:]) for pattern in patterns if pattern.startswith("!")]
    return set().union(*taken) - set().union(*left_out)


def found_at_attach(own):
    """So many of a thread's calls were active when it was attached to: they begin a nanosecond after each other.

    0 where there is one at most.
    """
    count = 0
    while count < len(own) and own[count][0].ns_in - own[count][0].level == own[0][0].ns_in - own[0][0].level:
        count += 1
    return count if count > 1 else 0


class Checker:
    """One recording of one program.

    @window: None for what was recorded from start to end, else the times between which it was certainly attached.
    """

    def __init__(self, recording, book, chosen, settings, offset_ns, window=None):
        self.recording, self.book, self.chosen, self.settings = recording, book, chosen, settings
        self.offset_ns, self.window = offset_ns, window
        self.faults = []
        self.checked = 0
        # The place where an unrecorded call returns to is reached, with the same frame as by one that was thrown past: then,
        # and where a function comes round by tail calls, it is a guess how that ended, and what is open meanwhile.
        walks = {name for name in settings["names"] if "walk_" in name}
        self.is_guess = settings["has_tails"] or bool(chosen & MAY_RETURN) or not walks <= chosen
        self.left = {plain_name(fields[0]) for fields in recording.records["LEFT"]}
        self.condensed = {plain_name(many.name) for many in recording.many} | self.left
        # Of others that the patterns match, the book does not know when they are open.
        recorded = {plain_name(call.name) for call in recording.calls} | self.condensed
        self.has_others = not recorded <= set(settings["names"])

    def fault(self, text):
        self.faults.append(text)

    def check(self):
        if self.window is None:
            self.check_counts()
        pids = {self.recording.main} if self.settings["no_follow"] else self.book.pids
        recorded = collections.defaultdict(list)
        for call in self.recording.calls:
            name = plain_name(call.name)
            if name in self.chosen:
                recorded[call.pid, call.tid].append((call, name))
            if call.pid not in self.book.pids and name in self.chosen:
                self.fault(f"of a process that the book does not know: {call}")
        for (pid, tid), logs in self.book.threads.items():
            if pid in pids and all(log.is_whole for log in logs):
                self.check_thread(pid, tid, logs, recorded[pid, tid])

    def check_counts(self):
        pids = {self.recording.main} if self.settings["no_follow"] else self.book.pids
        recorded = collections.Counter()
        for call in self.recording.calls:
            if call.how != "forked":
                recorded[call.pid, plain_name(call.name)] += 1
        for many in self.recording.many:
            recorded[many.pid, plain_name(many.name)] += many.count
        for pid in pids:
            for name, count in self.book.counts(pid).items():
                found = recorded[pid, name]
                if name in self.chosen:
                    self.checked += found
                if name not in self.chosen or found == count or (name in self.left and found <= count):
                    continue
                self.fault(f"{found} calls of {name} in process {pid}, the book has {count}")

    def check_thread(self, pid, tid, logs, recorded):
        skipped = ASYNC | self.condensed
        hot = self.book.hot
        forked = sorted((call.level, name) for call, name in recorded if call.how == "forked" and name not in skipped)
        own = [(call, name) for call, name in recorded
               if call.how not in ("forked", "before") and name not in skipped and name not in hot]
        own.sort(key=lambda pair: (pair[0].ns_in, pair[0].level))
        calls = [call for log in logs for call in log.calls if call.name in self.chosen and call.name not in skipped]
        for log in logs:
            inherited = [call.name for call in log.inherited if call.name in self.chosen and call.name not in skipped]
            # What was inherited may have ended before the log began anew (exec).
            if self.window is None and inherited and [name for _, name in forked] != inherited:
                self.fault(f"thread {tid} has inherited {inherited}, recorded are {forked}")
        if self.window is not None:
            found = found_at_attach(own)
            own = [pair for i, pair in enumerate(own) if i >= found and (pair[0].how != "open" or self.is_entered(calls, *pair))]
            calls = self.within(pid, tid, calls, own)
        for i, call in enumerate(calls):
            if i >= len(own):
                self.fault(f"thread {tid} of process {pid}: {len(own)} of {len(calls)} calls recorded; the first "
                           f"missing is {call}, around it {call.around}")
                return
            is_last = i + 1 == len(own) or call.leave_ns is None or call.leave_ns > calls[min(len(own), len(calls)) - 1].enter_ns
            if not self.is_same(tid, call, *own[i], is_last):
                return
        if len(own) > len(calls):
            self.fault(f"thread {tid} of process {pid}: {len(own)} calls, the book has {len(calls)}; the next is "
                       f"{own[len(calls)][0]}")

    def is_entered(self, calls, record, name):
        """Whether the book has its entry; else it was active already when its process was attached to."""
        at = record.ns_in - self.offset_ns
        i = bisect.bisect_left([call.enter_ns for call in calls], at - SLACK_NS)
        while i < len(calls) and calls[i].before_ns - SLACK_NS <= at:
            if calls[i].name == name:
                return True
            i += 1
        return False

    def within(self, pid, tid, calls, own):
        """The calls that must have been recorded, and those around them that were."""
        since, until = self.window
        if pid != self.recording.main:  # probed when it is first seen to run
            first = min((record.ns_in for record in self.recording.calls if record.pid == pid), default=None)
            since = until if first is None else max(since, first - self.offset_ns)
        if own:
            first = own[0][0].ns_in - self.offset_ns
            start = bisect.bisect_left([call.enter_ns for call in calls], first - SLACK_NS)
            while start < len(calls) and calls[start].name != own[0][1] and \
                    calls[start].enter_ns < first + SLACK_NS:
                start += 1
        else:
            start = len(calls)
        missed = [call for call in calls[:start] if call.before_ns >= since and call.enter_ns <= until]
        if missed:
            self.fault(f"thread {tid}: {len(missed)} calls after the attach are missing, the first is {missed[0]}")
        end = start
        while end < len(calls) and (calls[end].enter_ns <= until or end - start < len(own)):
            end += 1
        return calls[start:end]

    def is_same(self, tid, call, record, name, is_last):
        before = record.ns_in - self.offset_ns, record.ns_out - self.offset_ns
        what = f"thread {tid}: {record}, in at {before[0]}, out at {before[1]}; the book has {call}"
        if name != call.name:
            self.fault(f"another order: {what}, around it {call.around}")
            return False
        if not call.before_ns - SLACK_NS <= before[0] <= call.enter_ns + SLACK_NS:
            self.fault(f"entered {before[0] - call.enter_ns} ns after the book, {before[0] - call.before_ns} ns "
                       f"after what came before it: {what}")
            return False
        hows = call.hows | {"ret"} if self.is_guess and "unwound" in call.hows else call.hows
        if self.window is not None and (call.leave_ns is None or call.leave_ns >= self.window[1]):
            hows = hows | {"open", "unwound", "exit", "exec"}
        # It has left by its own clock, and stands in the stop of its return until we go.
        if self.window is not None and (call.after_ns is None or call.after_ns >= self.window[1]):
            hows = hows | {"open"}
        if is_last and "unwound" in hows:
            hows = hows | {"open" if self.window is not None else "exit"}  # no call has come since that tells of it
        if record.how not in hows:
            self.fault(f"ended in another way: {what}, around it {call.around}")
            return False
        if record.how == "ret" and "ret" in hows and hows == {"ret"}:
            late_ns = 0 if call.after_ns is None else before[1] - call.after_ns
            if before[1] < (call.over_ns or call.leave_ns) - SLACK_NS or late_ns > SLACK_NS:
                self.fault(f"left {before[1] - call.leave_ns} ns after the book, {late_ns} ns after the next: {what}")
                return False
        if self.window is None and call.fiber == 0 and not self.left:
            level = sum(name in self.chosen for name in call.around)
            # On a handler's own stack nothing tells yet of frames that were thrown past on the other one.
            is_open_ended = self.has_others or self.is_guess or name in AT_END or \
                any(outer.startswith("on_") for outer in [*call.around, name])
            if (not self.is_guess and record.level < level if is_open_ended else record.level != level) and not self.settings["fibers"]:
                self.fault(f"level {record.level}, the book has {level}: {what}, around it {call.around}")
                return False
        self.check_gain(call, record)
        return True

    def check_gain(self, call, record):
        metric = self.settings["backend"]
        if call.gain is None or call.name not in KINDS or metric not in METRICS[call.name] or \
                not self.settings["is_exact"] or record.how != "ret" or record.held is not None:
            return
        gain, wanted = record.mib_out - record.mib_in, call.gain * KINDS[call.name]
        if abs(gain - wanted) > GAIN_SLACK_MIB:
            self.fault(f"{call.name} has gained {gain:.3f} MiB, the book has {wanted}: {record}")


def check(path, book, names, settings, status, offset_ns, window=None):
    """Faults, and how many calls were compared."""
    recording = Recording(path)
    if not recording.records["PROC"]:
        return recording.faults + ["no PROC record"], 0
    checker = Checker(recording, book, chosen_of(settings["patterns"], names), settings, offset_ns, window)
    if window is None:
        check_always(recording, status, settings["fibers"] or checker.is_guess)
        if settings["backend"] not in ("rss", "vms"):  # of the others there is none
            recording.faults = [fault for fault in recording.faults if fault != "no PEAK record"]
    checker.check()
    return recording.faults + checker.faults, checker.checked or len(recording.calls)
