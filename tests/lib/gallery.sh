#!/bin/bash
# Draws plots of all kinds, each beside python3-mprof's of the same file where that can draw it, and
# puts them on one contact sheet: gallery.sh DIRECTORY. Environment: MPROF_TRACE.
set -euo pipefail

directory=$1
here=$(dirname "$(realpath "$0")")
mkdir -p "$directory"
cd "$directory"
export MPLBACKEND=Agg
font=(-font /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf)

# NAME DATA OPTIONS…; mprof gets the options that it has too. Data is made by gallery_data.py; a
# second profile is overlaid with a plus.
plots() {
	cat <<-'LIST'
		few few
		many many
		children children
		children-40 children40
		c++-names cpp
		flame nested -f
		flame-deep deep -f
		slope leak -s
		part children -w 6,12
		overlay children+leak -s
		overlay-sums children+nested -C
		align few+slower --align load
		clock leak --clock
		forks forks
		children-all children40 --children all
		tree children -C
		growing growing
		dark nested --theme dark
		dark-flame nested -f --theme dark
		tiny tiny
		huge huge
		unicode unicode
		hot hot
		hot-flame hot_small -f
		overlap overlap
		crowded crowd
		crowded-dark crowd --theme dark
		small-page children --size 640x420
		one-process children --pid 102
		one-function nested --func parse,render
		no-brackets cpp -n -t Title
	LIST
}

data() {
	[ -s "$1.dat" ] || "$here/gallery_data.py" "$1" >"$1.dat"
}

# What mprof knows, of our options.
mprof_options() {
	while [ $# -gt 0 ]; do
		case $1 in
		-f | -s | -n) echo "$1" ;;
		-w | -t) printf '%s\n%s\n' "$1" "$2" && shift ;;
		--*) shift ;;
		esac
		shift
	done
}

draw() { # draw NAME DATA OPTIONS…
	local name=$1 files=() theirs=() one
	for one in ${2//+/ }; do
		data "$one"
		files+=("$one.dat")
	done
	shift 2
	"$MPROF_TRACE" plot "$@" -o "$name.png" "${files[@]}"
	mapfile -t theirs < <(mprof_options "$@")
	rm -f "$name.mprof.png"
	if command -v python3-mprof >/dev/null; then
		# 10^3 calls take it 8 s, 10^4 over two minutes.
		timeout 60 python3-mprof plot "${theirs[@]}" -o "$name.mprof.png" "${files[@]}" \
			>/dev/null 2>&1 || rm -f "$name.mprof.png"
	fi
	[ -e "$name.mprof.png" ] ||
		convert -size 1260x560 "${font[@]}" xc:gray95 -gravity center -pointsize 30 \
			-annotate 0 "mprof cannot draw this, or not in 60 s" "$name.mprof.png"
	convert \( "$name.png" -resize 900x \) \( "$name.mprof.png" -resize 700x \) -background white \
		-gravity center +append -gravity north -splice 0x30 "${font[@]}" -pointsize 20 -annotate +0+4 "$name: $*" \
		"$name.pair.png"
}

pairs=()
while read -r -a words; do
	draw "${words[@]}"
	pairs+=("${words[0]}.pair.png")
	echo "  ${words[0]}"
done < <(plots)
# The window, and the terminal's picture, where they can be had; mprof has nothing to put beside.
if command -v Xvfb >/dev/null && command -v xdotool >/dev/null; then
	data nested
	rm -f view1.svg
	PYTHONDONTWRITEBYTECODE=1 MPROF_TRACE=$MPROF_TRACE "$here/gallery_window.py" nested.dat
	pairs+=(window-hover.png window-drag.png window-zoom.png window-help.png)
	echo "  window-hover, -drag, -zoom, -help"
fi
env -u NO_COLOR TERM=xterm "$here/pixel_terminal.py" kitty 140x45 terminal.ppm "$MPROF_TRACE" plot --term \
	children.dat >terminal.txt
convert terminal.ppm terminal.png
pairs+=(terminal.png)
echo "  terminal"
# Two columns: one would be higher than a picture may be.
montage "${pairs[@]}" -background white -tile 2x -geometry '1000x>+6+6' sheet.png
printf '%d plots, each beside mprof'\''s: %s\n' ${#pairs[@]} "$PWD/sheet.png"
