#!/bin/bash
# Every option that `mprof-trace COMMAND --help` prints is in the command's man page, and the other
# way round; every command of `mprof-trace --help` has a page and is named in mprof-trace(1).
set -euo pipefail

man=$(dirname "$TESTS")/man
failed=0
complain() {
	echo "$1"
	failed=1
}

# The options in argp's help: lines that begin with one, up to the two spaces before its text.
help_options() {
	sed -n -E 's/^ {2,6}(-.*)/\1/p' <<<"$1" | sed -E 's/ {2,}.*//' |
		grep -o -E '(^|[ ,])(-[A-Za-z?]|--[a-z][a-z-]*)' | tr -d ' ,' | sort -u
}

# The options of the items of a page: `.It Fl f , Fl -functions Ar PATTERN`.
page_options() {
	grep -E '^\.It Fl ' "$1" | grep -o -E 'Fl [^ ]+' | sed 's/^Fl /-/' | sort -u
}


commands=$("$MPROF_TRACE" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ -n "$commands" ] || complain "mprof-trace --help lists no commands"

for command in $commands; do
	page=$man/mprof-trace-$command.1
	if [ ! -e "$page" ]; then
		complain "$command: has no man page"
		continue
	fi
	grep -q "^\.Xr mprof-trace-$command 1" "$man/mprof-trace.1" ||
		complain "$command: is not referred to in mprof-trace.1"
	if ! help=$("$MPROF_TRACE" "$command" --help 2>&1); then
		complain "$command --help fails: $help"
		continue
	fi
	difference=$(diff --label "$command --help" --label "${page##*/}" -U 0 \
		<(help_options "$help") <(page_options "$page")) || complain "$difference"
done

for command in $(find "$man" -name 'mprof-trace-*.1' -printf '%f\n' | sed 's/^mprof-trace-//; s/\.1$//'); do
	[[ " ${commands//$'\n'/ } " == *" $command "* ]] || complain "$command: has a page but is no command"
done
# Every metric is described.
names=$({ "$MPROF_TRACE" run --backend none true 2>&1 || true; } |
	sed -n -E 's/.*choose ([a-z+, ]*) \(.*/\1/p' | sed 's/ or / /; s/,//g')
[ -n "$names" ] || complain "run --backend none does not say which metrics there are"
for name in $names; do
	grep -q "^\.It Ql $name\$" "$man/mprof-trace.1" || complain "metric $name: is not in mprof-trace.1"
	for file in "$man/mprof-trace.dat.5" "$man/../README.md"; do
		grep -q -w -e "$name" "$file" || complain "metric $name: is not in ${file##*/}"
	done
done
# What README names of options there are.
while read -r option; do
	grep -q -E "^\.It Fl (.* Fl )?-$option( |\$)" "$man"/*.1 || complain "README.md: --$option is in no page"
done < <(grep -o -E '(^|[ `])--[a-z][a-z-]+' "$man/../README.md" | grep -o -E '[a-z][a-z-]+' | sort -u)
exit "$failed"
