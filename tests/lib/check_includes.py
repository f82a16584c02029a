#!/usr/bin/python3
"""Which file may include which: the layers, the rooms within a layer, and who owns an outside header.

usage: check_includes.py SOURCE...      paths from the root of the tree, which is the working directory

Prints one line a violation, and exits with 1 when there is one. check_layering.sh calls it.
"""
import collections
import os
import re
import sys

# The layers that a layer may include, besides itself. Everything may include base.
LAYERS = {
    "main": "cli",
    "cli": "loop probe tracee proc arch perf sample record job symbols plot",
    "loop": "probe tracee proc arch perf sample record job symbols",
    "probe": "tracee proc arch symbols",
    "tracee": "proc arch",
    "sample": "proc",
    "perf": "arch",
    "proc": "",
    "arch": "",
    "record": "job",
    "job": "",
    "api": "sample proc record",
    "symbols": "",
    "plot": "",
    "base": "",
}

# The rooms of a layer, from the roof down: a room may include itself and those of the lines below it,
# not its neighbours in its own line. A room is a folder; "." are the files that lie in the layer's own
# folder. Some of these stand on another floor: "NAME: FILE FILE", with the folder NAME if there is one.
# A layer that is not here has no folders.
ROOMS = {
    "cli": """
        .
        complete
        funcs mark memit perfdata
        lines live plot record report
        profiles
        terminal
        options
        shared: command
        """,
    "loop": """
        .
        break_actions
        attach overhead
        dispatch
        hit
        signals
        python
        breaks
        calls
        pairing
        growth lines
        stacks
        memory
        state
        """,
    "probe": """
        .
        arming inlined lines watch
        jump
        image: image image_window site probe_set
        fallback
        patch
        code ring
        """,
    "proc": """
        groups
        .
        """,
    "api": """
        examples
        .
        """,
    "arch": """
        x86_64 aarch64 no_probes
        .
        """,
    "symbols": """
        code usdt
        file
        lines
        dwarf
        elf pattern
        place unwind names
        """,
    "plot": """
        html live
        jobs
        report compare export window term
        lines
        plplot
        layout
        model
        ranks
        parts
        stacks
        totals
        follow
        records
        profile
        text
        """,
    "base": """
        memory
        .
        """,
}

# Headers of outside libraries: what is included, and the only files that may.
OWNED = """
    elfutils/libdwfl    symbols/elf/[a-z_]+
    elfutils/libdw      symbols/(elf|dwarf|lines)/[a-z_]+
    dwarf\\.h           symbols/(elf|dwarf|lines)/[a-z_]+
    (libelf|gelf)\\.h   symbols/(elf|dwarf|lines|file|usdt)/[a-z_]+
    libunwind           symbols/unwind/[a-z_]+
    pcre2               symbols/names/[a-z_]+
    libiberty/          symbols/(elf|names)/[a-z_]+
    plplot              plot/plplot/[a-z_]+
    cairo               plot/(plplot|window)/[a-z0-9_]+
    pango               plot/window/[a-z0-9_]+
    fontconfig          plot/plplot/[a-z_]+
    X11/                plot/window/[a-z0-9_]+
    chafa               plot/term/[a-z_]+
    linux/perf_event    tracer/(perf|arch/[a-z0-9_]+)/[a-z_]+
    asm/perf_regs\\.h    tracer/arch/[a-z0-9_]+/[a-z_]+
    sys/ptrace\\.h      tracer/tracee/ptrace_ops
    linux/ptrace\\.h    tracer/(tracee/[a-z_]+|loop/dispatch/stop)
    sys/user\\.h        tracer/(tracee|arch)/[a-z_]+
    sys/procfs\\.h      tracer/tracee/core_notes
    Zydis               tracer/arch/x86_64/[a-z_]+
    zlib\\.h            (symbols/elf/dwarf_search|plot/html/packer)
    argp\\.h            tracer/cli/([a-z]+/)?[a-z_]+
    """

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.MULTILINE)

Place = collections.namedtuple("Place", "layer room floor")


def table_of_rooms(text):
    """{folder or file's stem: (room, floor)}; the roof has the highest floor."""
    lines = [line.strip() for line in text.strip().splitlines()]
    rooms = {}
    for floor, line in zip(range(len(lines), 0, -1), lines):
        names, _, files = line.partition(":")
        rooms.update({room: (room, floor) for room in names.split()})
        rooms.update({f"./{stem}": (names, floor) for stem in files.split()})
    return rooms


