#!/bin/bash
# What a program sends to getppid() reaches whoever would be its parent without us, each signal once, and
# neither ends nor stops us.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command python3

names='TERM INT HUP QUIT USR1 USR2 ALRM VTALRM PROF WINCH URG IO PWR RTMIN RTMAX'
cat >parent.py <<'END'
import os, signal, subprocess, sys

def tell(number, frame):
    os.write(1, b"got %s\n" % signal.Signals(number).name.encode())

for name in sys.argv[1].split():
    signal.signal(getattr(signal, "SIG" + name), tell)
child = subprocess.Popen(sys.argv[2:])
print("the child ended with", child.wait(), flush=True)
END
cat >child.sh <<'END'
for signal in $1; do
	kill -$signal "$PPID"
done
sh -c : # time passes, and a child comes and goes
exit 9
END
run_as plain python3 parent.py "$names" bash child.sh "$names"
sort plain.out >plain.sorted
[ "$(grep -c '^got\|^the child ended with 9$' plain.out)" -eq 16 ] || fail "untraced: $(cat plain.out)"
for options in '' '--no-probes' '-f execve'; do
	# shellcheck disable=SC2086 # one or two words, or none
	run_as traced python3 parent.py "$names" "$MPROF_TRACE" run -q $options -o traced.dat bash child.sh "$names"
	sort traced.out | diff plain.sorted - || fail "the parent of a program traced with '$options'"
	well_formed traced.dat
	[ "$(grep -c '^DONE' traced.dat)" -ge 1 ] || fail "the recording has no end: $(tail -n 3 traced.dat)"
done
