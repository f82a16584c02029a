#!/bin/sh
# --with: CPU time, page faults, threads and limits agree with what the program itself says while it is quiet; what was not
# asked for is not there; and nothing is written again that has not changed.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

cp "$TARGETS/beside_memory" beside

# checked FILE: 3 when no sample was taken while the program was quiet.
checked() {
	python3 - "$1.dat" "$1.out" <<'END'
import sys
words = open(sys.argv[2]).read().split()
start, end = map(float, words[1:3])
own = dict(zip(words[3::2], map(float, words[4::2])))
value, samples = {}, 0
for line in open(sys.argv[1]):
    fields = line.split()
    if fields[0] == "WITH" and float(fields[4]) <= end:
        value[fields[2]] = float(fields[3])
    samples += fields[0] == "MEM" and start < float(fields[2]) < end
if samples < 2:
    sys.exit(3)
faults = []
for name, wanted in own.items():
    if wanted < 0:
        if name in value:
            faults.append(f"{name} is {value[name]}, and there is none")
        continue
    found = value.get(name, -1)
    # Going to sleep and waking take a little of the CPU; a page more may be touched on the way.
    slack = {"cpu": 0.02, "faults": 4}.get(name, 0)
    if not wanted - slack - 1e-6 <= found <= wanted + slack + 1e-6:
        faults.append(f"{name} is {found}, not {wanted}")
print("\n".join(faults) or "all alike")
sys.exit(1 if faults else 0)
END
}

limits=
agrees() {
	for times in 1 2 4 8 16 32 64; do
		# shellcheck disable=SC2086 # $limits: several words, or none
		run_as with "$MPROF_TRACE" run -q -T 0.01 --with cpu,faults,threads,limits -o with.dat "$@" \
			$limits ./beside $((100 * times))
		status_is with 0
		well_formed with.dat
		result=0
		checked with >result || result=$?
		[ "$result" -eq 3 ] || break
	done
	cat result
	[ "$result" -eq 0 ] || fail "--with $*"
}

agrees --no-probes
agrees -C
# An exec may be to set them.
limits='prlimit --as=4096000000 --data=3072000000'
agrees --no-probes
grep -q '^WITH [0-9]* as-limit 3906.25' with.dat || fail "no RLIMIT_AS: $(grep -m 1 as-limit with.dat)"

run_as some "$MPROF_TRACE" run -q -T 0.01 --with threads -o some.dat ./beside 300
status_is some 0
grep -q '^WITH [0-9]* threads 4 ' some.dat || fail "no threads"
! grep -Eq '^WITH [0-9]+ (cpu|faults|as-limit)' some.dat || fail "what was not asked for"
awk '$1 == "WITH" { if (last[$2, $3] == $4) exit 1; last[$2, $3] = $4 }' some.dat ||
	fail "a number was written again that had not changed"

for word in memory 'cpu,' ',' 'cpu,all'; do
	run_as wrong "$MPROF_TRACE" run --with "$word" true
	status_is wrong 125
	says wrong '--with .*: choose of cpu, faults, threads and limits'
done
