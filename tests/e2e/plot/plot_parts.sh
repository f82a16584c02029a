#!/bin/sh
# A recording with --split: what memory was made of is under its curve and in the legend, in pictures and in
# characters; a sum over processes has those of all.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

cat >maps.dat <<'END'
CMDLINE ./prog
FORMAT 4 mprof-trace 0.1.0
METRIC rss
INTERVAL 1.000000000
PROC 10 1 1795310486.000000000 prog
MEM 10.000000 1795310487.000000000
PART 10 anon 9.000000 1795310487.000000000
PART 10 file 1.000000 1795310487.000000000
PART 10 heap 8.000000 1795310487.000000000
PART 10 stack 1.000000 1795310487.000000000
PART 10 library 1.000000 1795310487.000000000 /opt/a b/libtorch.so
PART 10 maps 10.000000 1795310487.000000000
MEM 30.000000 1795310488.000000000
PART 10 anon 25.000000 1795310488.000000000
PART 10 file 5.000000 1795310488.000000000
PART 10 swap 3.000000 1795310488.000000000
PART 10 heap 24.000000 1795310488.000000000
PART 10 library 5.000000 1795310488.000000000 /opt/a b/libtorch.so
PART 10 maps 30.000000 1795310488.000000000
MEM 20.000000 1795310489.000000000
PART 10 heap 14.000000 1795310489.000000000
PART 10 maps 20.000000 1795310489.000000000
DONE 10 1795310490.000000000 0
TICKS 4 0 0 0.000100000 0.000100000
END

# words PICTURE.svg: PLplot writes each character as a reference.
words() {
	python3 -c 'import html, sys; sys.stdout.write(html.unescape(sys.stdin.read()))' <"$1"
}

run_as plot "$MPROF_TRACE" plot -o maps.svg maps.dat
status_is plot 0
words maps.svg >maps.text
for name in 'at the peak:' 'heap  24.0 MiB' 'libtorch.so  5.0 MiB' 'stacks  1.0 MiB' 'swapped out  3.0 MiB'; do
	grep -qF "$name" maps.text || fail "the picture does not show: $name"
done
! grep -q anonymous maps.text || fail "counters beside mappings"

grep -Ev '^PART .* (heap|stack|library|maps) ' maps.dat >counters.dat
run_as plot "$MPROF_TRACE" plot -o counters.svg counters.dat
status_is plot 0
words counters.svg >counters.text
for name in 'anonymous  25.0 MiB' 'files  5.0 MiB' 'swapped out  3.0 MiB'; do
	grep -qF "$name" counters.text || fail "the picture does not show: $name"
done

run_as none "$MPROF_TRACE" plot -o none.svg "$TESTS/records/every_kind.dat"
status_is none 0
for file in maps counters; do
	run_as $file "$MPROF_TRACE" plot -o $file.png $file.dat
	status_is $file 0
	run_as $file "$MPROF_TRACE" plot --term $file.dat
	status_is $file 0
done
grep -q '▒▒.*stacks\|▓▓.*stacks\|░░.*stacks' maps.out || { cat maps.out; fail "no stacks in characters"; }
grep -q '░░░░' maps.out || { cat maps.out; fail "no layer in characters"; }

# The pixel in the middle of the curve is that of the heap, pale; above the curve there is paper.
python3 - maps.png <<'END' || fail "the layers' colours"
import struct, sys, zlib
data = open(sys.argv[1], "rb").read()
width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
channels = {2: 3, 6: 4}[kind]
packed, at = b"", 8
while at < len(data):
    size, word = struct.unpack(">I4s", data[at:at + 8])
    packed += data[at + 8:at + 8 + size] if word == b"IDAT" else b""
    at += size + 12
raw, rows, row = zlib.decompress(packed), [], bytearray(width * channels)
for y in range(height):
    line = raw[y * (width * channels + 1):(y + 1) * (width * channels + 1)]
    method, new = line[0], bytearray(line[1:])
    for i in range(len(new)):
        a = new[i - channels] if i >= channels else 0
        b, c = row[i], row[i - channels] if i >= channels else 0
        p = a + b - c
        best = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        new[i] = (new[i] + (0, a, b, (a + b) // 2, best)[method]) & 255
    rows.append(new)
    row = new
colours = {}
for line in rows[60:-80]:
    for i in range(100 * channels, 600 * channels, channels):
        pixel = tuple(line[i:i + 3])
        colours[pixel] = colours.get(pixel, 0) + 1
layers = [c for c, n in colours.items() if n > 2000]
if len(layers) < 4:  # paper, the heap, the library, the stacks
    sys.exit(f"only {layers}")
END

run_as same "$MPROF_TRACE" plot -o pid.svg --pid 10 maps.dat
status_is same 0
words pid.svg | grep -qF 'heap  24.0 MiB' || fail "no layers of one process"
