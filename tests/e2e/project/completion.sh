#!/bin/bash
# What mprof-trace offers to the shells: every option that --help prints and no other, the values that the parsers take,
# commands, recordings, processes; and what bash makes of it. completion_typed.sh has the three shells on a terminal.
set -euo pipefail

# shellcheck source=packaging/mprof-trace.bash
source "$(dirname "$TESTS")/packaging/mprof-trace.bash"
compopt() { :; } # works only while readline completes
COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
export XDG_CACHE_HOME=$PWD/cache

touch mprofile_1.dat notes.txt
mkfifo waits
mkdir sub
failed=0
complain() {
	echo "$1"
	failed=1
}

# Words offered for the last of the words, our own name left out.
offered() {
	"$MPROF_TRACE" --complete words $# mprof-trace "$@" | sed -n 's/^w\t\([^\t]*\)\t.*/\1/p' | sort -u
}

# The options in argp's help: lines that begin with one, up to the two spaces before its text.
help_options() {
	"$MPROF_TRACE" "$1" --help | sed -n -E 's/^ {2,6}(-.*)/\1/p' | sed -E 's/ {2,}.*//' |
		grep -o -E '(^|[ ,])(-[A-Za-z?]|--[a-z][a-z-]*)' | tr -d ' ,' | sort -u
}

commands=$("$MPROF_TRACE" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ -n "$commands" ] || complain 'mprof-trace --help lists no commands'
[ "$(offered '')" = "$(sort <<<"$commands")" ] || complain "the commands are not offered: $(offered '')"
for command in $commands; do
	difference=$(diff -U 0 --label "$command --help" --label 'what is offered' <(help_options "$command") <(offered "$command" -)) ||
		complain "$difference"
done

# What a parser says that it takes: `--probe none: say auto, breakpoint or pad (see --help)`.
values_agree() { # values_agree COMMAND OPTION WORDS THAT MAY BE OFFERED BESIDES
	local command=$1 option=$2 said
	shift 2
	said=$({ "$MPROF_TRACE" "$command" "$option" none true 2>&1 || true; } | sed -n -E 's/.*(say|choose|choose of) (([a-z+]+(, | or | and )?)+) \(.*/\2/p' |
		sed -E 's/,| or | and / /g' | xargs -n 1 | cat - <(printf '%s\n' "$@") | sed '/^$/d' | sort -u)
	[ -n "$said" ] || complain "$command $option none does not say what it takes"
	[ "$said" = "$(offered "$command" "$option" '')" ] ||
		complain "$command $option takes $(xargs <<<"$said"), offered is $(offered "$command" "$option" '' | xargs)"
	[ "$option=${said//$'\n'/$'\n'$option=}" = "$(offered "$command" "$option=")" ] ||
		complain "$command $option= is not completed as $option is"
}
values_agree run --probe
values_agree run --stacks
values_agree run --with
values_agree attach --survival
values_agree run --on-exit
values_agree memit --backend psutil posix psutil_pss psutil_uss
values_agree plot --theme
values_agree report --by
values_agree plot --by
run_help=$("$MPROF_TRACE" run --help)
for action in $(offered run --on-break ''); do
	grep -A 6 -e '--on-break=' <<<"$run_help" | grep -q -w "$action" || complain "--on-break $action is offered, and not in --help"
done
for by in $(offered export --by ''); do
	[[ $("$MPROF_TRACE" export --folded --by "$by" none.dat 2>&1 || true) == *'cannot open'* ]] || complain "--by $by is offered, and unknown"
done
devices=$("$MPROF_TRACE" plot --backend list)
for device in $(offered plot --backend ''); do
	[ "$device" = list ] || grep -q "^$device " <<<"$devices" || complain "device $device is offered"
done

