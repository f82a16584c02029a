#!/bin/sh
# A Python program is let go while it does something for us, which takes its time: it is not harmed.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

python=/usr/bin/python3
[ -x "$python" ] || skip "there is no $python"
"$python" -c 'import sys; sys.exit(sys.version_info >= (3, 12) or "opcode" in sys.modules)' ||
	skip "$python needs no module for what it does for us"
export PYTHONDONTWRITEBYTECODE=1
# The interpreter is told to import it before the program's first line.
mkdir path
cat >path/opcode.py <<-'END_OF_MODULE'
	import os, time
	os.write(1, b"inside\n")
	while not os.path.exists("go"): time.sleep(0.01)
	with open(os.path.join(os.path.dirname(os.__file__), "opcode.py")) as file: exec(file.read())
END_OF_MODULE
cat >program.py <<-'END_OF_PROGRAM'
	def leaf(n): return n + 1
	print("fine", sum(leaf(i) for i in range(100)))
END_OF_PROGRAM

# The program outlives its recorder, which is killed, and whose engine lets it go then.
export PYTHONPATH="$PWD/path"
start_recorder killed run -q --python -f leaf -o killed.dat "$python" program.py
wait_until grep -q '^inside' killed.out
kill -KILL "$recorder"
end_recorder killed
sleep 3 # engines have been seen to lose patience
: >go
wait_until grep -q '^fine 5050' killed.out
