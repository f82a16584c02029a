# Runs inside a traced CPython (3.8 and later), before the program's first line: finds the functions
# that were asked for and makes each say when it is entered and left. Or, from 3.12 on, in one that runs already.
#
# Its text is part of the mprof-trace binary; loop/python.c runs it in a dictionary of its own, which
# already holds WANTED: the last words of the names asked for, or None when any function may be;
# ATTACHED: whether the program runs already; LINES: whether each of their lines is to be told, too.
#
# All that it says goes through mark(): a C function that hardly any program calls and that does
# nothing, where the tracer has a site. Without a tracer (after a release) it goes on doing nothing.
import builtins
import sys

modules_before = set(sys.modules)
from _operator import is_not as mark

if sys.version_info < (3, 12):
    import gc
    import opcode
if LINES and sys.version_info < (3, 12):
    from _thread import _local as thread_local
for name in set(sys.modules) - modules_before:
    del sys.modules[name]  # the program's own import finds things as they would have been

HEAD = b"\x7fmprof-trace\x7f"
FUNCTION = 1  # CO_OPTIMIZED: neither a module nor a class body
SUSPENDS = 0x20 | 0x80 | 0x100 | 0x200  # generators, coroutines
TOOL = "mprof-trace"
KEPT = ".mprof-trace"  # a name that no local variable has
SAID_MAX = 4096
VERSION = sys.version_info[:2]
get_frame = sys._getframe


def text(name):
    return name.encode("utf-8", "replace").replace(b"\0", b"?").replace(b"\n", b"?")[:480]


said_for_ever = {}  # name -> what is said of it


def says(name):
    """
    What is said when the function of this name is entered, returns, and is thrown out of. Objects that stay
    for ever have capital letters: the tracer may know them by their addresses.
    """
    found = said_for_ever.get(name)
    if found is None:
        stays = len(said_for_ever) < SAID_MAX
        kinds = (b"E", b"R", b"U") if stays else (b"e", b"r", b"u")
        found = tuple(HEAD + kind + text(name.replace(" ", "\u00a0")) + b"\0" for kind in kinds)
        if stays:
            found = said_for_ever.setdefault(name, found)
    return found


class LineMarks(dict):
    """Line -> what is said when control comes to it, of the function of this name."""

    def __init__(self, name):
        self.kind = b"L" if len(lines_for_ever) < SAID_MAX else b"l"
        self.name = text(name.replace(" ", "\u00a0"))
        self.suspends, self.resumes = (self.mark(kind, b"") for kind in (b"Y", b"S"))

    def mark(self, kind, what):
        kind = kind if self.kind == b"L" else kind.lower()
        return HEAD + kind + what + self.name + b"\0"

    def __missing__(self, line):
        found = self.mark(self.kind, b"%d " % (line or 0))
        if self.kind == b"L":
            found = self.setdefault(line, found)
        return found


lines_for_ever = {}  # name -> LineMarks


def line_marks(name):
    found = lines_for_ever.get(name)
    if found is None:
        found = LineMarks(name)
        if found.kind == b"L":
            found = lines_for_ever.setdefault(name, found)
    return found


def lines_in(code):
    """The lines of @code, but for those of what it defines."""
    if hasattr(code, "co_lines"):
        return {line for start, end, line in code.co_lines() if line}
    line, tab, found = code.co_firstlineno, code.co_lnotab, set()
    for i in range(0, len(tab), 2):
        line += tab[i + 1] - (256 if tab[i + 1] > 127 else 0)
        found.add(line)
    return found


def make_marks(code, name):
    """LineMarks, which know all lines already: what is made later is counted to a line."""
    marks = line_marks(name)
    for each in [code] + parts(code):
        for line in sorted(lines_in(each)):
            marks[line]
    return marks


def trial(numbers):
    """Its lines are told to a tracer who knows nothing of it, so that the interpreter has all that takes in memory."""
    found = 0
    for number in numbers:
        found += number
    return found


