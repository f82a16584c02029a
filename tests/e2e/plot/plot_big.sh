#!/bin/sh
# Big files: bounded memory, the same picture, all detail in a window, a bar on a terminal.
# timeout: 300
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command convert
need_command identify
need_command python3
unset DISPLAY

# A second is 1000 samples of a saw that no page can show, and one of 900 MiB.
awk 'BEGIN { for (i = 0; i < 2000000; i++)
	printf "MEM %d %.3f\n", i == 1234567 ? 900 : 100 + i % 10, 1795310486 + i / 1000 }' >big.dat
cat >peak_kib.py <<'END'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
END
used=$(python3 peak_kib.py "$MPROF_TRACE" plot -s -o big.png big.dat)
echo "2,000,000 samples: $used KiB"
case $("$MPROF_TRACE" --version)$(ldd "$MPROF_TRACE" 2>/dev/null) in
*libasan*) ;;
*) expect "KiB used" "$used" 5000 60000 ;;
esac
expect_margin_clean big.png
expect "the one high sample" "$(count big.png 'rgb(31,119,180)' 1000x300+80+90)" 10 2000

words() { perl -CS -ne 'next unless s/.*<tspan[^>]*>(.*)<\/tspan>.*/$1/; s/&#x([0-9a-f]+);/chr hex $1/ge; print' "$1"; }
"$MPROF_TRACE" plot -s -w 500,500.1 -o part.svg big.dat
# A hundred samples: each step of the saw is there. The peak is that of what is seen.
points=$(python3 - part.svg <<'END'
import re, sys
longest = max(re.findall(r'points="([^"]*)"', open(sys.argv[1]).read()), key=len)
print(len(longest.split()))
END
)
expect "points in a window of 0.1 s" "$points" 100 110
words part.svg | grep -q 'peak 109.0 MiB at 8.33 min' || fail "the peak: $(words part.svg)"
# Its slope is that of its 101 samples, by hand: 10 teeth of 10 steps.
/usr/bin/python3 - >slope 2>/dev/null <<'END' || true
import numpy
t = numpy.arange(101) / 1000
print("slope %+.4g MiB/s" % numpy.polyfit(t, 100 + numpy.arange(101) % 10, 1)[0])
END
[ ! -s slope ] || words part.svg | grep -qF "$(cat slope)" || fail "$(cat slope) is not in $(words part.svg)"

# A terminal sees a bar when reading takes long, a pipe never does. The reader waits for a pipe.
mkfifo slow
"$MPROF_TRACE" plot -o slow.png slow 2>err &
{ head -c 3000000 big.dat; sleep 1; head -c 3000000 big.dat; } >slow
wait $!
if grep -q '%' err; then fail "a bar in a file"; fi
cat >terminal.py <<'END'
import os, pty, sys
seen = b""
def read(fd):
    global seen
    data = os.read(fd, 1000)
    seen += data
    return data
pty.spawn(sys.argv[1:], read)
sys.exit(0 if b"MB  slow" in seen and seen.rstrip(b"\r\n").count(b"\x1b[K") >= 2 else 1)
END
{ head -c 3000000 big.dat; sleep 1; tail -c 3000000 big.dat; } >slow &
python3 terminal.py "$MPROF_TRACE" plot -o slow.png slow >/dev/null </dev/null || fail "no bar on a terminal"
