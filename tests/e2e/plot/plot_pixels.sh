#!/bin/sh
# plot --term on terminals that can show pixels: asked, answered, drawn, with the words beside it as
# text; and on those that cannot, or say nothing.
# timeout: 300
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command convert
need_command python3
unset DISPLAY NO_COLOR LC_TERMINAL TERM_PROGRAM
export TERM=xterm-256color

awk 'BEGIN {
	print "CMDLINE ./work\nMETRIC rss\nPROC 100 1 1795310486.0 ./work"
	for (i = 0; i <= 1000; i++)
		printf "MEM %.6f %.9f\n", i / 10, 1795310486 + i / 100
	print "FUNC load 20.0 1795310488.0 60.0 1795310492.0 0 100 100"
}' >line.dat

on_terminal() # on_terminal KIND COLUMNSxROWS [OPTIONS…]: the text to out, the picture to KIND.ppm
{
	kind=$1 size=$2
	shift 2
	rm -f "$kind.ppm"
	python3 "$TESTS/lib/pixel_terminal.py" "$kind" "$size" "$kind.ppm" "$MPROF_TRACE" plot --term \
		"$@" line.dat >out || fail "$kind: status $? $(cat out)"
}

cat >look.py <<'END'
import sys
text = open(sys.argv[1], "rb").read().split(b"\x1b[c")[-1].decode()
left, top, right, bottom = (int(n) for n in sys.argv[2:6])  # of the line's dots
width, height = int(sys.argv[6]), int(sys.argv[7])
assert text.count("<picture>") == 1, text
# Room for it first, then up by as many lines as there are, and one to the right of the axis.
head, tail = text.split("<picture>")
lines = head.split("\n")
assert lines[0] == "./work" and lines[1] == "memory used (MiB, RSS)", lines
rows = tail[2:].split("\n")
frame = [row for row in rows if row.endswith(("│", "┤"))]
assert "\x1b[%dA\x1b7\x1b[%dC" % (len(frame) + 1, len(frame[0])) in head, head
assert tail.startswith("\x1b8")
assert len(frame) * 20 == height, (len(frame), height)
assert not any("\u2801" <= c <= "\u28ff" for c in text)
# 40 MiB are at 4 of 10 s, in the row that says so.
row = [i for i, line in enumerate(frame) if line.split()[0] == "40"][0]
at = top + (bottom - top) * 0.6
assert row * 20 - 12 <= at <= row * 20 + 32, (row, at)
assert left <= 3 and right >= width - 4, (left, right, width)
assert "load  1 call  " in tail and "  4.00 s" in tail and "time (s)" in tail
END

for kind in sixel kitty; do
	on_terminal "$kind" 100x40
	[ -s "$kind.ppm" ] || fail "$kind: no picture: $(cat -v out)"
	# Sixels come in bands of six dots, and in xterm's colours.
	height=$(($(identify -format %h "$kind.ppm") / 20 * 20))
	convert "$kind.ppm" -crop "950x$height+0+0" +repage "$kind.png"
	blue='rgb(31,119,180)' orange='rgb(251,114,13)'
	[ "$kind" = kitty ] || { blue='rgb(0,135,175)' orange='rgb(255,95,0)'; }
	# shellcheck disable=SC2046 # words are wanted
	python3 look.py out $(convert "$kind.png" -fuzz 10% -fill black +opaque "$blue" -fill white \
		-opaque "$blue" -bordercolor black -border 1 -format '%@' info: |
		awk -F '[x+]' '{ print $3 - 1, $4 - 1, $3 + $1 - 2, $4 + $2 - 2 }') 950 "$height" ||
		fail "$kind: $(cat -v out)"
	expect "$kind: dots of brackets" "$(count "$kind.png" "$orange" "40x60+170+$((height * 4 / 5 - 20))")" 20 200
done

export TERM_PROGRAM=iTerm.app LC_TERMINAL=iTerm2
on_terminal iterm2 100x40
[ "$(identify -format %wx%h iterm2.tiff)" = 950x640 ] || fail "iterm2: $(identify iterm2.tiff)"
unset TERM_PROGRAM LC_TERMINAL

# Characters where it has no pixels, has no colours by its user's wish, or says nothing.
for kind in text mute; do
	on_terminal $kind 100x40
	[ ! -e "$kind.ppm" ] || fail "$kind: a picture"
	grep -q "$(printf '\342\241')" out || fail "$kind: no dots: $(cat out)"
done
NO_COLOR=1 on_terminal sixel 100x40
[ ! -e sixel.ppm ] || fail "a picture with NO_COLOR"
if grep -q "$(printf '\033')" out; then fail "asked with NO_COLOR"; fi
TERM=dumb on_terminal sixel 100x40
[ ! -e sixel.ppm ] || fail "a dumb terminal was asked"
# A pipe is never asked.
"$MPROF_TRACE" plot --term line.dat >out
if grep -q "$(printf '\033')" out; then fail "a pipe was asked"; fi
