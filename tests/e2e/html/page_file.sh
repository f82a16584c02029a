#!/bin/sh
# A page as a file: whole or not at all, no part of another's name in its markup, and what it carries is
# what the profile has.
# timeout: 300
set -eu
# shellcheck source=tests/lib/page.sh
. "$TESTS/lib/page.sh"
need_command python3

make_line >line.dat
"$MPROF_TRACE" plot -o line.html line.dat >out 2>err
if [ -s out ] || [ -s err ]; then fail "plot -o line.html says: $(cat out err)"; fi

# It names no other file and no other machine. (dygraphs' licence does, as text.)
awk 'length < 2000' line.html | grep -n -E '<(link|img|iframe|base)|(src|href)="[^#]|@import|url\(' &&
	fail "the page refers to something outside"
grep -q "default-src 'none'" line.html || fail "the page has no policy"
grep -q 'Permission is hereby granted' line.html || fail "the licence of dygraphs is missing"
grep -q sourceMappingURL line.html && fail "the page names a map of its script"

# Refused, with nothing left behind.
refuse() # refuse WORDS ARGUMENT…
{
	words=$1
	shift
	status=0
	"$MPROF_TRACE" plot "$@" 2>err || status=$?
	[ "$status" = 125 ] || fail "plot $*: status $status"
	grep -q -e "$words" err || fail "plot $* says: $(cat err)"
}
cp line.dat b.dat
cp line.dat c.dat
refuse 'one profile, or two' -o x.html line.dat b.dat c.dat
refuse 'not drawn by a --backend' -o x.html --backend svg line.dat
refuse 'no function of line.dat matches' -o x.html --func none line.dat
ln -s /dev/full full.html
refuse 'not a regular file' -o full.html line.dat
cp line.dat profile.html
refuse 'is a profile' -o profile.html line.dat
cmp -s line.dat profile.html || fail "the profile is lost"
sed 's/METRIC rss/METRIC pss/' line.dat >pss.dat
refuse 'different things' -o x.html line.dat pss.dat
[ ! -e x.html ] || fail "a page is left behind"
for file in .mprof-trace*; do
	[ ! -e "$file" ] || fail "a temporary file is left behind: $file"
done

# Names that would like to be markup. 1 MB long, right-to-left, no UTF-8, and what ends a script.
python3 - <<'END'
import sys
names = ["</script><script>alert(1)</script>", "<img src=x onerror=alert(2)>", "]]>", "<!--", "a\u2028b\u2029c",
         "\u202efdp.exe", "&lt;b&gt;", "=cmd|' /C calc'!A0", "\x1b]0;title\x07", "x" * 1000000, "z" * 20000, "{{payload}}"]
with open("hostile.dat", "wb") as file:
    put = lambda line: file.write(line.replace("\0", "").encode("utf-8", "surrogateescape") + b"\n")
    put("CMDLINE ./x '</title><script>alert(3)</script>' " + "y" * 20000)
    put("FORMAT 3 mprof-trace\nMETRIC rss\nPROC 1 0 1795310486.0 ./x </script><script>alert(4)</script>")
    for i in range(50):
        put(f"MEM {10 + i} {1795310486 + i / 10}")
    for i, name in enumerate(names):
        field = name.replace(" ", "\u00a0")
        put(f"FUNC {field} 10 {1795310486.5 + i / 10} 12 {1795310486.55 + i / 10} 0 1 1")
        put(f"MISS {field} {name}")
    file.write(b"FUNC bad\xff\xfename 10 1795310488.5 12 1795310488.6 0 1 1\n")
    file.write(b"PROC 2 1 1795310487.0 \xff\xfe<script>alert(5)</script>\nCHLD 2 5 1795310487.5\n")
END
"$MPROF_TRACE" plot -o '<script>alert(6).html' hostile.dat
mv '<script>alert(6).html' hostile.html

# What it carries, read by a reader that shares no code with ours.
cat >read.py <<'END'
import base64, html.parser, json, sys, zlib

