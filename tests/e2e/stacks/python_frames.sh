#!/bin/sh
# Functions of Python on stacks, in each CPython that is installed: those that the program itself says, in their order, with the
# native functions between them where they are. Of threads that stop at calls, and of such that sleep at a peak.
# timeout: 600
set -eu
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/python.sh
. "$TESTS/lib/python.sh"

export PYTHONDONTWRITEBYTECODE=1

# "expected" lines: what is called, the innermost first.
cat >frames.py <<'END'
import os
import sys
import threading

fd = os.open("synced", os.O_CREAT | os.O_RDWR)
ends = os.pipe()


def names(frame, most):
    found = []
    while frame is not None and len(found) < most:
        code = frame.f_code
        found.append(code.co_qualname + "@" + os.path.basename(code.co_filename))
        frame = frame.f_back
    return " ".join(found)


def sync():
    print("expected", names(sys._getframe(), 256), flush=True)
    os.fsync(fd)


class Thing:
    def __init__(self):
        sync()

    def method(self, x):
        sync()
        return -x


def keyed(x):
    return Thing.method(None, x)


def sorts():
    sorted([3], key=keyed)


def naïve_日本():
    list(map(keyed, [1]))


def recursion(depth):
    if depth == 0:
        sync()
    else:
        recursion(depth - 1)


def c_recursion(depth):
    if depth == 0:
        sync()
    else:
        sorted([depth - 1], key=c_recursion)


def generator():
    sync()
    yield 1
    sync()


def consumer():
    for _ in generator():
        sync()


def executed():
    exec(compile("sync()", "/nowhere/executed.py", "exec"))


def raises():
    try:
        raise ValueError
    except ValueError:
        (lambda: sync())()


def sleeper():
    os.read(ends[0], 1)


def rounds():
    sorts()
    naïve_日本()
    recursion(5)
    recursion(400)
    c_recursion(7)
    consumer()
    executed()
    raises()
    for _ in range(20):
        Thing()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        thread = threading.Thread(target=sleeper)
        thread.start()
        while open("/proc/self/task/%d/wchan" % thread.native_id).read() == "0" and \
                open("/proc/self/task/%d/stat" % thread.native_id).read().split()[2] != "S":
            pass
        keep = b"1" * (64 << 20)
        os.fsync(fd)
        os.close(ends[1])
        thread.join()
    else:
        rounds()
        thread = threading.Thread(target=rounds)
        thread.start()
        thread.join()
END

# stacks FILE WHY: "STATE f@module g@module …", the innermost first, in the order of the file.
stacks() {
	awk -v why="$2" '{ gsub("\302\240", "_") } $1 == "FRAME" { outer[$2] = $3; name[$2] = $4 "@" $5 }
		$1 == "STACK" && $7 == why {
			line = $8
			for (id = $2; id != 0; id = outer[id])
				line = line " " name[id]
			print line
		}' "$1"
}

of_python() {
	awk '{ line = ""
		for (i = 2; i <= NF; i++)
			if ($i ~ /@.*\.py$/) line = line " " $i
		print substr(line, 2) }'
}

# A thread has frames in each interpreter that it runs.
cat >interpreters.py <<'END'
import os
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters


def outer():
    interpreters.run_string(inner, """
import os
def within(): os.fsync(os.open("synced", os.O_CREAT | os.O_RDWR))
within()
""")


inner = interpreters.create()
outer()
END

tried=0
for python in $(every_python); do
	version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
	case $version in
	3.11 | 3.12 | 3.13) ;;
	*)
		# What is not understood is left out, and that is said when asked.
		run_as other "$MPROF_TRACE" run -v --stacks=calls -f fsync -o other.dat "$python" -c \
			'import os; os.fsync(os.open("synced", os.O_CREAT | os.O_RDWR))'
		status_is other 0
		grep -q 'functions of Python are not named on stacks: ' other.err || fail "$python: nothing is said"
		grep -q '^STACK' other.dat || fail "$python: there is no stack"
		printf '%s: skipped\n' "$python"
		continue
		;;
	esac
	tried=$((tried + 1))
	run_as plain "$python" frames.py
	status_is plain 0
	sed -n 's/^expected //p' plain.out >expected.txt
	sort -u expected.txt >each.txt
	for how in auto breakpoint; do
		run_as python "$MPROF_TRACE" run -q --stacks=calls --probe "$how" -f fsync -o python.dat "$python" frames.py
		same_as_untraced python
		well_formed python.dat
		stacks python.dat entry >all.txt
		of_python <all.txt >found.txt
		# Not each call's stack is taken, but none that is not the program's.
		sort -u found.txt | comm -23 - each.txt >unexpected.txt
		[ ! -s unexpected.txt ] || { head -n 4 unexpected.txt; fail "$python: a stack is none of the program's"; }
	done
	# Those of the first calls are always taken.
	head -n 16 expected.txt >expected_first.txt
	head -n 16 found.txt | diff expected_first.txt - >differ.txt ||
		{ cut -c 1-700 differ.txt; fail "$python: other functions are found"; }
	# The evaluators are there, each outside of what it runs: a key function is called from C.
	sed -n 1p all.txt | grep -Eq ' keyed@frames.py( [^ ]*@[^ ]*python[^ ]*)+ sorts@frames.py ' ||
		{ sed -n 1p all.txt; fail "$python: nothing is between a function and its key function"; }
	sed -n 1p all.txt | grep -Eq ' <module>@frames.py _PyEval_EvalFrameDefault@' ||
		{ sed -n 1p all.txt; fail "$python: the outermost function is not in its evaluator"; }
	# 400 levels are more than are kept: said outside of them, within their evaluator.
	grep -q 'recursion@frames.py \[cut\]@- _PyEval_EvalFrameDefault@' all.txt ||
		fail "$python: a deep recursion is not cut with a mark"

	run_as several "$MPROF_TRACE" run -q --stacks=calls -f fsync -o several.dat "$python" interpreters.py
	status_is several 0
	stacks several.dat entry | grep -Eq \
		' within@[^ ]* <module>@[^ ]* (.* )?[^ ]*interpreters[^ ]* (.* )?outer@interpreters.py <module>@interpreters.py _PyEval' ||
		{ stacks several.dat entry; fail "$python: of two interpreters the functions of one are missing"; }

	run_as peak "$MPROF_TRACE" run -q --stacks=peak -f fsync -o peak.dat "$python" frames.py sleeps
	status_is peak 0
	stacks peak.dat peak | sed -n 's/^asleep//p' >asleep.txt
	grep -Eq ' (__libc_)?read@.* sleeper@frames.py( .*)? Thread.run@threading.py .* _PyEval_EvalFrameDefault@' asleep.txt ||
		{ cut -c 1-700 asleep.txt; fail "$python: a sleeping thread has no functions of Python"; }
done
[ "$tried" -gt 0 ] || skip "there is no CPython from 3.11 to 3.13"
