#!/bin/sh
# speedscope itself, of its npm package, opens what is meant for it, for Perfetto and for flame graphs, and has
# nothing to complain of.
# timeout: 600
set -eu
# shellcheck source=tests/lib/export.sh
. "$TESTS/lib/export.sh"
# shellcheck source=tests/lib/page.sh
. "$TESTS/lib/page.sh"
need_browser
find_speedscope

# It sorts what happens at one moment by rules of its own: no call may take no time.
python3 "$TESTS/lib/tangled_profile.py" 1 >tangled.dat
for kind in speedscope chrome time memory; do
	export_as "$kind" "every_$kind.out" "$TESTS/records/every_kind.dat"
	export_as "$kind" "tangled_$kind.out" tangled.dat
done
sed '0,/"type":"C"/s//"type":"O"/' tangled_speedscope.out >broken_speedscope.out

cat >opened.py <<'END'
import base64, json, os, sys
from page_driver import Browser

program, *paths = sys.argv[1:]
with Browser() as browser:
    for path in paths:
        # As its own command line does it: a script that hands over the file.
        name = os.path.abspath(path)
        with open(path, "rb") as file:
            words = (os.path.basename(path), base64.b64encode(file.read()).decode())
        with open(name + ".js", "w") as script:
            script.write("speedscope.loadFileFromBase64({}, {})".format(*map(json.dumps, words)))
        browser.driver.get("about:blank")
        browser.driver.get_log("browser")
        browser.driver.get(f"file://{program}#localProfilePath={name}.js")
        browser.wait_for(path, lambda: browser.js(
            "return document.title != 'speedscope' || /went wrong/.test(document.body.innerText)"))
        text = browser.js("return document.body.innerText")
        said = [entry["message"] for entry in browser.driver.get_log("browser")]
        wrong = [m for m in said if "nothing instead" in m or "Closing automatically" in m or "rror" in m]
        is_good = "went wrong" not in text and not wrong
        print(path, *text.split("\n")[3:5])
        if is_good == path.startswith("broken"):
            print(text[:300], *wrong[:3], sep="\n")
            sys.exit(1)
END
/usr/bin/python3 opened.py "$speedscope/dist/release/index.html" every_*.out tangled_*.out broken_*.out || fail "not as expected"
