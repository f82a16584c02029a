#!/usr/bin/python3
"""Writes a random program from a seed, and compiles it.

usage: generate.py SEED DIRECTORY [FLAGS...]

DIRECTORY gets program.c or program.cc, two libraries of which it opens some, names.h, build.sh, which compiles it
all, and program.json, which says what check.py has to know. The program does what the headers beside this file have
in phase_* functions, and calls generated functions (walk_*) from within all of them. Each function of the program keeps
the book (book.h). FLAGS replace those that the seed would choose.
"""
import json
import pathlib
import random
import re
import subprocess
import sys

from texts import GUARD, LIBRARY_ENTRY, MAIN, THROWN, VALUES

HERE = pathlib.Path(__file__).resolve().parent
HEADERS = ("book.h", "threads.h", "processes.h", "pipes.h", "signals.h", "memory.h")
PHASE = re.compile(r"void (phase_\w+)\(")
NAMED = re.compile(r"(?:ENTER|HOT|TAILS)\((?:\w+|\(t\)), (\w+)[,)]")

# What programs with a sanitizer do not do: it knows nothing of stacks that are switched and memory that is shared, takes
# descriptors and limits for its own, or says that it has been caught.
ASAN_LEAVES = {"phase_fibers", "phase_shared_memory", "phase_descriptors", "phase_limits", "phase_vforks", "phase_cancel"}
SANITIZED = {"-fsanitize=address": ASAN_LEAVES,
             "-fsanitize=thread": ASAN_LEAVES | {"phase_thread_forks", "phase_traps", "phase_filters", "phase_detached"}}

# What makes something of a function's value that no compiler can foresee.
LEAVES = (
    "return x * {k} + {c};",
    "uint64_t a[12];\n\tfor (unsigned i = 0; i < 12; i++)\n\t\ta[i] = x * (i + {k});\n\treturn a[x % 12] ^ a[x / 12 % 12] ^ {c};",
    "do {{\n\t\tx = x * {k} + {c};\n\t}} while (x % 5 == 0);\n\treturn x;",
    "switch (x % 7) {{\n\tcase 0: return x + {c};\n\tcase 1: return x ^ {k};\n\tcase 2: return x * 3 + {c};\n"
    "\tcase 3: return ~x;\n\tcase 4: return x << 3 | {k};\n\tdefault: return x - {c};\n\t}}",
    "return (uint64_t)((double)(x % 1000) * {k}.5) + {c};",
    "static uint64_t seen = {c};\n\t(void)seen;\n\treturn (x >> 7) + {k} * 11 + {c};",
    "uint64_t low, high;\n\t__asm__(\"mulq %3\" : \"=a\"(low), \"=d\"(high) : \"a\"(x), \"r\"((uint64_t){k}));\n"
    "\treturn low ^ high ^ {c};",
    "return x == {c} ? {k} : x + {k};",
    "if (x & 1)\n\t\treturn x * {k};\n\treturn x / 2 + {c};",
)


