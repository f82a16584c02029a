#!/bin/sh
# What --stacks=growth costs the program that is recorded, in its own CPU time: a program that parses and keeps JSON, and one that
# does nothing but touch new memory; compared with a recording without stacks, and with perf record and bpftrace where they
# are. Ratios of the least of $ROUNDS runs each, by turns.
set -eu
ROUNDS=${ROUNDS:-7}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# The program itself, not a script that looks for it.
python=$(python3 -c 'import sys; print(sys.executable)')

cat >json_rows.py <<'END'
import json, time
text = json.dumps([{"id": i, "name": "row %d" % i, "values": [i, i + 1, i / 3]} for i in range(2000)])
rows = [json.loads(text) for _ in range(200)]
print("%.4f" % time.process_time())
END
cat >fresh_pages.py <<'END'
import time
for _ in range(150):
    memory = b"x" * (16 << 20)
print("%.4f" % time.process_time())
END

# once WAY PROGRAM: its CPU time in seconds.
once() {
	case $1 in
	untraced) "$python" "$2" ;;
	samples) "$MPROF_TRACE" run -q --no-probes -o rec.dat "$python" "$2" ;;
	growth) "$MPROF_TRACE" run -q --no-probes --stacks=growth -o rec.dat "$python" "$2" ;;
	traced) "$MPROF_TRACE" run -q --stacks=growth -o rec.dat "$python" "$2" ;;
	each) "$MPROF_TRACE" run -q --no-probes --stacks=growth --step 4KiB -o rec.dat "$python" "$2" ;;
	perf) perf record -q -o rec.perf -e page-faults -g "$python" "$2" 2>/dev/null ;;
	perf-dwarf) perf record -q -o rec.perf -e page-faults -c 16 --call-graph dwarf,8192 "$python" "$2" 2>/dev/null ;;
	bpftrace) bpftrace -o rec.bt -e 'software:page-faults:1 /pid == cpid/ { @[ustack] = count(); }' \
		-c "$python $2" 2>/dev/null ;;
	esac
}

ways='untraced samples growth traced each'
command -v perf >/dev/null && perf record -q -o rec.perf -e page-faults true 2>/dev/null && ways="$ways perf perf-dwarf"
command -v bpftrace >/dev/null && bpftrace -e 'software:page-faults:1 { exit(); }' >/dev/null 2>&1 && ways="$ways bpftrace"
for program in json_rows.py fresh_pages.py; do
	: >"times.$program"
	for _ in $(seq "$ROUNDS"); do
		for way in $ways; do
			echo "$way $(once "$way" $program | grep -E '^[0-9.]+$' | tail -n 1)" >>"times.$program"
		done
	done
	echo "$program, CPU time of the program:"
	awk '
		NF == 2 && (!($1 in least) || $2 < least[$1]) { least[$1] = $2 }
		!($1 in order) { order[$1] = ++count; name[count] = $1 }
		END {
			for (i = 1; i <= count; i++)
				printf "  %-11s %7.3f s  %6.1f %%\n", name[i], least[name[i]],
					100 * (least[name[i]] / least["untraced"] - 1)
		}' "times.$program"
done
