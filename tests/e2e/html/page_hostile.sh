#!/bin/sh
# Names that would like to be markup or program: in a browser they are text.
# timeout: 600
set -eu
# shellcheck source=tests/lib/page.sh
. "$TESTS/lib/page.sh"
need_browser

python3 - <<'END'
names = ["</script><script>window.bad=1</script>", "<img src=x onerror=window.bad=2>", "]]><!--", "a\u2028b",
         "&lt;b&gt;", "javascript:window.bad=3", "__proto__", "constructor", "\u202egnp.exe", "w" * 20000]
with open("hostile.dat", "wb") as file:
    put = lambda line: file.write(line.encode("utf-8", "surrogateescape") + b"\n")
    put("CMDLINE ./x '</title><script>window.bad=4</script>'")
    put("FORMAT 3 mprof-trace\nMETRIC rss\nPROC 1 0 1795310486.0 <img src=x onerror=window.bad=5> " + "w" * 3000)
    put("PROC 2 1 1795310486.0 <svg onload=window.bad=6>")
    for i in range(50):
        put(f"MEM {10 + i} {1795310486 + i / 10}\nCHLD 2 {5 + i % 3} {1795310486 + i / 10}")
    for i, name in enumerate(names):
        field = name.replace(" ", "\u00a0")
        # In the order of these figures.
        put(f"LINE {field} 1 3 1 {20 - i} 5 0 /src/{field}\nTEXT 3 /src/{field} |\t{name}")
        put(f"FUNC {field} 10 {1795310486.5 + i / 10} 12 {1795310486.55 + i / 10} 0 1 1")
    put("MISS <b>pattern</b> <i>reason</i>")
    # So many calls that their strip names the function, too.
    for i in range(400):
        put(f"FUNC <u>hot</u> 10 {1795310486.5 + i / 100} 12 {1795310486.505 + i / 100} 1 1 1")
END
"$MPROF_TRACE" plot -t "<h1 onclick=window.bad=7>title</h1>" -o hostile.html hostile.dat
sed 's/CMDLINE.*/CMDLINE other/' hostile.dat >other.dat
"$MPROF_TRACE" plot -o pair.html hostile.dat other.dat
make_line >line.dat
"$MPROF_TRACE" plot -o line.html line.dat

cat >drive.py <<'END'
from page_driver import Browser

def kinds(page):
    return page.js("return [...new Set([...document.querySelectorAll('*')].map(e => e.localName))].sort()")

with Browser() as page:
    page.open("line.html")
    known = set(kinds(page)) | {"tfoot", "b", "code"} # more of a table; the figures of a tip; source text
    for path in ("hostile.html", "pair.html"):
        page.open(path)
        for i in range(len(page.find_all("[role=tab]"))):
            page.click(lambda: page.find_all("[role=tab]")[i])
        box = page.chart_box()
        for x in range(80, int(box[2]), 40):
            page.mouse("mouseMoved", x, box[3] * 0.8)
        page.js("for (const lines of document.querySelectorAll('#lines details')) lines.open = true")
        page.wait_for("all lines", lambda: len(page.find_all("#lines code")) == len(page.find_all("#lines details")) >= 10)
        assert page.js("return window.bad") is None, page.js("return window.bad")
        more = set(kinds(page)) - known
        assert not more, (path, more)
        assert page.js("return document.querySelectorAll('script').length") == 4
        assert page.complaints() == []
        assert all(url.startswith(("file://", "about:")) for url in page.requests())
        assert page.js("return document.documentElement.scrollWidth <= innerWidth"), "a long name is wider than the page"
    page.open("hostile.html")
    assert page.text("#title") == "<h1 onclick=window.bad=7>title</h1>"
    # Long names are brief in the legend, and whole where a row says more of itself.
    legend = page.text("#legend") + page.js(
        "return [...document.querySelectorAll('#legend button.row')].map((row) => row.title).join('\\n')")
    for name in ("</script><script>window.bad=1</script>", "<img src=x onerror=window.bad=2>", "]]><!--", "&lt;b&gt;",
                 "__proto__", "constructor", "<svg onload=window.bad=6>", "<u>hot</u>"):
        assert name in legend, name
    page.js("for (const lines of document.querySelectorAll('#lines details')) lines.open = true")
    page.wait_for("its lines", lambda: len(page.find_all("#lines code")) == 10)
    lines = page.js("return document.querySelector('#lines').textContent")
    for name in ("</script><script>window.bad=1</script>", "]]><!--", "/src/&lt;b&gt;", "/src/__proto__"):
        assert name in lines, name
    assert "<b>pattern</b>: <i>reason</i>" in page.text("#notices")
    page.find("#search").send_keys("__PROTO__")
    page.wait_for("one row", lambda: len(page.find_all("#legend button.row")) == 1)
    # The policy holds: what the page's own scripts might be made to do reaches nobody.
    assert page.js("""return new Promise(done => fetch('http://127.0.0.1:9/').then(() => done('sent'), () => done('refused')))""") == "refused"
    page.wait_for("the policy's word", lambda: any("Content Security Policy" in c for c in page.complaints()))
END
/usr/bin/python3 drive.py || fail "a name is more than text"