TABLES = {layer: table_of_rooms(text) for layer, text in ROOMS.items()}
OWNERS = [tuple(re.compile(word) for word in line.split()) for line in OWNED.strip().splitlines()]


def node(path):
    """A .c with its .h, and X_private.h with them: one thing."""
    return re.sub(r"(_private)?\.[ch]$", "", path)


def place(path):
    """Where @path stands; None: in no layer, or in no room of its layer that the table knows."""
    words = path.split("/")
    if path == "tracer/main.c":
        return Place("main", ".", 1)
    depth = 2 if words[0] == "tracer" else 1
    layer, inner = words[depth - 1], words[depth:]
    if len(words) <= depth or layer not in LAYERS:
        return None
    if layer not in TABLES:
        return Place(layer, ".", 1) if len(inner) == 1 else None
    table = TABLES[layer]
    folder = "/".join(inner[:-1])
    found = table.get(folder) if folder else table.get(f"./{node(inner[-1])}") or table.get(".")
    return Place(layer, *found) if found else None


def name_of_room(where):
    return where.layer if where.room == "." else f"{where.layer}/{where.room}"


def check_arrow(path, header):
    """One include of a file of our own."""
    source, target = place(path), place(header)
    if not os.path.exists(header) or os.path.normpath(header) != header:
        yield f'{path}: includes "{header}", which is no path from the root of the tree'
    elif target is None:
        yield f'{path}: includes "{header}", which is in no known layer and room'
    elif source is None:
        return  # told once, for the file
    elif source.layer != target.layer:
        if target.layer != "base" and target.layer not in LAYERS[source.layer].split():
            yield f'{path}: {source.layer} must not include {target.layer} ("{header}")'
    elif source.room != target.room and source.floor <= target.floor:
        yield f'{path}: {name_of_room(source)} must not include {name_of_room(target)} ("{header}")'


def check_outside(path, header):
    for what, owner in OWNERS:
        if what.match(header) and not owner.fullmatch(path[:-2]):
            yield f"{path}: <{header}> belongs to {owner.pattern} alone"
            return


def check_own_header(path, includes):
    own = path[:-1] + "h"
    if path.endswith(".c") and os.path.exists(own) and (not includes or includes[0][0] != own):
        yield f'{path}: must include its own header, "{own}", first'


def shortest_way(arrows, start, end):
    """The nodes from @start to @end, both included; None: there is no way."""
    ways = collections.deque([(start,)])
    seen = {start}
    while ways:
        way = ways.popleft()
        if way[-1] == end:
            return way
        for following in sorted(arrows[way[-1]] - seen):
            seen.add(following)
            ways.append(way + (following,))
    return None


def check_circles(arrows):
    """Tells the shortest circle and cuts it, until there is none: each arrow is told of once."""
    while True:
        # An arrow to a node that leads nowhere is in no circle.
        while ends := set().union(*arrows.values()) - {name for name in arrows if arrows[name]}:
            for name in arrows:
                arrows[name] -= ends
        circles = []
        for name in sorted(arrows):
            ways = [shortest_way(arrows, following, name) for following in sorted(arrows[name])]
            circles += [(name,) + way for way in ways if way]
        if not circles:
            return
        circle = min(circles, key=len)
        yield "circle: " + " -> ".join(circle)
        for first, second in zip(circle, circle[1:]):
            arrows[first].discard(second)


def check(paths):
    arrows = collections.defaultdict(set)
    for path in paths:
        with open(path, encoding="utf-8") as file:
            includes = INCLUDE.findall(file.read())
        if place(path) is None:
            yield f"{path}: is in no known layer and room"
        yield from check_own_header(path, includes)
        for ours, outside in includes:
            if outside:
                yield from check_outside(path, outside)
                continue
            yield from check_arrow(path, ours)
            if node(ours) != node(path):
                arrows[node(path)].add(node(ours))
    yield from check_circles(arrows)


def main():
    violations = list(check(sys.argv[1:]))
    print("\n".join(violations), end="\n" if violations else "")
    return 1 if violations else 0


sys.exit(main())
