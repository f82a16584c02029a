"""Random options of mprof-trace for a random program, and what they mean for the check (tests/soak/programs)."""
import random


def functions(dice, program):
    """Words for -f, and the patterns in them that are about the book's names."""
    names = [name for name in program["names"]]
    way = dice.randrange(7)
    if way == 0:
        return ["*walk_*,phase_*"]
    if way == 1:
        return ["walk_?", "*leaf_*", "on_*"]
    if way == 2:
        return ["/^(walk_|leaf_|phase_|thread_(root|leaver)|child_(root|ends))/"]
    if way == 3:
        return ["*walk_*,*leaf_*,on_*,phase_*,gain_*,give_*,mends,faults,forks,deep"]
    if way == 4:
        return ["*walk_*,!walk_1,phase_*,thread_*"]
    if way == 5 and not program["is_static"]:
        return ["program!*_*,libgenerated*.so!*,!book_*,!th_*,!signals_*"]
    return [",".join(dice.sample(names, min(len(names), dice.randint(1, 40))))]


def choose(seed, number, program):
    """The words for mprof-trace, and what check.py has to know."""
    dice = random.Random(f"{seed}.{number}")
    words, settings = [], {"backend": "rss", "no_follow": False, "is_exact": True}

    def maybe(odds, *new):
        if dice.random() < odds:
            words.extend(new)
            return True
        return False

    settings["patterns"] = []
    settings["names"], settings["has_tails"] = program["names"], program["has_tails"]
    for word in functions(dice, program):
        words += ["-f", word]
        settings["patterns"] += [word] if word.startswith("/") else word.split(",")
    probe = dice.choice(("auto", "auto", "auto", "pad", "pad", "breakpoint"))
    words += ["--probe", probe]
    age_us = dice.choice((10, 10, 0, 1000, 1000000))
    if age_us != 10:
        words += ["--memory-age", str(age_us)]
    # A sanitizer keeps memory of its own for what the program touches.
    settings["is_exact"] = (probe == "breakpoint" or age_us <= 10) and not program["sanitizer"]
    backend = dice.choice(("rss",) * 6 + ("pss", "uss", "vms", "swap", "anon", "rss+huge"))
    if backend != "rss":
        words += ["--backend", backend]
    settings["backend"] = backend
    calls = dice.choice((None, None, None, 0, 1, 30, 1000))
    if calls is not None:
        words += ["--max-calls", str(calls)]
    words += ["-T", dice.choice(("0.001", "0.01", "0.1", "1"))]
    if "-g" in program["flags"]:
        maybe(0.3, "--lines")
        settings["inlined"] = maybe(0.15, "--inlined")
    maybe(0.3, "--stacks=" + dice.choice(("peak", "growth", "calls", "peak,growth", "peak,growth,calls")))
    maybe(0.2, dice.choice(("--split", "--split=maps")))
    maybe(0.2, "--with", dice.choice(("cpu", "faults,threads", "cpu,faults,threads,limits")))
    maybe(0.15, "-C")
    maybe(0.1, "--survival=yes")
    maybe(0.1, "--max-overhead", dice.choice(("1", "20", "300")))
    maybe(0.1, "--break-if", dice.choice(("memory>3M", "growth>1M/s", "memory>1M and growth>1M/s")), "--break-every")
    maybe(0.1, "--break-at", dice.choice(("1M", "2M", "4")), *dice.choice(([], ["--break-every"])), "--on-break",
          dice.choice(("stack", "true")))
    maybe(0.5, "-v")
    settings["no_follow"] = maybe(0.12, "--no-follow")
    settings["fibers"] = "phase_fibers" in program["phases"]
    words.append("--allow-missing")
    return dice, words, settings