def parts(code):
    """The codes of what a function runs as if it were its own text: comprehensions, generator expressions."""
    found = []
    for const in code.co_consts:
        if type(const) is type(code) and const.co_name[:1] == "<" and const.co_name != "<lambda>":
            found.append(const)
            found += parts(const)
    return found


def last_line(code):
    """Of the text of @code, as far as there is code."""
    last = max(lines_in(code), default=code.co_firstlineno)
    if hasattr(code, "co_positions"):
        for start, end, left, right in code.co_positions():
            last = max(last, end or 0)
    for const in code.co_consts:
        if type(const) is type(code):
            last = max(last, last_line(const))
    return last


def asking(name, code):
    place = (code.co_firstlineno, last_line(code) if LINES else 0, text(name), text(code.co_filename))
    return b"?%d-%d %s\0%s\n" % place


def ask(found):
    """Which of the (name, code) pairs are wanted: the tracer writes its answers over the question."""
    if not found:
        return []
    question = HEAD + b"?" + b"".join([asking(name, code) for name, code in found])
    mark(question, question)
    answers = question[len(HEAD) + 1 :].split(b"\n")
    return [pair for pair, answer in zip(found, answers) if answer[:1] == b"+"]


def may_be_wanted(name):
    if name[:1] == "<" and name != "<lambda>":
        return False  # comprehensions and the like are nobody's functions
    return WANTED is None or name in WANTED


def nested(code, prefix, found, wants=may_be_wanted):
    """Collects (full name, code) of the functions that @code defines, at any depth."""
    for const in code.co_consts:
        if type(const) is not type(code):
            continue
        name = prefix + const.co_name
        if const.co_flags & FUNCTION:
            if wants(const.co_name):
                found.append((name, const))
            nested(const, name + ".<locals>.", found, wants)
        else:
            nested(const, name + ".", found, wants)
    return found


def module_of(names):
    module = names.get("__name__")
    return module if type(module) is str else "?"


# ---- What @profile stands before ----

# Of memory_profiler, which a program may import; mprof's is our own (below). Each has a parameter "func".
DECORATORS = ("profile", "LineProfiler.__call__", "TimeStamper.__call__")
recorded = {}  # id of code -> that code, and the one that its function has since


def is_decorator_name(name):
    return name == "profile" or name == "__call__"


def is_memory_profiler(code):
    return code.co_filename.rpartition("/")[2] == "memory_profiler.py"


def decorated(func):
    """A function of the program, perhaps in a static or class method, or None. Never fails."""
    try:
        function = getattr(func, "__func__", func)
        if type(function) is not type(ask):
            return
        code = function.__code__
        if id(code) not in recorded:
            name = "%s.%s" % (function.__module__, function.__qualname__)
            asked = HEAD + b"!" + asking(name, code)
            if choose_function is None:
                return
            mark(asked, asked)
            choose_function(function, name)
            both = (code, function.__code__)
            recorded[id(both[0])] = recorded[id(both[1])] = both
        elif recorded[id(code)][1] is not code:
            function.__code__ = recorded[id(code)][1]
    except Exception as error:
        warn(error)


