#!/usr/bin/python3
"""Checks what patch_windows says of ELF files against a disassembly by objdump, and counts it.

usage: check_patches.py PATCH_WINDOWS FILE...

patch_windows is built from our own code: it prints which bytes at each function's entry and at each
return address a jump may overwrite. Nothing here shares code with it. For each window it is asked
whether it holds whole instructions, and whether anything may enter it but at its first byte: a branch
of the whole disassembly, a symbol, an entry of a table of jumps, a pointer in data or in a relocation,
an address that code makes (lea), a landing pad of exceptions; whether a call or a system call would
return inside; and whether what follows a jump or a return is padding. Where nothing is said to be kept below the
stack pointer, that is where a function begins to which no jump of its own leads, or behind a call, where nothing
leads but its return. The window of a punned jump is one
instruction that is shorter than a jump.

Prints a table, and each fault; exits with 1 when there is one.
"""
import bisect
import collections
import re
import struct
import subprocess
import sys

JUMPS = ("single", "several", "punned")
START, ENTERED, CALL, SYSCALL, LEAVES, PADDING, BAD = (1 << bit for bit in range(7))
SHT_RELA, SHT_NOBITS = 4, 8
SHF_ALLOC, SHF_EXECINSTR = 2, 4
R_X86_64_64, R_X86_64_RELATIVE, R_X86_64_IRELATIVE = 1, 8, 37

BRANCH = re.compile(r"(?:(?:bnd|notrack|data16|rex\.W|cs|ds|repz|repnz) )*"
                    r"(j[a-z]+(?:,p[nt])?|call[ql]?|loop[a-z]*|xbegin) +([0-9a-f]+)(?: |$)")
INDIRECT = re.compile(r"(?:(?:bnd|notrack|ds) )*jmp +\*(%r[a-z0-9]+)$")
LEA = re.compile(r"lea +[-0-9a-fx]+\(%rip\),(%r[a-z0-9]+) +# ([0-9a-f]+)")
DISTANCE = re.compile(r"movslq +\((%r[a-z0-9]+),%r[a-z0-9]+,4\),(%r[a-z0-9]+)")
SUM = re.compile(r"add +(%r[a-z0-9]+),(%r[a-z0-9]+)$")
BOUND = re.compile(r"cmp[bwlq]? +\$0x([0-9a-f]+),")
LEAVING = re.compile(r"(?:(?:bnd|notrack|repz|data16|cs|ds) )*(?:jmp|ret|ud2|hlt|iret)")
CALLING = re.compile(r"(?:(?:bnd|notrack|data16|addr32|rex\.W|cs|ds) )*call")
PADS = re.compile(r"(?:(?:data16|cs) )*nop|xchg +%ax,%ax|int3")
SYSTEM = re.compile(r"syscall|sysenter|int +\$")

Section = collections.namedtuple("Section", "name kind flags address offset size")