class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.tags, self.payload, self.is_payload, self.nonces = [], "", False, set()
        self.feed(open(path, encoding="utf-8").read()) # fails on what is no UTF-8
        self.close()
    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        attributes = dict(attributes)
        self.is_payload = attributes.get("id") == "payload"
        if tag in ("script", "style"):
            self.nonces.add(attributes["nonce"])
    def handle_data(self, data):
        if self.is_payload and self.tags[-1] == "script":
            self.payload += data

class Columns:
    def __init__(self, packed):
        self.bytes, self.at = zlib.decompress(base64.b64decode(packed)), 0
    def column(self, count):
        numbers, last = [], 0
        for _ in range(count):
            coded = shift = 0
            while True:
                byte = self.bytes[self.at]
                self.at += 1
                coded |= (byte & 127) << shift
                shift += 7
                if byte < 128:
                    break
            last += -(coded + 1) // 2 if coded % 2 else coded // 2
            numbers.append(last)
        return numbers

def read(path):
    page = Page(path)
    payload = json.loads(page.payload)
    columns = Columns(payload["packed"])
    for profile in payload["profiles"]:
        for process in profile["processes"]:
            count, = columns.column(1)
            process["samples_us_kib"] = list(zip(columns.column(count), columns.column(count)))
        count, = columns.column(1)
        profile["calls"] = list(zip(*(columns.column(count) for _ in range(9))))
        for function in profile["functions"]:
            count, = columns.column(1)
            function["windows"] = [columns.column(2) + [columns.column(1)[0] for _ in range(6)] for _ in range(count)]
    assert columns.at == len(columns.bytes), "more is packed than is told"
    return page, payload
END
export PYTHONPATH="$PWD" PYTHONDONTWRITEBYTECODE=1
python3 - <<'END' || fail "the page does not carry what the profile has"
import os, subprocess
from read import read
page, payload = read("line.html")
plain_tags = page.tags
assert len(page.nonces) == 1 and len(min(page.nonces)) == 32, page.nonces
profile, = payload["profiles"]
samples = {"MEM": [], "CHLD": []}
for line in open("line.dat"):
    words = line.split()
    if words[0] in samples:
        time_us = round((float(words[-1]) - 1795310486) * 1e6)
        samples[words[0]].append((time_us, round(float(words[-2]) * 1024)))
near = lambda a, b: len(a) == len(b) and all(abs(x[0] - y[0]) <= 1 and x[1] == y[1] for x, y in zip(a, b))
assert near(profile["processes"][0]["samples_us_kib"], samples["MEM"])
assert near(profile["processes"][1]["samples_us_kib"], samples["CHLD"])
names = [function["name"] for function in profile["functions"]]
calls = [(names[c[4]], c[0], c[1], c[2], c[3], c[5], c[6], c[7]) for c in profile["calls"]]
assert calls == [("load", 2000000, 4000000000, 30720, 71680, 0, 100, 0),
                 ("parse", 3000000, 1000000000, 40960, 51200, 0, 100, 1),
                 ("load", 4000000, 250000000, 20480, 26624, 1, 101, 0),
                 ("load", 7000000, 500000000, 81920, 76800, 0, 100, 0)], calls

# What a legend has no room for is carried in a brief form, too, which tells it from the others.
assert not any("brief" in function for function in profile["functions"])
with open("long.dat", "w") as out:
    out.write("MEM 1 1\nMEM 2 9\n")
    for kind in "int", "long":
        out.write(f"FUNC company::storage::Table<{kind},\u00a0Allocator<{kind}>\u00a0>::insert({kind}) 1 2 1 3 0\n")
subprocess.run([os.environ["MPROF_TRACE"], "plot", "-o", "long.html", "long.dat"], check=True, stdout=subprocess.DEVNULL)
functions = read("long.html")[1]["profiles"][0]["functions"]
assert [function["brief"] for function in functions] == ["Table<int, …>::insert(…)", "Table<long, …>::insert(…)"], functions
assert functions[0]["name"] == "company::storage::Table<int, Allocator<int> >::insert(int)", functions[0]["name"]