class Program:
    def __init__(self, seed, flags=None):
        self.random = random.Random(seed)
        self.seed = seed
        self.choose_build(flags)
        # What makes ends and levels of calls a guess is in some programs only: the others are checked the more exactly.
        self.has_tails, self.never_returns = self.random.random() < 0.4, self.random.random() < 0.4
        self.walks = [f"walk_{i}" for i in range(self.random.randint(3, 10))]
        self.leaves = [f"leaf_{i}" for i in range(self.random.randint(2, 8))]

    def choose_build(self, flags):
        pick = self.random.choice
        self.is_cxx = self.random.random() < 0.45
        compilers = {False: ("gcc", "gcc", "clang"), True: ("g++", "g++", "clang++")}[self.is_cxx]
        self.compiler = pick(compilers)
        is_gcc = self.compiler.startswith("g")
        chosen = [pick(("-O0", "-O1", "-O2", "-O2", "-O3", "-Os"))]
        chosen += self.random.sample((
            "-fno-omit-frame-pointer", "-fomit-frame-pointer", "-fcf-protection=full", "-fcf-protection=none",
            "-fno-optimize-sibling-calls", "-mno-red-zone", "-fstack-protector-all", "-fno-plt", "-ffunction-sections",
            "-march=native", "-falign-functions=1", "-falign-functions=64", "-g", "-g", "-fPIE", "-Wl,-z,now",
            "-Wl,-z,noseparate-code", "-Wl,--gc-sections", "-fno-jump-tables", "-funroll-loops", "-mno-sse4",
            "-Wl,--build-id=none", "-Wl,--emit-relocs", "-fno-semantic-interposition", "-rdynamic"), self.random.randint(0, 5))
        if is_gcc:
            chosen += self.random.sample((
                "-fstack-clash-protection", "-flto", "-fno-reorder-blocks-and-partition", "-fipa-pta",
                "-freorder-blocks-algorithm=simple", "-fno-toplevel-reorder", "-fno-ipa-cp", "-fschedule-insns",
                "-maccumulate-outgoing-args", "-fno-shrink-wrap", "-fno-guess-branch-probability",
                "-mindirect-branch=thunk", "-mcmodel=large"), self.random.randint(0, 2))
        chosen += pick(([], [], [], [], ["-no-pie", "-fno-pie"], ["-static"], ["-static-pie"]))
        if self.random.random() < 0.06 and "-static" not in chosen and "-static-pie" not in chosen:
            chosen += ["-fsanitize=undefined"]
        if self.random.random() < 0.08 and not {"-static", "-static-pie", "-mcmodel=large", "-fno-pie"} & set(chosen):
            chosen = [flag for flag in chosen if flag not in ("-mindirect-branch=thunk", "-Wl,--gc-sections", "-flto", "-fsanitize=undefined")]
            chosen += [pick(("-fsanitize=address", "-fsanitize=thread")), "-fno-omit-frame-pointer"]
        if flags:
            chosen = flags
        self.sanitizer = next((flag for flag in chosen if flag in SANITIZED), None)
        self.is_static = "-static" in chosen or "-static-pie" in chosen
        # A position-independent static program wants all of it so; the large code model has no such one. What it exports
        # makes libc's start look for symbols that it has no names of.
        if "-static-pie" in chosen:
            chosen = [flag for flag in chosen if flag != "-rdynamic"] + ["-fPIE"]
        if "-mcmodel=large" in chosen and (self.is_static or {"-fPIE", "-flto", "-mindirect-branch=thunk"} & set(chosen)):
            chosen.remove("-mcmodel=large")
        if "-mindirect-branch=thunk" in chosen:
            chosen = [flag for flag in chosen if not flag.startswith("-fcf-protection")] + ["-fcf-protection=none"]
        if "-Wl,--emit-relocs" in chosen and "-Wl,--gc-sections" in chosen:
            chosen.remove("-Wl,--gc-sections")
        self.flags = chosen

    def attributes(self):
        chosen = "noinline"
        if self.random.random() < 0.2:
            chosen += f", aligned({self.random.choice((1, 2, 16, 64))})"
        if self.random.random() < 0.1:
            chosen += ", " + self.random.choice(("hot", "cold"))
        if self.compiler.startswith("g") and self.random.random() < 0.4:
            chosen += ", noipa"
        return f"__attribute__(({chosen}))"

    def leaf(self, name):
        body = self.random.choice(LEAVES).format(k=self.random.randrange(3, 99) * 2 + 1, c=self.random.randrange(1, 10**6))
        return f"static {self.attributes()} uint64_t {name}(uint64_t x)\n{{\n\t{body}\n}}\n"

    # --- statements of walkers; each is a list of lines. A call is behind may_call: all ends.

    def other(self):
        return self.random.choice(self.callees)

    def call(self, marked=False):
        expression = self.random.choice((
            f"{self.other()}(t, a + {self.random.randrange(9)})",
            f"table[(a >> 3) % {len(self.callees)}](t, a)",
            f"{self.other()}(t, ~a)"))
        lines = ["if (may_call(t)) {", f"\ta ^= {expression};"] + (["\tMARKED;"] if marked else [])
        return lines + ["\tBACK(t);", "}"]

    def hot(self):
        leaf = self.random.choice(self.own_leaves)
        count = self.random.choice((1, 1, 2, 5, 30, 200)) if self.random.random() < 0.97 else 3000
        return [f"for (unsigned i = 0; i < {count}; i++)", f"\ta = {leaf}(a + i);", f"HOT(t, {leaf}, {count});"]

    def jump(self):
        """A place that is jumped back to from any depth, out of handlers as well."""
        inner = self.indented(self.call(True) + self.throw() if self.random.random() < 0.5 else self.call(True))
        return ["{",
                "\tconst unsigned jumps = t->jumps, catchers = t->catchers, handling = t->is_handling;",
                "\tif (jumps < JUMPS) {",
                "\t\tt->jumps = jumps + 1;",
                "\t\tif (sigsetjmp(t->jump[jumps].state, 1) == 0) {",
                *self.indented(inner, 2),
                "\t\t} else {",
                "\t\t\tCATCHES(t);",
                "\t\t\tt->catchers = catchers, t->is_handling = handling;",
                f"\t\t\ta = a * 3 + {self.random.randrange(99)};",
                "\t\t}",
                "\t\tt->jumps = jumps;",
                "\t}", "}"]

    def throw(self):
        odds = self.random.randrange(2, 5)
        jump = "siglongjmp(t->jump[next(t) % t->jumps].state, 1);"
        lines = [f"if (t->jumps > 0 && next(t) % {odds} == 0)", f"\t{jump}"]
        if self.is_cxx and self.random.random() < 0.6:
            lines = [f"if (t->catchers > 0 && next(t) % {odds} == 0)", "\tthrow thrown{a, t->jumps};"]
        elif self.never_returns and self.random.random() < 0.3 and not self.is_library:
            lines = [f"if (t->jumps > 0 && next(t) % {odds} == 0)", "\tnever_returns(t, a);"]
        return lines

    def catch(self):
        """A try block; what is thrown past it by a jump is not caught."""
        guard = [f"guard guarded(t, depth_ + 1, {self.random.randrange(5)});"] if self.random.random() < 0.4 else []
        rethrow = ["if (t->catchers > 0 && next(t) % 3 == 0)", "\tthrow;"] if self.random.random() < 0.3 else []
        return ["{",
                "\tconst unsigned jumps = t->jumps, catchers = t->catchers;",
                "\tt->catchers = catchers + 1;",
                "\ttry {",
                *self.indented(guard + self.call(True) + self.throw(), 2),
                "\t} catch (const thrown &what) {",
                "\t\tCATCHES(t);",
                "\t\tt->jumps = jumps, t->catchers = catchers;",
                "\t\ta += what.value * 5;",
                *self.indented(rethrow, 2),
                "\t}",
                "\tt->catchers = catchers;",
                "}"]

    def memory(self):
        return self.random.choice((
            ["{", f"\tchar *block = (char *)malloc(1 + a % {self.random.choice((100, 5000, 300000))});",
             "\tblock[0] = (char)a;", "\ta += (unsigned char)block[0];", "\tfree(block);", "}"],
            ["{", "\tvolatile char *on_stack = (volatile char *)__builtin_alloca(32 + a % 512);",
             "\ton_stack[5] = (char)a;", *self.indented(self.call()), "\ta += (unsigned char)on_stack[5];", "}"],
            ["{", "\tchar *page = (char *)mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);",
             "\tpage[4096] = (char)a;", "\ta += (unsigned char)page[4096];", "\tmunmap(page, 8192);", "}"],
        ))

    def signal(self):
        return ["if (self == t && !t->is_handling && !t->is_quiet && t->fault_page != NULL)", "\traise(SIGUSR1);"]

    def fault(self):
        return ["if (self == t)", "\ta = faults(t, a);", "BACK(t);"]

    def values(self):
        """Values of all kinds in registers and on the stack, held over a call."""
        return self.random.choice((
            ["{", "\tstruct large value = {{a, a + 1, a * 2}};", "\tvalue = passes_large(t, value, a);", "\tBACK(t);",
             "\ta ^= value.word[a % 7];", "}"],
            ["a ^= takes_many(t, 3, a, (double)(a % 1000), a + 1);", "BACK(t);"],
            ["{", "\tdouble real = (double)(a % 4096) * 0.5;", "\tlong double longer = (long double)(a % 77);",
             *self.indented(self.call()),
             "\treal += takes_reals(t, real, (float)(a % 16), longer);", "\tBACK(t);",
             "\ta += (uint64_t)(real + (double)longer);", "}"],
        ))

    def system(self):
        return self.random.choice((
            ["a += (uint64_t)(getppid() == 0);"], ["sched_yield();"], ["a += (uint64_t)(syscall(SYS_gettid) < 0);"],
            ["{", "\tint ends[2];", "\tchar byte = (char)a;",
             "\tif (pipe(ends) == 0 && write(ends[1], &byte, 1) == 1 && read(ends[0], &byte, 1) == 1)",
             "\t\ta += (unsigned char)byte;", "\tclose(ends[0]);", "\tclose(ends[1]);", "}"]))

    def branch(self):
        return [f"switch (a % {self.random.randrange(3, 6)}) {{", "case 0:", *self.indented(self.call()), "\tbreak;",
                "case 1: a = a * 7 + 1; break;", "case 2:", *self.indented(self.hot()), "\tbreak;",
                f"default: a ^= {self.random.randrange(10**6)};", "}"]

    @staticmethod
    def indented(lines, by=1):
        return ["\t" * by + line for line in lines]

    def walker(self, name, callees, leaves, is_library=False):
        self.callees, self.own_leaves, self.is_library = callees, leaves, is_library
        kinds = [self.call] * 4 + [self.hot] * 3 + [self.jump, self.throw, self.memory, self.branch, self.branch]
        if not is_library:
            kinds += [self.fault, self.values, self.values, self.system]
            if self.sanitizer != "-fsanitize=thread":  # of a handler that is jumped out of it knows nothing
                kinds += [self.signal]
        if self.is_cxx:
            kinds += [self.catch, self.catch]
        lines = []
        for _ in range(self.random.randint(1, 6)):
            lines += self.random.choice(kinds)()
        jumps = any("setjmp" in line or "try {" in line for line in lines)
        end = [f"LEAVE(t, {name});", "return a;"]
        others = [other for other in callees if other != name]  # itself would be jumped to, and not called
        if others and self.has_tails and self.random.random() < 0.25 and not any("alloca" in line for line in lines):
            end = ["if (may_call(t)) {", f"\tTAILS(t, {name});", f"\treturn {self.random.choice(others)}(t, a);", "}"] + end
        elif self.never_returns and self.random.random() < 0.1 and not is_library:
            end = ["if (t->jumps > 0 && next(t) % 2 == 0)", "\tnever_returns(t, a);"] + end
        head = [f"ENTER(t, {name});", f"{'volatile ' if jumps else ''}uint64_t a = x ^ {self.random.randrange(10**6)};"]
        body = "\n".join(self.indented(head + lines + end))
        return f"{'' if is_library else 'static '}{self.attributes()} uint64_t {name}(struct th *t, uint64_t x)\n{{\n{body}\n}}\n"

    def functions(self, walks, leaves, is_library=False):
        declared = "".join(f"{'' if is_library else 'static '}uint64_t {name}(struct th *, uint64_t);\n" for name in walks)
        table = f"static uint64_t (*const table[])(struct th *, uint64_t) = {{ {', '.join(walks)} }};\n"
        return "\n".join([declared + table] + [self.leaf(name) for name in leaves]
                         + [self.walker(name, walks, leaves, is_library) for name in walks])

    def library(self, number):
        walks = [f"library{number}_walk_{i}" for i in range(self.random.randint(1, 3))]
        leaves = [f"library{number}_leaf_{i}" for i in range(2)]
        entry = LIBRARY_ENTRY.replace("EXTERN", 'extern "C" ' if self.is_cxx else "").replace("WALK", walks[0])
        thrown = THROWN + GUARD.replace("guard_ends", f"library{number}_guard_ends") if self.is_cxx else ""
        text = '#include "book.h"\n#include "names.h"\n' + thrown + self.functions(walks, leaves, True) + entry
        return text

    def phases(self):
        found = [name for header in HEADERS for name in PHASE.findall((HERE / header).read_text(encoding="utf-8"))]
        if self.is_static:
            found.remove("phase_libraries")
        # The unwinder of a static program looks frames up under a lock (object_mutex in libgcc's unwind-dw2-fde.c, up to
        # GCC 12), which a fork does not free: the child of a fork beside threads that throw waits for ever at its own throw.
        if self.is_static and self.is_cxx:
            found.remove("phase_thread_forks")
        if self.sanitizer:
            found = [name for name in found if name not in SANITIZED[self.sanitizer]]
        count = self.random.randint(2, 7)
        return [(self.random.choice(found), self.random.randrange(2**30)) for _ in range(count)]

    def main(self):
        lines = "".join(f"\t{{ {name}, {p}u }},\n" for name, p in self.chosen)
        return MAIN.replace("PHASES", lines).replace("SEED", str(self.seed % 2**31)).replace(
            "HAS_STACK", str(self.random.randrange(2)))

    def text(self):
        self.chosen = self.phases()
        head = '#include "names.h"\n#include "memory.h"\n' + (THROWN + GUARD if self.is_cxx else "") + VALUES
        return head + self.functions(self.walks, self.leaves) + self.main()


