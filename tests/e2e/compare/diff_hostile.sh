#!/bin/sh
# diff: names of functions, programs and files that would be commands of a terminal, formulas, markup, or no text at all are
# harmless in each output; a terminal of 80 columns has no line that is longer, whatever the names are.
set -eu
# shellcheck source=tests/lib/compare.sh
. "$TESTS/lib/compare.sh"
need_command python3 script

long=$(printf '%200000s' '' | tr ' ' 'y')
hostile() {
	made_profile "$1"
	for name in '=cmd|x' '+1' '@sum' '-2' '</script><b>' '"quoted",' 'a;b' "$long"; do
		printf 'FUNC %s 1 1795310487 %d 1795310488 0 100 100\n' "$name" "$1"
	done
	printf 'FUNC esc\033[31mred\a 1 1795310487 %d 1795310488 0 100 100\n' "$1"
	printf 'FUNC rtl\342\200\256x 1 1795310487 2 1795310488 0 100 100\n'
	printf 'FUNC \346\227\245\346\234\254\350\252\236 1 1795310487 2 1795310488 0 100 100\n'
	printf 'PROC 900 100 1795310486.5 =a\033]0;b\a\342\200\256%s\n' "$long"
	printf 'CHLD 900 7 1795310487\n'
}
evil=$(printf 'e\033[1mvil.dat')
hostile 1 >"$evil"
hostile 2 >2.dat
harmless() {
	LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$1" && fail "$1 has control characters"
	grep -q "$(printf '\342\200\256')" "$1" && fail "$1 has a mark of direction"
	return 0
}
expect 1 "$MPROF_TRACE" diff --top 0 "$evil" 2.dat --fail-if 'gain>+0'
harmless out
expect 0 "$MPROF_TRACE" diff --csv "$evil" 2.dat
harmless out
python3 - <<'END'
import csv
csv.field_size_limit(1 << 22)
rows = list(csv.reader(open("out", encoding="utf-8", newline="")))
assert {len(row) for row in rows} == {12}, {len(row) for row in rows}
names = {row[1] for row in rows}
assert "'=cmd|x" in names and "'@sum" in names and "'+1" in names and "'-2" in names, sorted(names, key=len)[:30]
assert any(len(name) == 200000 for name in names)
END
expect 1 "$MPROF_TRACE" diff --json "$evil" 2.dat --fail-if 'gain>+0'
harmless out
grep -q '</script>' out && fail "an end of a script within JSON"
python3 - <<'END'
import json
found = json.load(open("out", encoding="utf-8"))
names = {row["name"] for row in found["figures"]}
assert "=cmd|x" in names and '"quoted",' in names and "</script><b>" in names, sorted(names, key=len)[:30]
assert found["conditions"][0]["verdict"] == "BROKEN", found["conditions"]
END

# What a terminal of 80 columns shows.
for arguments in '--top 0 x.dat 2.dat' 'x.dat 2.dat -- 2.dat x.dat --fail-if gain>+0'; do
	cp "$evil" x.dat
	script -qec "stty cols 80; '$MPROF_TRACE' diff $(printf '%s' "$arguments" | sed 's/gain.*/"&"/')" typed >/dev/null </dev/null || true
	sed '1d;$d' typed | tr -d '\r' >shown
	[ "$(wc -l <shown)" -gt 20 ] || fail "little is shown: $(cat shown)"
	python3 - <<'END'
import unicodedata
for line in open("shown", encoding="utf-8"):
    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line.rstrip("\n"))
    assert width <= 80, (width, line)
END
done
