#!/bin/sh
# check --junit and --markdown: whole and valid whatever the verdicts are and whatever names hold, as readers that are not ours
# find; they are written when limits fail, too.
# shellcheck disable=SC2016 # names with $ and ` are meant
set -eu
# shellcheck source=tests/lib/compare.sh
. "$TESTS/lib/compare.sh"
need_command xmllint cmark-gfm
/usr/bin/python3 -c 'import junitparser' 2>/dev/null || skip "python3-junitparser is not installed"

# rows FILE: what a table of Markdown has in its cells, a row a line, as HTML.
rows() {
	cmark-gfm --unsafe -e table -e autolink -e strikethrough "$1" >page.html
	xmllint --html --noout page.html 2>html.err || fail "$1 makes bad HTML: $(cat html.err page.html)"
	grep -c '^<tr>' page.html
}

made_profile 1 >1.dat
expect 0 "$MPROF_TRACE" check 1.dat --max-peak 1G --junit j.xml --markdown m.md
xmllint --noout j.xml
"$TESTS/lib/check_junit.py" j.xml >cases
[ "$(cat cases)" = "ok 'peak'" ] || fail "$(cat cases)"
[ "$(rows m.md)" -eq 2 ] || fail "not a heading and a row: $(cat m.md)"

expect 1 "$MPROF_TRACE" check 1.dat --max-peak 1M --band 20 --func load --max-calls 900 --func nosuch --max-time 1s \
	--max-gain 1G --junit j.xml --markdown m.md
"$TESTS/lib/check_junit.py" j.xml >cases
printf "%s\n" "failure 'peak'" "failure 'load: calls'" "error 'nosuch: time'" "error 'nosuch: gain'" | diff - cases ||
	fail "other cases in JUnit's file"
[ "$(rows m.md)" -eq 5 ] || fail "not five rows: $(cat m.md)"
says '0 of 4 limits kept' m.md

# Names that would be markup, commands of a terminal, or no text at all.
long=$(printf '%200000s' '' | tr ' ' 'x')
{
	cat 1.dat
	for name in '<script>alert(1)</script>' ']]>' '&amp;' '"quoted'"'"'' 'a|b\|c' '`code`' '**b**' '[x](http://e.org)' \
		'www.e.org' '@someone' ':smile:' '<!--' '~~s~~' '$x$' '=cmd()' '-- x' '--' '#' "$long"; do
		printf 'FUNC %s 1 1795310487 2 1795310488 0 100 100\n' "$(printf %s "$name" | sed "s/ /$(printf '\302\240')/g")"
	done
	printf 'FUNC esc\033[31mred\a 1 1795310487 2 1795310488 0 100 100\n'
	printf 'FUNC rtl\342\200\256x\357\277\277\357\277\276 1 1795310487 2 1795310488 0 100 100\n'
	printf 'FUNC bad\377utf8 1 1795310487 2 1795310488 0 100 100\n'
} >'h<o>s&t"|`i`.dat'
expect 0 "$MPROF_TRACE" check 'h<o>s&t"|`i`.dat' --write-budget b.txt
LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" b.txt && fail "control characters in a budget"
sed 's/^# --/--/; s/--max-time [^ ]*/--max-time 1ns/' b.txt >tight.txt
expect 1 "$MPROF_TRACE" check 'h<o>s&t"|`i`.dat' --budget tight.txt --junit j.xml --markdown m.md
limits=$(grep -c '^--' tight.txt)
[ "$limits" -gt 60 ] || fail "a budget with $limits limits only"
LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" out j.xml m.md && fail "control characters in an output"
[ "$(wc -l <out)" -eq $((limits + 1)) ] || fail "not a line a limit"
xmllint --noout --huge j.xml
"$TESTS/lib/check_junit.py" j.xml >cases
[ "$(wc -l <cases)" -eq "$limits" ] || fail "not a case a limit"
grep -qF "<script>alert(1)</script>: time" cases || fail "a name is lost: $(cut -c1-200 cases)"
[ "$(rows m.md)" -eq $((limits + 1)) ] || fail "not a row a limit"
for element in script a em strong del img h1 hr; do
	! sed 's/<strong>\(broken\|low\|unknown\)<\/strong>//' page.html | grep -qi "<${element}[ />]" ||
		fail "a name has made a <$element> in Markdown"
done
# Its own budget is kept, whatever the names are.
expect 0 "$MPROF_TRACE" check 'h<o>s&t"|`i`.dat' --budget b.txt
[ "$(grep -c '^ok ' out)" -eq "$(grep -c '^--' b.txt)" ] || fail "not all limits of its own budget are judged"
