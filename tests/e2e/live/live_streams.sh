#!/bin/sh
# What the program writes while a view is shown: to a file in place of the view's terminal, else where it
# always does. Who has no terminal is told.
# timeout: 600
set -eu
# shellcheck source=tests/lib/live.sh
. "$TESTS/lib/live.sh"

cat >streams.py <<'END'
import glob, os, subprocess, sys
from live_terminal import Terminal

orders = os.open("orders", os.O_RDWR)

def tell(order):
    os.write(orders, (order + "\n").encode())

def run(words, said=(), status=0, shown=(), kind="xterm-256color", ends="exit 0"):
    """On a terminal, until the program has ended. What is on the screen then."""
    terminal = Terminal("sh", "-c", '"$MPROF_TRACE" live -T 0.05 %s; echo status $?; read line' % words,
                        columns=200, kind=kind)
    if ends:
        terminal.wait_for("recording", "the view")
        for number in said:
            tell("say %d" % number)
        tell(ends)
    terminal.wait_for("status %d" % status, words)
    text = terminal.text()
    for word in shown:
        assert word in text, (words, word, text)
    assert "terminals" not in text and "said" not in text, text
    assert terminal.is_plain()
    terminal.type("\n")
    terminal.end()
    assert not glob.glob("mprofile_output*"), glob.glob("*")
    return text

def content(path):
    with open(path) as file:
        return file.read()

def said_by(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()

both = "said 7\ntold 7, terminals 000\n"
run("-o a.dat ./told orders", said=[7], shown=["what the program wrote is in", "/a.out"])
assert content("a.out") == both, content("a.out")
run("-o a.dat ./told orders", said=[7], shown=["/a.out.2"])
assert content("a.out") == content("a.out.2") == both
run("-o odd.name ./told orders", said=[8], shown=["/odd.name.out"])

# clean takes what the program wrote with the profile; not what was made of it afterwards, nor what -o has named.
run("./told orders", said=[9], shown=["what the program wrote is in"])
(profile,) = glob.glob("mprofile_*.dat")
written = profile[:-4] + ".out"
assert "said 9" in content(written)
with open(written + ".2", "w") as file:
    file.write("a note")
is_told = said_by("stat", "-c", "%W", written) != ["0"]  # when it was made, by this file system
cleaned = said_by(os.environ["MPROF_TRACE"], "clean")
assert cleaned == ["removed " + profile] + ["removed " + written] * is_told, cleaned
assert os.path.exists(written + ".2") and os.path.exists("a.dat") and os.path.exists("a.out")

# What leads elsewhere stays there; our own words go with stderr.
text = run("-o b.dat ./told orders >out 2>err", said=[1, 2], status=0)
assert "profile b.dat" not in text and "profile b.dat" in content("err")
assert content("out") == "said 1\nsaid 2\n"
assert "told 2, terminals 000" in content("err") and not os.path.exists("b.out")
text = run("-o c.dat ./told orders >out", said=[3], shown=["profile c.dat"])
assert content("out") == "said 3\n" and content("c.out") == "told 3, terminals 000\n"

# Nothing written, no file. Nothing found, and it is said in the end.
text = run("-o d.dat -f no_such_function --allow-missing ./told orders",
           shown=["no_such_function", "profile d.dat"])
assert "wrote" not in text and not os.path.exists("d.out")

for words, status, shown in (
        ("-o e.dat ./no_such_program", 127, "No such file"),
        ("-o e.dat no_such_program_either", 127, "No such file"),
        ("-o /dev/null ./told orders", 125, "regular file"),
        ("", 125, "which PROGRAM"),
        ("99999999", 125, "99999999")):
    run(words, status=status, shown=[shown], ends=None)
run("-o e.dat ./told orders", status=125, shown=["TERM=dumb"], kind="dumb", ends=None)
END
/usr/bin/python3 streams.py
[ ! -e e.dat ] || fail "a profile of nothing"

# No terminal, or one that can do nothing.
run_as none setsid "$MPROF_TRACE" live -o f.dat ./told orders
status_is none 125
says_one_line none
says none 'needs a terminal'