def use_monitoring():
    """Python 3.12 and later: the interpreter reports the starts and ends of chosen code."""
    monitoring = sys.monitoring
    events = monitoring.events
    for tool in (4, 3, 5, 2, 1, 0):
        if monitoring.get_tool(tool) == TOOL:
            # Of a recorder that was killed, or whose program has slept since it left.
            monitoring.set_events(tool, 0)
            monitoring.free_tool_id(tool)
        if monitoring.get_tool(tool) is None:
            break
    else:
        warn(RuntimeError("all tools of sys.monitoring are in use"))
        return None
    monitoring.use_tool_id(tool, TOOL)
    chosen = {}  # id of code -> what it says, and the code itself, so that the id stays its own
    begins, returns, throws = {}, {}, {}  # the same, each for itself, of what is no generator
    asked = set()
    disable = monitoring.DISABLE

    def choose(code, name):
        if id(code) in chosen:
            return
        if not chosen:
            monitoring.set_events(tool, events.PY_START | events.PY_UNWIND)
        said = says(name)
        if not code.co_flags & SUSPENDS:
            returns[id(code)], throws[id(code)] = said[1:]
            if not is_decorator_name(code.co_name):
                begins[id(code)] = said[0]
        chosen[id(code)] = said + (code,)
        monitoring.set_local_events(tool, code, events.PY_RETURN)
        if LINES:
            choose_lines(code, make_marks(code, name))

    # id of code -> LineMarks: of what does not suspend, or is a part of something else; and of what does.
    lines, suspended_lines = {}, {}
    line_numbers = {}  # id of code -> {offset: line}

    def choose_lines(code, marks):
        wanted = events.PY_RETURN | events.LINE | events.JUMP
        for part in parts(code):
            lines[id(part)] = marks
            monitoring.set_local_events(tool, part, events.LINE | events.JUMP)
        if code.co_flags & SUSPENDS:
            suspended_lines[id(code)] = marks
            wanted |= events.PY_YIELD | events.PY_RESUME
        else:
            lines[id(code)] = marks
        monitoring.set_local_events(tool, code, wanted)

    def came_to_line(code, line):
        marks = lines.get(id(code))
        if marks is not None:
            said = marks[line]
            mark(said, said)
            return
        marks = suspended_lines.get(id(code))
        if marks is not None:
            mark(marks[line], suspended())

    def jumped(code, offset, target):
        """Back on one line, as in a loop of one line, it runs once more; as sys.settrace() has it."""
        if target > offset:
            return disable
        numbers = line_numbers.get(id(code))
        if numbers is None:
            numbers = line_numbers[id(code)] = {}
            for start, end, line in code.co_lines():
                for at in range(start, end, 2):
                    numbers[at] = line
        line = numbers.get(target)
        if line is None or line != numbers.get(offset):
            return disable
        marks = lines.get(id(code))
        if marks is not None:
            mark(marks[line], marks[line])
            return
        marks = suspended_lines.get(id(code))
        if marks is not None:
            mark(marks[line], suspended())

    def yielded(code, offset, value):
        marks = suspended_lines.get(id(code))
        if marks is not None:
            mark(marks.suspends, suspended())

    def resumed(code, offset):
        marks = suspended_lines.get(id(code))
        if marks is not None:
            mark(marks.resumes, suspended())

    def consider(code, frame):
        if code.co_flags & FUNCTION:
            if not may_be_wanted(code.co_name) or id(code) in asked:
                return
            if frame.f_globals is globals():
                return  # our own
            found = [(module_of(frame.f_globals) + "." + code.co_qualname, code)]
        else:
            prefix = module_of(frame.f_globals) + "."
            if code.co_name != "<module>":
                return  # a class body: its module has been looked at
            found = nested(code, prefix, [])
            if len(asked) < 1000000:
                asked.update([id(code) for name, code in found])
        for name, code in ask(found):
            choose(code, name)

    class Closing:
        """
        Held by the frame of a generator: from 3.13 on, close() may end one and report nothing. Its
        address is what tells that call apart.
        """

        def __init__(self, said):
            self.said = said

        def __del__(self):
            mark(self.said, self)

    def suspended():
        """What tells apart the call of the generator or coroutine that is two frames up."""
        frame = get_frame(2)
        return frame if VERSION < (3, 13) else frame.f_locals.get(KEPT, frame)

    # Of these three, what comes first is run with every call: the rest is rare.
    def started(code, offset):
        said = begins.get(id(code))
        if said is not None:
            mark(said, said)
            return
        if gone[IS_GONE]:
            return leave()
        decorates = (
            is_decorator_name(code.co_name)
            and code.co_qualname in DECORATORS
            and is_memory_profiler(code)
        )
        if decorates:
            decorated(get_frame(1).f_locals.get("func"))
        said = chosen.get(id(code))
        if said is None:
            consider(code, get_frame(1))
            said = chosen.get(id(code))
            if said is None:
                return None if decorates else disable
        if not code.co_flags & SUSPENDS:
            mark(said[0], said[0])
            return
        if VERSION >= (3, 13):
            get_frame(1).f_locals[KEPT] = Closing(said[1])
        mark(said[0], suspended())

    def leave():
        """The tracer has gone."""
        if monitoring.get_tool(tool) != TOOL:
            return
        monitoring.set_events(tool, 0)
        for event in callbacks:
            monitoring.register_callback(tool, event, None)
        for said in chosen.values():
            for code in [said[3]] + parts(said[3]):
                monitoring.set_local_events(tool, code, 0)
        monitoring.free_tool_id(tool)
        for each in chosen, begins, returns, throws, recorded, lines, suspended_lines, line_numbers:
            each.clear()

    def returned(code, offset, value):
        if gone[IS_GONE]:
            return leave()
        said = returns.get(id(code))
        if said is not None:
            mark(said, said)
        elif id(code) in chosen:
            mark(chosen[id(code)][1], suspended())

    def unwound(code, offset, exception):
        said = throws.get(id(code))
        if said is not None:
            mark(said, said)
        elif id(code) in chosen:
            mark(chosen[id(code)][2], suspended())

    callbacks = {events.PY_START: started, events.PY_RETURN: returned, events.PY_UNWIND: unwound}
    if LINES:
        callbacks[events.LINE] = came_to_line
        callbacks[events.JUMP] = jumped
        callbacks[events.PY_YIELD] = yielded
        callbacks[events.PY_RESUME] = resumed
    for event, callback in callbacks.items():
        monitoring.register_callback(tool, event, callback)
    if LINES:
        choose_lines(trial.__code__, make_marks(trial.__code__, "<trial>"))
        trial(range(3))
        monitoring.set_local_events(tool, trial.__code__, 0)
    monitoring.set_events(tool, events.PY_START)
    if ATTACHED:
        # What an earlier one has asked not to be told of any more; of other tools too, which ask again.
        monitoring.restart_events()

    def choose_function(function, name):
        choose(function.__code__, name)

    return choose_function


