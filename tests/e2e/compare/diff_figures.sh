#!/bin/sh
# diff: each figure is the one that another reader finds; groups have medians and spreads; what grew most comes first.
set -eu
# shellcheck source=tests/lib/compare.sh
. "$TESTS/lib/compare.sh"
need_command python3

for scale in 1 2 3 5; do
	made_profile $scale >"$scale.dat"
	expected_figures "$scale.dat" >"$scale.expected"
done
"$MPROF_TRACE" diff --csv 1.dat 3.dat >13.csv
figures_of 4 13.csv >1.found
figures_of 6 13.csv >3.found
same_figures 1.found 1.expected
same_figures 3.found 3.expected

# Absolute and percent, of every line that has both.
python3 - <<'END'
import csv
rows = list(csv.DictReader(open("13.csv", encoding="utf-8", newline="")))
assert len(rows) > 15, rows
for row in rows:
    if row["before"] and row["after"]:
        before, after = float(row["before"]), float(row["after"])
        assert abs(float(row["change"]) - (after - before)) < 2e-6, row
        if before:
            assert abs(float(row["change_percent"]) - (after - before) / abs(before) * 100) < 1e-3, row
for kind, figure in ("function", "gain"), ("program", "peak"):
    changes = [float(row["change"]) for row in rows if row["kind"] == kind and row["figure"] == figure]
    assert len(changes) > 1 and changes == sorted(changes, reverse=True), changes
END

# Of groups: the median of 1, 2, 3 and 5, and the run that lies furthest from it.
"$MPROF_TRACE" diff --json 3.dat -- 1.dat 2.dat 3.dat 5.dat >group.json
python3 - <<'END'
import json
found = json.load(open("group.json", encoding="utf-8"))
assert found["before"] == ["3.dat"] and found["after"] == ["1.dat", "2.dat", "3.dat", "5.dat"], found
assert found["conditions"] == []
values = {}
for scale in 1, 2, 3, 5:
    for line in open(f"{scale}.expected", encoding="utf-8"):
        kind, name, figure, value = line.rstrip("\n").split("|")
        values.setdefault((kind, name, figure), []).append(float(value))
seen = 0
for row in found["figures"]:
    runs = values.get((row["kind"], row["name"], row["figure"]))
    if runs is None:
        assert row["figure"] == "tree-slope", row
        continue
    assert len(runs) == 4
    runs.sort()
    median = (runs[1] + runs[2]) / 2
    spread = max(median - runs[0], runs[3] - median)
    assert abs(row["after"] - median) < 1e-5 * (1 + abs(median)), (row, runs)
    assert abs(row["after_spread"] - spread) < 1e-5 * (1 + spread), (row, runs)
    assert row["before_spread"] == 0
    seen += 1
assert seen == len(values), (seen, len(values))
END

# For people: units, signs, nothing wider than what is asked for, and only what changed most.
"$MPROF_TRACE" diff 1.dat 3.dat >out
says 'before: 1.dat'
grep -qE '^load +gain +[0-9.]+ MiB +[0-9.]+ MiB +\+[0-9.]+ MiB +\+[0-9.]+ %$' out || fail "$(cat out)"
grep -qE '^std::map<a, b>::at +gain ' out || fail "$(cat out)"
[ "$(grep -c ' $' out)" -eq 0 ] || fail "spaces at the end of a line"
"$MPROF_TRACE" diff --top 1 1.dat 3.dat >out
says 'more that changed less'
! grep -q '^tick' out || fail "--top 1 shows two functions"
"$MPROF_TRACE" diff --top 0 1.dat 3.dat >out
says 'tick'
# The same profile on both sides has not changed.
"$MPROF_TRACE" diff --csv 2.dat 2.dat | awk -F, 'NR > 1 && $8 != "" && $8 != 0 { bad = 1 } END { exit bad }' ||
	fail "a profile differs from itself"
# Negative indices, and options behind the groups.
cp 1.dat mprofile_20261101000000.dat
cp 3.dat mprofile_20261102000000.dat
"$MPROF_TRACE" diff -2 -1 --csv >index.csv
cmp index.csv 13.csv || fail "indices name other profiles"
"$MPROF_TRACE" diff -2 -- -1 --csv >index.csv
cmp index.csv 13.csv || fail "indices behind -- name other profiles"