expect() { # expect "WORDS IN THE REPLY" "WORDS NOT IN IT" "COMMAND LINE UP TO THE CURSOR"
	local word
	COMP_LINE=$3
	COMP_POINT=${#3}
	read -r -a COMP_WORDS <<<"$3"
	[[ $3 != *' ' ]] || COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_mprof_trace "$MPROF_TRACE"
	for word in $1; do
		[[ " ${COMPREPLY[*]} " == *" $word "* ]] || complain "'$3' should offer $word; it offers: ${COMPREPLY[*]}"
	done
	for word in $2; do
		[[ " ${COMPREPLY[*]} " != *" $word "* ]] || complain "'$3' should not offer $word"
	done
}

expect 'plot' 'peak' 'mprof-trace pl'
expect '--functions --max-calls --help' '--dry-run' 'mprof-trace --'
expect '--functions --survival --timeout' '--user --kill-on-timeout' 'mprof-trace attach --'
expect "$$" '' "mprof-trace attach $$"
expect "$$" '' "mprof-trace run -a $$"
expect "$$" '' "mprof-trace live $$"
expect 'mprofile_1.dat sub' 'notes.txt' 'mprof-trace plot '
expect 'mprofile_1.dat' 'notes.txt' 'mprof-trace diff mprofile_1.dat '
expect 'mprofile_1.dat notes.txt' '' 'mprof-trace plot -o '
expect 'notes.txt' 'mprofile_1.dat' 'mprof-trace plot --output=no'
expect '-onotes.txt' 'mprofile_1.dat' 'mprof-trace plot -ono'
expect 'sub' 'notes.txt' 'mprof-trace lines --source-dir '
expect 'root' '' 'mprof-trace run -u roo'
expect '' '--functions --help' 'mprof-trace -f work ./notes.txt --'
expect 'notes.txt' '' 'mprof-trace -f work ./prog n'
expect '--functions' '' 'mprof-trace --interval=0.1 --'
expect '' '--functions' 'mprof-trace -- --'

# Whatever stands there, nothing is said and nothing fails.
for line in "mprof-trace -f '" "mprof-trace -f \"x\\" 'mprof-trace -f a<b,c ./notes.txt' 'mprof-trace -f x /dev/full' \
	'mprof-trace -f x /proc/self/mem' "mprof-trace -f x $PWD" 'mprof-trace -f x ./waits' 'mprof-trace attach -f x 999999999' 'mprof-trace -f' 'mprof-trace'; do
	for point in 0 $((${#line} - 1)) ${#line} $((${#line} + 1)); do
		"$MPROF_TRACE" --complete bash "$point" "$COMP_WORDBREAKS" "$line" >said.out 2>&1 || complain "'$line' at $point fails"
		! grep -v $'^[wfducp]\t' said.out || complain "'$line' at $point says something else"
	done
done
for words in '' '0' 'x mprof-trace' '5 mprof-trace a' '-1 mprof-trace a b'; do
	# shellcheck disable=SC2086 # words
	[ -z "$("$MPROF_TRACE" --complete words $words 2>&1)" ] || complain "--complete words $words says something"
done

# A cache that cannot be written, or that holds something else, changes nothing.
expected=$(offered -f mai "$MPROF_TRACE")
before=$("$MPROF_TRACE" --complete words 2 mprof-trace -f mai "$MPROF_TRACE")
[[ $before == *main* ]] || complain "main is not offered: $before $expected"
[ "$(find cache -name '*.names' | wc -l)" -ge 1 ] || complain 'no names are kept'
for file in cache/mprof-trace/*.names; do
	printf 'something else\n' >"$file"
done
[ "$("$MPROF_TRACE" --complete words 2 mprof-trace -f mai "$MPROF_TRACE")" = "$before" ] || complain 'a damaged cache is believed'
[ "$(XDG_CACHE_HOME=/proc/none "$MPROF_TRACE" --complete words 2 mprof-trace -f mai "$MPROF_TRACE")" = "$before" ] ||
	complain 'without a cache there is nothing'
# It stays small: the oldest files go.
for i in {1..80}; do
	: >"cache/mprof-trace/old$i.names"
done
touch -d 2001-01-01 cache/mprof-trace/old*
cp "$MPROF_TRACE" another
"$MPROF_TRACE" --complete words 2 mprof-trace -f mai ./another | grep -q main || complain 'main of a copy is not offered'
[ "$(find cache/mprof-trace -type f | wc -l)" -le 64 ] || complain 'the cache grows'
[ "$("$MPROF_TRACE" --complete words 2 mprof-trace -f mai ./another | wc -l)" -ge 1 ] || complain 'what was just kept is gone'
exit "$failed"