# ---- Before 3.12: the code of chosen functions is written anew, with marks in it ----


class Item:
    """One instruction. @at: its offset in the old code, -1 for one of ours."""

    __slots__ = ("op", "arg", "at", "end", "target", "caches", "where", "extra", "source")

    def __init__(self, op, arg, at=-1, caches=0, source=None):
        self.op, self.arg, self.at, self.caches = op, arg, at, caches
        self.end = self.where = self.extra = 0
        self.target = None  # an item: what a jump goes to
        self.source = source  # the old instruction whose line this one has

    def units(self):
        return self.extra + 1 + self.caches


def jump_target(opcode, item, unit):
    if item.op in opcode.hasjabs:
        return item.arg * unit
    if item.op not in opcode.hasjrel:
        return None
    back = "BACKWARD" in opcode.opname[item.op]
    return item.end + (-item.arg if back else item.arg) * unit


def decode(code, unit):
    caches = getattr(opcode, "_inline_cache_entries", None)
    raw, items, at, start, arg = code.co_code, [], 0, 0, 0
    while at < len(raw):
        op, arg = raw[at], arg << 8 | raw[at + 1]
        at += 2
        if op == opcode.EXTENDED_ARG:
            continue
        item = Item(op, arg, start, caches[op] if caches else 0)
        at += 2 * item.caches
        item.end = start = at
        arg = 0
        items.append(item)
    by_offset = {item.at: item for item in items}
    for item in items:
        target = jump_target(opcode, item, unit)
        if target is not None:
            item.target = by_offset[target]
    return items


