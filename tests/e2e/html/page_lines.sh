#!/bin/sh
# The lines of functions on a page: the figures of the profile, the text of sources, no more than a page has room for.
# timeout: 600
set -eu
# shellcheck source=tests/lib/page.sh
. "$TESTS/lib/page.sh"

cat >work.c <<'END'
int work(int n)
{
	char *p = get(n); /* <b>bold</b> & "quoted" */

	return use(p);
}
END
touch -d @1000000000 work.c
make_line >none.dat
cp none.dat lines.dat
cat >>lines.dat <<END
LINE work 100 2 3 0.000000 30.000000 0 $PWD/work.c
LINE work 100 3 3 1.000000 35.000000 0 $PWD/work.c
LINE work 100 3 4 12.500000 40.000000 2 $PWD/work.c
LINE work 100 5 4 -2.500000 40.000000 0 $PWD/work.c
LINE work 100 70 4 0.250000 40.000000 0 /nowhere/inlined.h
LINE work 100 9 4 0.000000 40.000000 0 /nowhere/idle.h
LINES work 100 1 6 4 10.000000 10.250000 1 $PWD/work.c
LINE held 101 3 1 20.000000 20.000000 0 /nowhere/held.py
TEXT 3 /nowhere/held.py |    x = [0] * n # <i>
LINE parse 100 3 1 1.000000 20.000000 0 /nowhere/parse.c
LINE parse 100 40 1 1.000000 20.000000 0 /nowhere/parse.c
END
{
	cat none.dat
	awk 'BEGIN {
		for (f = 0; f < 150; f++)
			printf "LINE f%03d 100 1 1 %d.000000 20.000000 0 /nowhere/f.c\n", f, f
		# As many lines as a program may have; and a text that nobody has so long.
		for (i = 1; i <= 20000; i++)
			printf "LINE wide 100 %d 1 %.6f 20.000000 0 /nowhere/w.c\n", 3 * i, 1 + (i * 7919 % 20000) / 1000
		print "LINES wide 100 1 2147483647 1 1.0 1e6 0 /nowhere/w.c"
	}'
} >many.dat
for name in none lines many; do
	"$MPROF_TRACE" plot -o $name.html $name.dat || fail "$name.dat is not drawn"
done
"$MPROF_TRACE" plot --pid 101 -o one.html lines.dat
touch -d @1900000000 work.c
"$MPROF_TRACE" plot -o changed.html lines.dat
touch -d @1000000000 work.c
"$MPROF_TRACE" plot -n -o bare.html lines.dat
"$MPROF_TRACE" plot -o pair.html lines.dat none.dat

cat >carried.py <<'END'
import json, re

def lines_of(path):
    text = open(path, encoding="utf-8").read()
    payload = json.loads(re.search(r'id="payload">(.*?)</script>', text, re.S).group(1))
    return payload["profiles"][0].get("lines")

assert lines_of("none.html") is None and lines_of("bare.html") is None
lines = lines_of("lines.html")
assert [f["name"] for f in lines["functions"]] == ["held", "work", "parse"] and lines["left"] == 0, lines
held, work, parse = lines["functions"]
assert (work["calls"], work["before"], work["gained"], work["isOptimised"], work["left"]) == (4, 10, 10.25, True, 0), work
own, inlined = work["sections"]
source = open("work.c").read().split("\n")
assert own["rows"] == [[1, source[0]], [2, source[1], 3, 0, 30, 0], [3, source[2], 4, 12.5, 40, 2], [4, ""],
                       [5, source[4], 4, -2.5, 40, 0], [6, source[5]]], own
assert own["file"].endswith("/work.c") and not own["isInlined"] and own["complaint"] is None, own
changed = lines_of("changed.html")["functions"][1]["sections"][0]
assert changed["complaint"].startswith("changed since") and changed["rows"] == own["rows"], changed
assert inlined == {"file": "/nowhere/inlined.h", "isInlined": True, "complaint": "no such file",
                   "rows": [[70, None, 4, 0.25, 40, 0]]}, inlined
assert held["sections"][0]["rows"] == [[3, "    x = [0] * n # <i>", 1, 20, 20, 0]] and held["sections"][0]["complaint"] is None, held
assert parse["sections"][0]["rows"] == [[3, None, 1, 1, 20, 0], None, [40, None, 1, 1, 20, 0]], parse
assert [f["name"] for f in lines_of("one.html")["functions"]] == ["held"]

# The functions that gained most; of too many lines, those that did.
lines = lines_of("many.html")
names = [f["name"] for f in lines["functions"]]
assert names == ["wide", *(f"f{i:03}" for i in range(149, 50, -1))] and lines["left"] == 51, (names, lines["left"])
wide = lines["functions"][0]
assert wide["left"] == 19500, wide["left"]
rows = [row for row in wide["sections"][0]["rows"] if row is not None]
all_lines = {3 * i: 1 + (i * 7919 % 20000) / 1000 for i in range(1, 20001)}
assert sorted(row[0] for row in rows) == sorted(sorted(all_lines, key=all_lines.get)[-500:])
END
/usr/bin/python3 carried.py || fail "the page does not carry what it should"

need_browser
cat >drive.py <<'END'
from page_driver import Browser

with Browser() as page:
    page.open("lines.html")
    page.wait_for("a table", lambda: len(page.find_all("#lines table")) == 1)
    assert "Lines of" in page.find("#lines .table-room").get_attribute("aria-label")
    page.click("#lines details:nth-of-type(2) summary")
    page.wait_for("the tables of work", lambda: len(page.find_all("#lines table")) == 3)
    rows = page.js("""return [...document.querySelectorAll('#lines details:nth-of-type(2) table')].map(
        table => [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent)))""")
    assert rows[0][2] == ["3", "40.0 MiB", "~+12.5 MiB", "4", '\tchar *p = get(n); /* <b>bold</b> & "quoted" */'], rows
    assert rows[0][3] == ["4", "", "", "", ""] and rows[1] == [["70", "40.0 MiB", "+256 KiB", "4", ""]], rows
    text = page.text("#lines")
    assert "Optimised" in text and "inlined · no such file" in text, text
    assert page.js("return document.querySelectorAll('#lines b, #lines i').length") == 0
    page.find("#search").send_keys("WORK")
    page.wait_for("one function", lambda: page.js(
        "return [...document.querySelectorAll('#lines details')].filter(d => !d.hidden).length") == 1)
    for path in ("none.html", "bare.html"):
        page.open(path)
        assert page.find("#lines").get_attribute("hidden") is not None, path
    page.open("pair.html")
    assert page.js("return document.querySelectorAll('#lines details').length") == 3
    page.open("many.html")
    text = page.text("#lines")
    assert "51 other functions are left out" in text, text[-300:]
    page.wait_for("the lines", lambda: "19,500 lines that gained less are left out" in page.text("#lines"))
    for path in ("many.html", "lines.html"):
        for width in (1300, 360):
            page.resize(width, 800)
            page.open(path)
            page.wait_for("the lines", lambda: page.find_all("#lines table"))
            assert page.js("return document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than {width}"
    assert page.complaints() == []
END
/usr/bin/python3 drive.py || fail "the page does not do what it should"
