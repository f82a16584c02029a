#!/bin/sh
# speedscope's own schema of its files, and Python's jsonschema: neither is ours.
set -eu
# shellcheck source=tests/lib/export.sh
. "$TESTS/lib/export.sh"

/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
find_speedscope
schema=$speedscope/dist/release/file-format-schema.json

# Calls that nest and that do not, condensed ones, names of any kind, a process without a command.
cat >small.dat <<'END'
MEM 1 1000
MEM 1 1010
FUNC outer 1.0 1001 2.0 1005 0 7 7
FUNC "inner"\ 1.0 1002 2.0 1003 1 7 7
FUNC crossing 1.0 1004 2.0 1006 1 7 7 unwound
MANY often 7 1001 1002 5 0.5 0.1 0.1 0 1 0
END
cat >check.py <<'END'
import json, sys
import jsonschema
schema, *paths = [json.load(open(path, encoding="utf-8")) for path in sys.argv[1:]]
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for whole in paths:
    errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator.iter_errors(whole)]
    if errors:
        print("\n".join(errors[:5]))
        sys.exit(1)
END
for profile in "$TESTS/records/every_kind.dat" small.dat; do
	export_as speedscope x.json "$profile"
	/usr/bin/python3 check.py "$schema" x.json || fail "$profile: speedscope's schema does not allow it"
done
[ "$(grep -c "evented\|sampled" x.json)" -ge 2 ] || fail "small.dat: not both kinds of profiles"

# The schema does see what is wrong.
for change in 's/"type":"O"/"type":"Q"/' 's/"frame":0,/"frame":"0",/' '/"startValue"/d' 's/nanoseconds/ns/'; do
	sed "$change" x.json >wrong.json
	! cmp -s x.json wrong.json || fail "$change changes nothing"
	! /usr/bin/python3 check.py "$schema" wrong.json >/dev/null 2>&1 || fail "$change passes"
done