def layout(items, first_of, unit):
    """Gives each item its place; a longer argument moves what is behind it, so until all fit."""
    changed = True
    while changed:
        changed, where = False, 0
        for item in items:
            item.where = where
            where += 2 * item.units()
        for item in items:
            if item.target is not None:
                to = first_of.get(item.target, item.target).where
                end = item.where + 2 * item.units()
                if item.op in opcode.hasjabs:
                    item.arg = to // unit
                else:
                    item.arg = abs(to - end) // unit
            extra = max(item.extra, (max(item.arg.bit_length(), 1) - 1) // 8)
            changed |= extra != item.extra
            item.extra = extra
    raw = bytearray()
    for item in items:
        for i in range(item.extra, 0, -1):
            raw += bytes((opcode.EXTENDED_ARG, item.arg >> 8 * i & 255))
        raw += bytes((item.op, item.arg & 255)) + bytes(2 * item.caches)
    return bytes(raw)


def varint(out, value, mark_first=0):
    """Groups of 6 bits, the least first, as in the location table of 3.11."""
    while value > 63:
        out.append(value & 63 | 64)
        value >>= 6
    out.append(value)


def lines_of_old(code, items):
    """Item -> its line, by co_lnotab (3.8, 3.9) or co_lines (3.10)."""
    lines = {}
    if hasattr(code, "co_lines"):
        spans = list(code.co_lines())
    else:
        spans, line, start, tab = [], code.co_firstlineno, 0, code.co_lnotab
        for i in range(0, len(tab), 2):
            if tab[i]:
                spans.append((start, start + tab[i], line))
                start += tab[i]
            line += tab[i + 1] - (256 if tab[i + 1] > 127 else 0)
        spans.append((start, len(code.co_code), line))
    which = 0
    for item in items:
        while which + 1 < len(spans) and item.at >= spans[which][1]:
            which += 1
        lines[item] = spans[which][2] if spans else None
    return lines


def lnotab(code, items, lines):
    """3.8 and 3.9."""
    out, line, at = bytearray(), code.co_firstlineno, 0
    for item in items:
        new = lines.get(item.source or item, line)
        if new == line or new is None:
            continue
        step, delta, at, line = item.where - at, new - line, item.where, new
        while step > 255:
            out += b"\xff\0"
            step -= 255
        while not -128 <= delta <= 127:
            part = 127 if delta > 0 else -128
            out += bytes((step, part & 255))
            step, delta = 0, delta - part
        out += bytes((step, delta & 255))
    return bytes(out)


def linetable_310(code, items, lines):
    out, line, i = bytearray(), code.co_firstlineno, 0
    while i < len(items):
        new, start = lines.get(items[i].source or items[i]), items[i].where
        while i < len(items) and lines.get(items[i].source or items[i]) == new:
            i += 1
        size = items[i].where - start if i < len(items) else items[-1].where + 2 * items[-1].units() - start
        delta = -128 if new is None else new - line
        if new is not None:
            line = new
            while not -127 <= delta <= 127:
                part = 127 if delta > 0 else -127
                out += bytes((0, part & 255))
                delta -= part
        while size > 254:
            out += bytes((254, delta & 255))
            size, delta = size - 254, -128 if new is None else 0
        out += bytes((size, delta & 255))
    return bytes(out)


def linetable_311(code, items):
    positions = list(code.co_positions())
    out, line = bytearray(), code.co_firstlineno
    for item in items:
        old = item.source or item
        place = (None,) * 4 if old.at < 0 else positions[(old.end - 2 * old.caches) // 2 - 1]
        left = item.units()
        while left > 0:
            size = min(left, 8)
            left -= size
            if place[0] is None:
                out.append(0x80 | 15 << 3 | size - 1)
                continue
            delta = place[0] - line
            line = place[0]
            short = None in place
            out.append(0x80 | (13 if short else 14) << 3 | size - 1)
            varint(out, (-delta << 1 | 1) if delta < 0 else delta << 1)
            if not short:
                varint(out, place[1] - place[0])
                varint(out, place[2] + 1)
                varint(out, place[3] + 1)
    return bytes(out)


def read_exception_table(table):
    values, value = [], None
    for byte in table:
        value = byte & 63 if byte & 128 or value is None else value << 6 | byte & 63
        if not byte & 64:
            values.append(value)
            value = None
    return [values[i : i + 4] for i in range(0, len(values), 4)]


def exception_table_311(code, items, first_of, handler):
    """The old ranges in their new places, and ours wherever there was none."""
    by_offset = {item.at: item for item in items if item.at >= 0}

    def place(offset):
        item = by_offset.get(offset)
        return (handler if item is None else first_of.get(item, item)).where // 2

    ranges, last = [], 0
    for start, size, target, depth in sorted(read_exception_table(code.co_exceptiontable)):
        start, end = place(2 * start), place(2 * (start + size))
        if last < start:
            ranges.append((last, start, handler.where // 2, 1))
        ranges.append((start, end, place(2 * target), depth))
        last = end
    if last < handler.where // 2:
        ranges.append((last, handler.where // 2, handler.where // 2, 1))
    out = bytearray()
    for start, end, target, depth in ranges:
        for i, value in enumerate((start, end - start, target, depth)):
            groups = [value & 63]
            while value > 63:
                value >>= 6
                groups.append(value & 63)
            groups = [group | 64 for group in groups[:0:-1]] + groups[:1]
            groups[0] |= 0 if i else 128
            out += bytes(groups)
    return bytes(out)


def with_marks(code, name):
    """@code with marks at its start, before each return, and where an exception leaves it."""
    if LINES:
        return with_lines(code, name)
    return with_calls(code, mark, says(name), code.co_flags & SUSPENDS)


def with_lines(code, name):
    traced = Traced(code, name)
    said = says(name)
    what = tuple((kind == 0, said[kind], traced) for kind in range(3))
    marked = with_calls(code, moment, what, True)
    traced.code = marked  # so that the id stays its own
    traced_codes[id(marked)] = traced.resumed
    for part in parts(marked):
        traced_codes[id(part)] = traced.part_called
    return marked


# ---- Lines before 3.12: a trace function on the frames of chosen functions ----

# In each thread sys.settrace() is on while chosen functions are active there; and while there are chosen generators
# and coroutines, since nobody else tells when one is resumed.
traced_codes = {}  # id of code -> what is called with a frame that is entered or resumed
suspendable = set()  # ids of their frames
tracing = thread_local() if LINES and VERSION < (3, 12) else None


class Traced:
    def __init__(self, code, name):
        self.marks = make_marks(code, name)
        self.suspends = code.co_flags & SUSPENDS
        self.handler_at = sys.maxsize  # up to 3.9: offset of what is no line of the function
        self.local = self.generator_line if self.suspends else self.line

    def line(self, frame, event, arg):
        if event == "line" and frame.f_lasti < self.handler_at:
            said = self.marks[frame.f_lineno]
            mark(said, said)
        return self.local

    def generator_line(self, frame, event, arg):
        if event == "line" and frame.f_lasti < self.handler_at:
            mark(self.marks[frame.f_lineno], frame)
        elif event == "return":
            mark(self.marks.suspends, frame)
        return self.local

    def resumed(self, frame):
        """The frame is entered, which the code itself tells; or resumed."""
        if frame.f_trace is not self.local:
            return None
        mark(self.marks.resumes, frame)
        return self.local

    def part_called(self, frame):
        return self.part_line

    def part_line(self, frame, event, arg):
        if event == "line":
            said = self.marks[frame.f_lineno]
            mark(said, said)
        return self.part_line


def try_tracing():
    traced = Traced(trial.__code__, "<trial>")
    traced_codes[id(trial.__code__)] = traced.part_called
    sys.settrace(trace_calls)
    trial(range(3))
    sys.settrace(None)


def trace_calls(frame, event, arg):
    called = traced_codes.get(id(frame.f_code))
    return None if called is None else called(frame)


def moment(what, frame):
    """The function of @frame begins, or ends."""
    begins, said, traced = what
    if not begins and frame.f_trace is traced.local:
        return stop_tracing(said, traced, frame)
    mark(said, frame if traced.suspends else said)
    if not begins:
        return
    current = sys.gettrace()
    if current is None:
        sys.settrace(trace_calls)
    elif current is not trace_calls:
        if not hasattr(tracing, "warned"):
            tracing.warned = True
            warn(RuntimeError("lines are not recorded where a debugger or the like traces"))
        return
    if traced.suspends:
        suspendable.add(id(frame))
    else:
        tracing.depth = getattr(tracing, "depth", 0) + 1
    frame.f_trace = traced.local
    if VERSION < (3, 10):  # the first line has begun before it was set, at our own code
        traced.local(frame, "line", None)


def stop_tracing(said, traced, frame):
    frame.f_locals  # up to 3.10 it holds what the frame had at its last line
    mark(said, frame if traced.suspends else said)
    frame.f_trace = None
    depth = getattr(tracing, "depth", 0)
    if traced.suspends:
        suspendable.discard(id(frame))
    else:
        depth -= 1
        tracing.depth = depth
    if depth == 0 and not suspendable and sys.gettrace() is trace_calls:
        sys.settrace(None)


def decorating(is_entered, frame):
    if is_entered:
        decorated(frame.f_locals.get("func"))


def with_calls(code, called, what, wants_frame):
    """
    @code with calls of called(x, x) or called(x, frame): x is one of the three in @what, for the start,
    before each return, and where an exception leaves it.
    """
    if any(const is called for const in code.co_consts):
        return code
    op = opcode.opmap
    unit = 1 if VERSION < (3, 10) else 2
    items = decode(code, unit)
    base = len(code.co_consts)
    consts = code.co_consts + (called, get_frame) + what
    caches = getattr(opcode, "_inline_cache_entries", None)

    def one(opname, arg=0, source=None):
        number = op[opname]
        return Item(number, arg, -1, caches[number] if caches else 0, source)

    def say(which, source=None):
        # Without the frame where it is not wanted: sys._getframe() is an audited event and not free.
        new = VERSION >= (3, 11)
        null = [("PUSH_NULL", 0)] if new else []
        call = [("PRECALL", 2), ("CALL", 2)] if new else [("CALL_FUNCTION", 2)]
        frame = [("PRECALL", 0), ("CALL", 0)] if new else [("CALL_FUNCTION", 0)]
        steps = null + [("LOAD_CONST", base), ("LOAD_CONST", base + 2 + which)]
        if not wants_frame:
            steps += [("LOAD_CONST", base + 2 + which)]
        else:
            steps += null + [("LOAD_CONST", base + 1)] + frame
        steps += call
        return [one(opname, arg, source) for opname, arg in steps + [("POP_TOP", 0)]]

    # Up to 3.9 each instruction has a line: not one that who follows lines would see besides.
    first = items[0] if VERSION < (3, 10) else None
    begin = say(0, first)
    if VERSION >= (3, 11):
        handler = say(2) + [one("RERAISE", 1)]
        leave = []
    else:
        setup = one("SETUP_FINALLY", 0, first)
        begin = [setup] + begin
        again = "END_FINALLY" if VERSION == (3, 8) else "RERAISE"
        handler = say(2) + [one(again, int(VERSION == (3, 10)))]  # 1: back to the line of the raise
        setup.target = handler[0]
        leave = ["POP_BLOCK"]

    new, first_of, begun = [], {}, False
    for item in items:
        if not begun and VERSION < (3, 11) and item.op != op.get("GEN_START"):
            new += begin
            begun = True
        if item.op == op["RETURN_VALUE"]:
            prefix = [one(opname, 0, item) for opname in leave] + say(1, item)
            first_of[item] = prefix[0]
            new += prefix
        new.append(item)
        if not begun and VERSION >= (3, 11) and item.op == op["RESUME"]:
            new += begin
            begun = True
    new += handler
    raw = layout(new, first_of, unit)
    if called is moment and VERSION < (3, 10):
        what[0][2].handler_at = handler[0].where
    changes = {"co_code": raw, "co_consts": consts, "co_stacksize": code.co_stacksize + 14}
    if VERSION >= (3, 11):
        changes["co_linetable"] = linetable_311(code, new)
        changes["co_exceptiontable"] = exception_table_311(code, new, first_of, handler[0])
    elif VERSION == (3, 10):
        changes["co_linetable"] = linetable_310(code, new, lines_of_old(code, items))
    else:
        changes["co_lnotab"] = lnotab(code, new, lines_of_old(code, items))
    return code.replace(**changes)


def replaced(code, names, decorators):
    """
    @code with those of the codes nested in it that @names (id -> full name) has, with marks; and with
    those whose ids @decorators has saying what they are called for.
    """
    changed = False
    consts = list(code.co_consts)
    for i, const in enumerate(consts):
        if type(const) is type(code):
            consts[i] = replaced(const, names, decorators)
            changed |= consts[i] is not const
    result = code.replace(co_consts=tuple(consts)) if changed else code
    if id(code) in names:
        result = with_marks(result, names[id(code)])
    return with_decorating(result) if id(code) in decorators else result


def with_decorating(code):
    return with_calls(code, decorating, (True, False, False), True)


def decorators_in(code):
    """The ids of memory_profiler's decorators, if @code is its module's."""
    if not is_memory_profiler(code):
        return ()
    return {id(found) for name, found in nested(code, "", [], is_decorator_name) if name in DECORATORS}


def adopt_code(code, names):
    """Code is about to be executed in the namespace @names: other code for it, or None."""
    try:
        if type(code) is not type(adopt_code.__code__) or code.co_flags & FUNCTION:
            return None
        wanted = {id(found): name for name, found in ask(nested(code, module_of(names) + ".", []))}
        decorators = decorators_in(code)
        return replaced(code, wanted, decorators) if wanted or decorators else None
    except Exception as error:
        warn(error)
        return None


def choose_marked(function, name):
    try:
        function.__code__ = with_marks(function.__code__, name)
    except Exception as error:
        warn(error)


def adopt_loaded():
    """Functions of modules that the interpreter has loaded for itself."""
    found = []
    for function in gc.get_objects():
        if type(function) is not type(ask) or function.__globals__ is globals():
            continue
        if function.__qualname__ in DECORATORS and is_memory_profiler(function.__code__):
            function.__code__ = with_decorating(function.__code__)
        if may_be_wanted(function.__name__) and type(function.__module__) is str:
            function_name = function.__module__ + "." + function.__qualname__
            found.append((function_name, function.__code__, function))
    wanted = {id(code): name for name, code in ask([each[:2] for each in found])}
    for name, code, function in found:
        if id(code) in wanted:
            choose_marked(function, name)


def warn(error):
    mark(HEAD + b"W" + text("%s: %s" % (type(error).__name__, error)) + b"\0", None)


# ---- mprof's @profile ----


class Block:
    """What profile.timestamp() gives: a block of code under a name."""

    def __init__(self, name):
        self.says = says(name)

    def __enter__(self):
        mark(self.says[0], self)
        return self

    def __exit__(self, kind, value, traceback):
        mark(self.says[1 if kind is None else 2], self)


class Profile:
    """The decorator that mprof puts into builtins."""

    def __call__(self, func=None, precision=1, **ignored):
        if func is None:
            return self
        decorated(func)
        return func

    def timestamp(self, name="<block>"):
        return Block(name)


none = None
# The tracer makes its last byte 1 when it has gone: what is left of us then takes itself away.
IS_GONE = len(HEAD)
gone = HEAD + bytes(1)


def ready():
    """
    mark() can be heard from now on. What is to be asked about all code that will be executed (before 3.12), or
    how we are told that the tracer has gone.
    """
    global choose_function
    if not ATTACHED:
        builtins.profile = Profile()
    if VERSION < (3, 12):
        choose_function = choose_marked
        if LINES:
            try_tracing()
        adopt_loaded()
        return adopt_code
    choose_function = use_monitoring()
    return None if choose_function is None else gone