class Elf:
    """The sections of an ELF file, and what lies in them."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        table, = struct.unpack_from("<Q", self.data, 0x28)
        size, count, names = struct.unpack_from("<HHH", self.data, 0x3A)
        raw = [struct.unpack_from("<IIQQQQ", self.data, table + i * size) for i in range(count)]
        texts = raw[names][4]
        self.sections = []
        for name, kind, flags, address, offset, length in raw:
            end = self.data.index(b"\0", texts + name)
            self.sections.append(Section(self.data[texts + name:end].decode(), kind, flags, address,
                                         offset, length))

    def loaded(self, wanted, unwanted=0):
        return [s for s in self.sections if s.kind != SHT_NOBITS and s.flags & SHF_ALLOC
                and s.flags & wanted == wanted and not s.flags & unwanted]

    def place(self, address):
        """The offset of @address in the file, and how many bytes there are; None: none."""
        for s in self.loaded(0):
            if s.address <= address < s.address + s.size:
                return s.offset + address - s.address, s.address + s.size - address
        return None

    def pointers(self):
        """Every word of data and every addend that may be an address."""
        for s in self.loaded(0, SHF_EXECINSTR):
            if s.kind == SHT_RELA:
                for _, info, addend in struct.iter_unpack("<QQq",
                                                          self.data[s.offset:s.offset + s.size]):
                    if info & 0xFFFFFFFF in (R_X86_64_64, R_X86_64_RELATIVE, R_X86_64_IRELATIVE):
                        yield addend
                continue
            begin = s.offset + -s.address % 8
            bytes_left = (s.offset + s.size - begin) // 8 * 8
            if bytes_left > 0:
                for word, in struct.iter_unpack("<Q", self.data[begin:begin + bytes_left]):
                    yield word


class Frames:
    """.eh_frame: where functions begin and end, and where exceptions arrive."""

    def __init__(self, elf):
        self.elf = elf
        self.extents = []
        self.pads = []
        for s in elf.loaded(0):
            if s.name == ".eh_frame":
                self.read(s)
        self.extents.sort()

    def uleb(self, at):
        value = shift = 0
        while True:
            byte = self.elf.data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return value, at

    def number(self, at, encoding):
        """A value of @encoding (LSB, 10.5.1), without what it is relative to."""
        if encoding & 0xF == 1:
            return self.uleb(at)
        letter = {0: "Q", 2: "H", 3: "I", 4: "Q", 0xA: "h", 0xB: "i", 0xC: "q"}[encoding & 0xF]
        return struct.unpack_from("<" + letter, self.elf.data, at)[0], at + struct.calcsize(letter)

    def pointer(self, at, encoding, address):
        value, end = self.number(at, encoding)
        return (value + address if value and encoding & 0x70 == 0x10 else value), end

    def cie(self, at):
        """{letter: encoding}, of the CIE at offset @at."""
        data = self.elf.data
        version = data[at + 8]
        end = data.index(b"\0", at + 9)
        letters = data[at + 9:end].decode()
        at = self.uleb(self.uleb(end + 1)[1])[1]
        at = at + 1 if version == 1 else self.uleb(at)[1]
        found = {"letters": letters, "R": 0, "L": 0xFF}
        if letters.startswith("z"):
            at = self.uleb(at)[1]
        for letter in letters[1:]:
            if letter == "P":
                at = self.number(at + 1, data[at])[1]
            elif letter in "LR":
                found[letter] = data[at]
                at += 1
        return found

    def read(self, section):
        data, at, cies = self.elf.data, section.offset, {}
        while at + 4 <= section.offset + section.size:
            length, = struct.unpack_from("<I", data, at)
            following = at + 4 + length
            if length:
                back, = struct.unpack_from("<I", data, at + 4)
                if back:
                    origin = at + 4 - back
                    if origin not in cies:
                        cies[origin] = self.cie(origin)
                    self.fde(at + 8, cies[origin], section.address - section.offset)
            at = following

    def fde(self, at, cie, bias):
        start, at = self.pointer(at, cie["R"], at + bias)
        length, at = self.number(at, cie["R"] & 0xF)
        if start == 0 or length == 0:
            return
        self.extents.append((start, start + length))
        if cie["L"] == 0xFF:
            return
        at = self.uleb(at)[1]
        table, _ = self.pointer(at, cie["L"], at + bias)
        place = self.elf.place(table) if table else None
        if place:
            self.call_sites(place[0], table - place[0], start)

    def call_sites(self, at, bias, base):
        data = self.elf.data
        encoding, at = data[at], at + 1
        if encoding != 0xFF:
            base, at = self.pointer(at, encoding, at + bias)
        encoding, at = data[at], at + 1
        if encoding != 0xFF:
            at = self.uleb(at)[1]
        encoding, at = data[at], at + 1
        length, at = self.uleb(at)
        end = at + length
        while at < end:
            at = self.number(self.number(at, encoding)[1], encoding)[1]
            pad, at = self.number(at, encoding)
            at = self.uleb(at)[1]
            if pad:
                self.pads.append(base + pad)


class Disassembly:
    """A byte of flags for each byte of the executable sections."""

    def __init__(self, path, elf):
        code = elf.loaded(SHF_EXECINSTR)
        self.elf = elf
        self.low = min(s.address for s in code)
        self.flags = bytearray(max(s.address + s.size for s in code) - self.low + 1)
        self.ends = {s.address + s.size for s in code}
        self.symbols = set()
        self.branches = collections.defaultdict(list)  # by target: where jumps to it are
        self.jumps = []  # (address, table, what its words count from, number of words or None)
        self.table_count = 0
        self.leas = {}
        command = ["objdump", "-d", "-z", "-w", "--no-show-raw-insn", path]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as objdump:
            self.read(objdump.stdout)
        if objdump.returncode != 0:
            sys.exit(f"objdump fails on {path}")

    def enter(self, address):
        if 0 <= address - self.low < len(self.flags):
            self.flags[address - self.low] |= ENTERED

    def read(self, lines):
        recent = collections.deque(maxlen=64)
        for line in lines:
            colon = line.find(":\t")
            if colon < 0:
                if line.endswith(">:\n"):
                    self.symbols.add(int(line[:line.index(" ")], 16))
                continue
            text = line[colon + 2:].rstrip()
            address = int(line[:colon], 16)
            self.take(address, text, recent)
            recent.append(text)

    def take(self, address, text, recent):
        flags = START
        branch = BRANCH.match(text)
        if branch:
            self.enter(int(branch[2], 16))
            if not branch[1].startswith("call"):
                self.branches[int(branch[2], 16)].append(address)
        if CALLING.match(text):
            flags |= CALL
        elif SYSTEM.match(text):
            flags |= SYSCALL
        elif PADS.match(text):
            flags |= PADDING
        elif "(bad)" in text:
            flags |= BAD
        if LEAVING.match(text):
            flags |= LEAVES
        lea = LEA.match(text)
        if lea:
            self.enter(int(lea[2], 16))
            self.leas[lea[1]] = int(lea[2], 16)
        jump = INDIRECT.match(text)
        if jump:
            self.take_jump(address, list(recent)[::-1])
        self.flags[address - self.low] |= flags

    def take_jump(self, address, before):
        """A jump through a table of distances: movslq (table,index,4); add; jmp. They may count from a label."""
        for i, text in enumerate(before[:12]):
            distance = DISTANCE.match(text)
            if not distance:
                continue
            table = self.made(distance[1], before[i:])
            added = next((m for m in map(SUM.match, before[:i]) if m), None)
            others = {added[1], added[2]} - {distance[1], distance[2]} if added else set()
            origin = self.made(others.pop(), before) if len(others) == 1 else table
            bound = next((int(cmp[1], 16) + 1 for test, cmp in
                          zip(before[i:], map(BOUND.match, before[i + 1:]))
                          if cmp and test.startswith(("ja ", "ja,", "jbe"))), None)
            if table is not None and origin is not None:
                self.jumps.append((address, table, origin, bound))
                return

    def made(self, register, before):
        """The address that the last lea has put there."""
        return next((int(m[2], 16) for m in map(LEA.match, before) if m and m[1] == register),
                    self.leas.get(register))

    def enter_tables(self, extents):
        """Words of tables count as far as the bound says, and as they lead into the function."""
        starts = [start for start, _ in extents]
        for address, table, origin, bound in self.jumps:
            place = self.elf.place(table)
            i = bisect.bisect_right(starts, address) - 1
            if place is None or i < 0:
                continue
            # A table whose length is known may lead to the function's cold part, too.
            whole = self.low, self.low + len(self.flags)
            targets = self.targets_of(origin, place, bound, *whole) if bound else []
            if not targets:
                targets = self.targets_of(origin, place, bound, *extents[i])
            if targets:
                self.table_count += 1
                for target in targets:
                    self.enter(target)

    def targets_of(self, origin, place, bound, start, end):
        """Where the words of a table lead, up to the first that leads out of [start, end)."""
        offset, left = place
        targets = []
        for k in range(min(bound or left // 4, left // 4)):
            word, = struct.unpack_from("<i", self.elf.data, offset + 4 * k)
            if not start <= origin + word < end:
                break
            targets.append(origin + word)
        # A table whose words lead to no instructions has been mistaken for another.
        return targets if all(self.flags[t - self.low] & START for t in targets) else []

    def flags_of(self, path, first, count):
        """The flags from @first on, where they begin with an instruction."""
        flags = self.flags[first - self.low:first - self.low + count + 1]
        if flags[0] & START:
            return flags
        # Data has led the disassembly astray: begun here, it is right.
        for i in range(count + 1):
            self.flags[first - self.low + i] &= ENTERED
        command = ["objdump", "-d", "-z", "-w", "--no-show-raw-insn", f"--start-address={first}",
                   f"--stop-address={first + count + 16}", path]
        said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        self.read(said.stdout.splitlines(True))
        return self.flags[first - self.low:first - self.low + count + 1]


def fault_of(code, path, address, offset, count, what):
    """What is wrong with the window of @count bytes at @offset from @address; None: nothing."""
    first = address + offset
    flags = code.flags_of(path, first, count)
    if len(flags) <= count or not flags[0] & START:
        return "no instruction of objdump's begins there"
    starts = [i for i in range(count) if flags[i] & START]
    if not flags[count] & START and first + count not in code.ends:
        return "it ends within an instruction"
    if count < 1 or count > 19 or (count < 5) != (what == "punned"):
        return "its length"
    # No thread can be in what follows a return or a jump.
    last = next((i for i in starts if flags[i] & LEAVES), starts[-1])
    run = [i for i in starts if i <= last]
    # A thread may be between an endbr64 and what follows it.
    if what != "punned" and (what == "single") != (len(run) == 1 and offset == 0):
        return f"threads run through {len(run)} instructions"
    if what == "punned" and len(starts) != 1:
        return f"there are {len(starts)} instructions"
    if any(flag & ENTERED for flag in flags[0 if offset else 1:count]):
        return "something leads inside"
    if any(address + i in code.symbols for i in range(1, offset + count)):
        return "a symbol is inside"
    leaves = False
    for i in starts:
        if leaves and not flags[i] & PADDING:
            return "what follows its end is no padding"
        if flags[i] & BAD:
            return "it is no code"
        if flags[i] & CALL and i != starts[-1]:
            return "a call is inside"
        if flags[i] & SYSCALL and not (leaves and flags[i] & PADDING):
            return "a system call is inside"
        leaves = leaves or flags[i] & LEAVES
    return None


def kept_fault_of(code, extents, kind, address, offset):
    """Why something may be kept below the stack pointer there, where nothing is said to be; None: nothing is."""
    at = address - code.low
    before = next((i for i in range(1, 16) if code.flags[at - i] & START), 0)
    if kind == "return":
        if address in code.symbols or code.flags[at] & ENTERED:
            return "not only a call leads there"
        return None if before and code.flags[at - before] & CALL else "no call is in front of it"
    i = bisect.bisect_right(extents, (address, 1 << 64)) - 1
    start, end = extents[i] if i >= 0 else (0, 0)
    if any(start <= origin < end for target in (address, address + offset) for origin in code.branches[target]):
        return "the function jumps there"
    return None


def check(patch_windows, path):
    """Prints the lines of one file; returns the number of faults."""
    elf = Elf(path)
    frames = Frames(elf)
    code = Disassembly(path, elf)
    for address in elf.pointers():
        code.enter(address)
    for pad in frames.pads:
        code.enter(pad)
    code.enter_tables(frames.extents)
    counts, free, faults = collections.defaultdict(collections.Counter), collections.Counter(), []
    said = subprocess.run([patch_windows, path], stdout=subprocess.PIPE, text=True, check=True)
    for line in said.stdout.splitlines():
        kind, address, offset, count, kept, what = line.split(" ", 5)
        counts[kind][what] += 1
        free[kind] += kept == "free"
        fault = kept == "free" and kept_fault_of(code, frames.extents, kind, int(address, 16), int(offset))
        if fault:
            faults.append(f"{kind} {address}, free: {fault}")
        if what not in JUMPS:
            continue
        fault = fault_of(code, path, int(address, 16), int(offset), int(count), what)
        if fault:
            faults.append(f"{kind} {address}+{offset}, {count} bytes, {what}: {fault}")
    print_counts(path, counts, free)
    for fault in faults[:20]:
        print(f"  FAULT {fault}")
    print(f"  {len(faults)} faults; {code.table_count} of {len(code.jumps)} tables of jumps, {len(frames.pads)} landing pads")
    return len(faults)


def print_counts(path, counts, free):
    for kind in sorted(counts):
        total = sum(counts[kind].values())
        shares = [100 * counts[kind][what] / total for what in JUMPS]
        print(f"{path} {kind}: {total} sites, {sum(shares):.2f} % jump "
              f"({shares[0]:.2f} single, {shares[1]:.2f} several, {shares[2]:.2f} punned); "
              f"nothing below the stack pointer at {100 * free[kind] / total:.2f} %")
        for what, count in counts[kind].most_common():
            if what not in JUMPS:
                print(f"  {100 * count / total:6.2f} % {what}")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    faults = sum([check(sys.argv[1], path) for path in sys.argv[2:]])
    sys.exit(1 if faults else 0)


main()
