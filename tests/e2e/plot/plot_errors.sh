#!/bin/sh
# Whatever is wrong with a plot: one line on stderr, status 125, nothing half-written.
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
unset DISPLAY

printf 'MEM 1 1\nMEM 2 2\n' >good.dat
: >empty.dat
echo "CMDLINE ./a" >nothing.dat
echo "some notes" >notes.txt
mkdir -p dir.png

# refuse PART-OF-MESSAGE ARGUMENT...
refuse()
{
	part=$1
	shift
	status=0
	"$MPROF_TRACE" "$@" >out 2>err </dev/null || status=$?
	[ "$status" -eq 125 ] || fail "$*: status $status"
	[ ! -s out ] || fail "$*: printed $(cat out)"
	[ "$(wc -l <err)" -eq 1 ] || fail "$*: not one line: $(cat err)"
	grep -qF -- "$part" err || fail "$*: '$part' is not in $(cat err)"
}

refuse "No such file" plot nosuch.dat
refuse "is empty" plot empty.dat
refuse "no memory sample" plot nothing.dat
refuse "not a profile" plot notes.txt
refuse "is a directory" peak .
refuse "no profile with index -1" plot -1
refuse "no profile with index -1" plot -- -1
refuse "no profile with index 7" plot 7
refuse "no profile in the current directory" plot
refuse ".png, .svg or .pdf" plot -o x.gif good.dat
refuse ".png, .svg or .pdf" plot -o png good.dat
refuse "No such file" plot -o no/such/dir.png good.dat
refuse "not a regular file" plot -o dir.png good.dat
# Recorded with -o good.png, which its user took for the picture's name.
cp good.dat good.png
refuse "it is a profile" plot -o good.png good.dat
refuse "it is a profile" plot good.dat
"$MPROF_TRACE" plot good.png >out
grep -qx 'good\.png\.png' out || fail "the picture of good.png is not good.png.png: $(cat out)"
cmp good.dat good.png || fail "a profile was replaced by a picture"
rm good.png good.png.png
refuse "in seconds" plot -w 5 good.dat
refuse "in seconds" plot -w 5,4 good.dat
refuse "in seconds" plot -w nan,4 good.dat
refuse "nothing was recorded" plot -w 100,200 -o x.png good.dat
refuse "which profile" rm

# An older picture survives a failed plot, and no temporary file stays behind.
echo old >x.png
refuse "is empty" plot -o x.png empty.dat
[ "$(cat x.png)" = old ] || fail "x.png was touched"
if [ -c /dev/full ] && [ "$(id -u)" -ne 0 ]; then
	mkdir -p closed && chmod 555 closed
	refuse "Permission denied" plot -o closed/x.png good.dat
fi
[ -z "$(find . -name '.mprof-trace*')" ] || fail "left behind: $(find . -name '.mprof-trace*')"

# A disk that fills up: no half picture. The mount is the sub-shell's own.
cat >full.sh <<'END'
mount -t tmpfs -o size=8k none small && cd small || exit 0
for suffix in png svg pdf; do
	if "$MPROF_TRACE" plot -o x.$suffix ../good.dat 2>err.txt; then echo "x.$suffix written"; fi
	[ -z "$(find . -name 'x.*' -o -name '.mprof*')" ] || find . -name 'x.*' -o -name '.mprof*'
done
END
mkdir small
if unshare -rm true 2>/dev/null; then
	found=$(unshare -rm sh full.sh)
	[ -z "$found" ] || fail "on a full disk: $found"
fi

# A display that is none: a PNG beside the profile, its path on stdout. -1 is the newest.
cp good.dat mprofile_20260101000000.dat
cp good.dat mprofile_20260101000001.dat
[ "$(DISPLAY=:4711 "$MPROF_TRACE" plot -1)" = mprofile_20260101000001.png ] || fail "plot -1"
[ "$("$MPROF_TRACE" plot -- -2)" = mprofile_20260101000000.png ] || fail "plot -- -2"
[ "$("$MPROF_TRACE" plot ./good.dat 0)" = ./good.png ] || fail "plot ./good.dat 0"
[ "$("$MPROF_TRACE" plot 2>/dev/null)" = mprofile_20260101000001.png ] || fail "plot"

# A link stays a link; a picture has the mode of any new file.
ln -s target.png link.png
: >target.png
(umask 022 && "$MPROF_TRACE" plot -o link.png good.dat && "$MPROF_TRACE" plot -o new.png good.dat)
[ -L link.png ] || fail "the link was replaced"
[ -s target.png ] || fail "the link's target was not written"
[ "$(stat -c %a new.png)" = 644 ] || fail "new.png has mode $(stat -c %a new.png)"

# A window that cannot be opened: a file, and why.
no_window() # no_window REASON DISPLAY [OPTIONS…]
{
	reason=$1 display=$2
	shift 2
	[ "$(DISPLAY=$display "$MPROF_TRACE" plot "$@" good.dat 2>err)" = good.png ] || fail "no file: $(cat err)"
	[ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
	grep -q "cannot open a window: $reason" err || fail "DISPLAY=$display: $(cat err)"
}
printf 'MEM 1 1\nMEM 2 2\n' >good.dat
no_window 'no X server has the display :4711' :4711
no_window 'no X server has the display unix:4711.0' unix:4711.0
no_window 'DISPLAY names none' nonsense
no_window 'DISPLAY is not set' '' --backend extcairo
WAYLAND_DISPLAY=wayland-0 no_window 'DISPLAY is not set: in a Wayland session' '' --backend extcairo
[ -z "$("$MPROF_TRACE" plot good.dat 2>&1 >out)" ] || fail "without a display nobody expects a window"