def write(seed, directory, flags=None):
    program = Program(seed, flags)
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    suffix = "cc" if program.is_cxx else "c"
    texts = {f"program.{suffix}": program.text()}
    if not program.is_static:
        for number in range(2):
            texts[f"library{number}.{suffix}"] = program.library(number)
    names = []
    for text in [(HERE / header).read_text(encoding="utf-8") for header in HEADERS] + list(texts.values()):
        for name in NAMED.findall(text):
            if name not in names and name != "name":
                names.append(name)
    texts["names.h"] = "enum book_names { " + ", ".join(f"F_{name}" for name in names) + " };\n"
    compiling = [program.compiler, "-D_GNU_SOURCE", "-std=gnu++17" if program.is_cxx else "-std=gnu11", f"-I{HERE}", "-I.",
                 "-w", "-pthread"] + (["-DSOAK_STATIC"] if program.is_static else [])
    library_flags = [flag for flag in program.flags
                     if flag not in ("-no-pie", "-fno-pie", "-static", "-static-pie", "-fPIE", "-flto", "-mcmodel=large")]
    build = "#!/bin/sh\nset -e\n"
    for number in range(0 if program.is_static else 2):
        build += " ".join(compiling + library_flags + ["-fPIC", "-shared", f"library{number}.{suffix}", "-o",
                                                       f"libgenerated{number}.so"]) + "\n"
    build += " ".join(compiling + program.flags + [f"program.{suffix}", "-o", "program"]) + "\n"
    texts["build.sh"] = build
    texts["program.json"] = json.dumps({
        "seed": seed, "names": names, "phases": [name for name, _ in program.chosen], "flags": program.flags,
        "has_tails": program.has_tails, "compiler": program.compiler, "is_static": program.is_static, "sanitizer": program.sanitizer,
        "is_cxx": program.is_cxx}, indent=1)
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
    return program


def main():
    write(int(sys.argv[1]), sys.argv[2], sys.argv[3:] or None)
    return subprocess.run(["sh", "build.sh"], cwd=sys.argv[2], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
