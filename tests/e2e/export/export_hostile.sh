#!/bin/sh
# Names that hold anything are harmless in every format, and still themselves.
set -eu
# shellcheck source=tests/lib/export.sh
. "$TESTS/lib/export.sh"

python3 - <<'END'
names = [b"<script>alert(1)</script>", b"]]>", b"=cmd|'/c calc'!A0", b"+1+1", b"-2", b"@SUM(A1)", b"\t=1", b"\xc2\xa0=2",
         "\uff1d3".encode(), b"a,b", b'quo"te', b"it's", b"back\\slash", b"semi;colon;s", b"a\x1b[31mred\x1b]0;t\x07", b"nul\x01\x7f",
         b"\xff\xfe\xc0\x80", b"\xed\xa0\x80", "right\u202eleft\u2066x".encode(), "line\u2028sep".encode(), "caf\u00e9 \U0001f600".encode(),
         b"</script><!--", b"{}[]:,", b"%s%n", b"?", b"'", b'"', b"\\", b"\\u0000", b"\xc2\xa0", b"x" * 1000000]
with open("hostile.dat", "wb") as out:
    w = lambda *words: out.write(b" ".join(w if isinstance(w, bytes) else str(w).encode() for w in words) + b"\n")
    w("CMDLINE", b"./a '" + names[0] + b"' =1 \x1b[2J \xff")
    w("FORMAT 3 mprof-trace")
    w("METRIC", b'r"s\\s<')
    w("PROC 100 1 1000.5", b"=main </script>\x1b[0m")
    for i, name in enumerate(name.replace(b" ", b"\xc2\xa0") for name in names):
        pid = 101 + i
        w("PROC", pid, 100, f"{1001 + i}.000000001", name.replace(b"\xc2\xa0", b" "))
        w("CHLD", pid, "1.5", f"{1002 + i}.25")
        w("MEM", "2.000001", f"{1002 + i}.5")
        w("CHFUNC", name, "1.0", f"{1001 + i}.1", "2.5", f"{1001 + i}.3", 0, pid, pid)
        w("CHFUNC", name + b"_in", "1.0", f"{1001 + i}.15", "2.25", f"{1001 + i}.2", 1, pid, pid)
        w("MARK", name, "1.25", f"{1001 + i}.17", pid, pid)
        # Of some functions there are lines alone, as where a recording broke off.
        w("LINE", name, pid, 7, 3, "0.5", "2.5", 1, b"/src/" + name[:1000])
        w("LINE", name, pid, 2147483647, 3, "-0.5", "2.25", 0, name[:1000])
        if i % 2 == 0:
            w("LINES", name, pid, 5, 9, 3, "2", "0", 1, b"/src/" + name[:1000])
        w("TEXT", 7, b"/src/" + name[:1000], b"|" + name)
        w("MANY", name, pid, f"{1001 + i}.5", f"{1001 + i}.7", 3, "0.1", "0.01", "0.05", "0.5", "3.5", 0)
    # Numbers of no profile: a pid below 0, one that comes again, times that go back, what is too large.
    w("CHLD -5 1.0 1100.0\nCHLD 2147483647 1e300 1100.0\nCHLD 2147483647 17000000000000 1101.0")
    w("LINE f 100 0 1 0 1 0 /x\nLINE f 100 4294967296 1 0 1 0 /x\nLINE f 100 1 1 0 -1 0 /x")
    w("LINES f 100 5 4 1 1 0 0 /x\nTEXT 0 /x |a\nTEXT 1 /x a")
    w("MEM nan 1200\nMEM -1 1200\nMEM 1 -1e400\nMEM 1 5")
END
for kind in $KINDS; do
	export_as "$kind" "$kind.out" hostile.dat 2>err || fail "export $kind: $(cat err)"
	[ "$(grep -c damaged err)" -eq 1 ] || fail "$kind: $(cat err)"
	# Neither a terminal nor an editor is to be moved; what is U+202E is written as \u202e, or is U+FFFD.
	if LC_ALL=C grep -q -P '[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]' "$kind.out"; then
		fail "$kind holds controls"
	fi
	iconv -f utf-8 -t utf-8 "$kind.out" >/dev/null || fail "$kind is no UTF-8"
done
for kind in json chrome speedscope; do
	! grep -q '</script\|<!--' "$kind.out" || fail "$kind would end a script around it"
done
# Without the lines that are no sample: the comparison reads plainly.
grep -a -v '^CHLD -5\|^CHLD 2147\|^MEM nan\|^MEM -1\|^MEM 1 \|^LINES* f \|^TEXT [01] /x' hostile.dat >sound.dat
for kind in $KINDS; do
	export_as "$kind" "$kind.out" sound.dat 2>err || fail "export $kind: $(cat err)"
	python3 "$TESTS/lib/check_export.py" "$kind" sound.dat "$kind.out" >checked || fail "$kind: $(head -c 1000 checked)"
	echo "$kind: $(tr '\n' ';' <checked)"
done
# A stack has as many frames as calls around, whatever semicolons are in names.
awk -F ';' 'NF > 3 { exit 1 }' time.out || fail "a name makes frames of its own"
