# Helpers of the plot tests: looks at pixels of a PNG with ImageMagick (sourced by tests/e2e/plot_*.sh).
# shellcheck shell=sh

# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# box FILE COLOR GEOMETRY: left, top, right and bottom of the pixels within 3 % of COLOR in a part of
# the picture, in coordinates of that part.
box()
{
	convert "$1" -crop "$3" +repage -fuzz 3% -fill black +opaque "$2" -fill white \
		-opaque "$2" -fuzz 0 -bordercolor black -border 1 \
		-format '%@' info: 2>/dev/null |
		awk -F '[x+]' '{ print $3 - 1, $4 - 1, $3 + $1 - 2, $4 + $2 - 2 }'
}

# count FILE COLOR [GEOMETRY]: pixels within 3 % of COLOR, in the whole picture or a part of it.
count()
{
	convert "$1" ${3:+-crop "$3" +repage} -fuzz 3% -fill black +opaque "$2" -fill white \
		-opaque "$2" -format '%[fx:mean*w*h]' info: | awk '{ printf "%d\n", $1 + 0.5 }'
}

# expect WHAT ACTUAL LOW HIGH
expect()
{
	[ -n "$2" ] || fail "$1: nothing found"
	if [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
		fail "$1 is $2, not within $3 to $4"
	fi
}

# expect_margin_clean FILE [WIDTH LEAST-HEIGHT]: the page's outermost pixels are paper, nothing has
# run off it.
expect_margin_clean()
{
	width=$(identify -format %w "$1") height=$(identify -format %h "$1")
	if [ "$width" -ne "${2:-1260}" ] || [ "$height" -lt "${3:-560}" ]; then
		fail "$1 is $width x $height"
	fi
	for part in "${width}x4+0+0" "${width}x4+0+$((height - 4))" \
		"4x${height}+0+0" "4x${height}+$((width - 4))+0"; do
		colors=$(convert "$1" -crop "$part" +repage -format %k info:)
		[ "$colors" -eq 1 ] || fail "$1: something is drawn in $part"
	done
}