# As many tags as without a hostile name, and no other.
page, payload = read("hostile.html")
assert page.tags == plain_tags, "a name has become markup"
text = open("hostile.html", encoding="utf-8").read()
for bad in ("alert(1)</script>", "<img", "\u2028", "\u202e", "\x1b", "<script>alert"):
    assert bad not in text, bad
profile, = payload["profiles"]
names = [function["name"] for function in profile["functions"]]
assert "</script><script>alert(1)</script>" in names and "{{payload}}" in names, names[:3]
assert any("bad\ufffd\ufffdname" == name for name in names)
assert max(map(len, names)) < 5000 and len(profile["command"]) < 5000
assert len(text) < 1000000
END

# Twice the same, but for the nonce.
"$MPROF_TRACE" plot -o again.html line.dat
nonce() { sed -n 's/.*<style nonce="\([0-9a-f]*\)".*/\1/p' "$1"; }
[ "$(nonce line.html)" != "$(nonce again.html)" ] || fail "two pages have one nonce"
for page in line again; do
	sed "s/$(nonce $page.html)/NONCE/g" $page.html >$page.plain
done
cmp line.plain again.plain || fail "the same profile makes another page"

# More than a page has room for: nothing is lost from the sums, and the highest is there.
awk 'BEGIN { srand(2)
	print "METRIC rss\nPROC 1 0 1795310486 ./x"
	for (i = 0; i < 400000; i++) printf "MEM %d %.6f\n", 100 + (i == 123456) * 77, 1795310486 + i / 1000
	for (i = 0; i < 200000; i++) printf "FUNC f%d 1 %.6f %d %.6f 0 1 1\n", i % 3, 1795310486 + i / 500,
		1 + (i % 10 == 0), 1795310486 + i / 500 + 0.0001 + (i % 1000) / 1e6
	print "FUNC rare 1 1795310487 5 1795310488 0 1 1" }' >many.dat
"$MPROF_TRACE" plot -o many.html many.dat
[ "$(wc -c <many.html)" -lt 4000000 ] || fail "the page is larger than 4 MB"
python3 - <<'END' || fail "sums of a large profile"
from read import read
_, payload = read("many.html")
profile, = payload["profiles"]
assert profile["hasLessSamples"] and profile["hasLessCalls"]
samples = profile["processes"][0]["samples_us_kib"]
assert 200000 < len(samples) <= 262144 and max(samples, key=lambda s: s[1]) == (123456000, 177 * 1024)
calls = profile["calls"]
assert len(calls) <= 120000
for f, function in enumerate(profile["functions"]):
    own = [c for c in calls if c[4] == f]
    windows = function["windows"]
    whole = [i for i in range(200000) if function["name"] == f"f{i % 3}"]
    if function["name"] == "rare":
        assert len(own) == 1 and not windows
        continue
    assert len(own) + sum(w[2] for w in windows) == len(whole) == function["calls"]
    gained_kib = sum(c[3] - c[2] for c in own) + sum(w[5] for w in windows)
    assert gained_kib == 1024 * sum(i % 10 == 0 for i in whole), gained_kib
    total_ns = sum(c[1] for c in own) + sum(w[3] for w in windows)
    assert abs(total_ns / 1e9 - sum(0.0001 + i % 1000 / 1e6 for i in whole)) < 0.01
    assert min(c[1] for c in own) >= max(w[4] for w in windows) - 2000, "the longest are not the single ones"
END

# Small and damaged ones: a page nevertheless.
echo 'MEM 1.5 1795310486.5' >one.dat
printf 'MEM 1 5\nMEM nan 6\nMEM 2 x\nMEM -3 7\nMEM 4 4\nFUNC f 1 9e18 2 -9e18 0\nFUNC g 1 1 2 9e9 0\n' >odd.dat
for name in one odd; do
	"$MPROF_TRACE" plot -o $name.html $name.dat 2>/dev/null
	python3 -c "from read import read; read('$name.html')" || fail "$name.dat"
done
