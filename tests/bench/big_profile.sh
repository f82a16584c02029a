#!/bin/sh
# A large profile on stdout: a main process and children that come and go, nested calls of many functions on
# several threads, some open at ticks, some windows of condensed calls.
# usage: big_profile.sh SAMPLES CALLS [CHILDREN [SEED]]
exec awk -v samples="$1" -v calls="$2" -v children="${3:-20}" -v seed="${4:-1}" '
function at(s) { return sprintf("%d.%09d", 1795310486 + int(s), int((s - int(s)) * 1e9)) }
BEGIN {
	srand(seed)
	printf "CMDLINE ./server --big\nFORMAT 3 mprof-trace\nMETRIC rss\nINTERVAL 0.001\n"
	printf "PROC 1000 999 %s ./server --big\n", at(0)
	# A tick has a sample of each process: about half of the children live at a time.
	per_tick = 1 + children / 2
	ticks = int(samples / per_tick)
	calls_done = 0
	for (tick = 0; tick < ticks; tick++) {
		now = tick / 1000
		printf "MEM %.6f %s\n", 200 + 100 * sin(tick / ticks * 20) + tick % 7, at(now)
		for (c = 1; c <= children; c++) {
			from = int(ticks * (c - 1) / (2 * children))
			to = from + int(ticks / 2)
			if (tick < from || tick > to) continue
			if (tick == from) printf "PROC %d 1000 %s ./worker %d\n", 1000 + c, at(now), c
			if (tick == to) { printf "DONE %d %s 0\n", 1000 + c, at(now); continue }
			printf "CHLD %d %.6f %s\n", 1000 + c, 50 + c + (tick * c) % 13, at(now + c * 1e-6)
		}
		# Three levels deep, innermost first, on one of four threads.
		for (; calls_done < calls * (tick + 1) / ticks; calls_done += 3) {
			start = now + (calls_done % 100) * 1e-6; f = calls_done % 50; tid = 1000 + calls_done % 4
			mib = 200 + f
			printf "FUNC app::inner_%d(int)\302\240const %.6f %s %.6f %s 2 1000 %d\n", f, mib, at(start + 2e-6), mib + 0.5, at(start + 3e-6), tid
			printf "FUNC app::middle_%d %.6f %s %.6f %s 1 1000 %d\n", f, mib, at(start + 1e-6), mib + 1, at(start + 4e-6), tid
			printf "FUNC app::outer_%d %.6f %s %.6f %s 0 1000 %d\n", f, mib, at(start), mib - f % 3, at(start + 5e-6), tid
		}
		if (tick % 1000 == 999)
			printf "MANY app::hot 1000 %s %s 100000 0.010000000 0.000000050 0.000100000 1.5 310 0\n", at(now - 0.5), at(now)
	}
	printf "DONE 1000 %s 0\n", at(ticks / 1000)
}'
