#!/bin/bash
# Program names and arguments with spaces, '#', quotes, newlines, UTF-8
# and marks of direction: run, and in CMDLINE.
# shellcheck disable=SC2016 # another shell expands it, or nobody
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

program='./my program #1 é%s'
cp "$TARGETS/calls_nested" "$program"
words=("$program" 'a b' "it's" '"x"' '#no comment' '$HOME `id`' $'two\nlines' $'tab\there' $'right\342\200\256left' '' '*' '\back' 'é')
run_as words "$MPROF_TRACE" run -q -f inner -o words.dat "${words[@]}"
status_is words 0
well_formed words.dat
[ "$(head -n 1 words.dat | cut -d' ' -f1)" = CMDLINE ] || fail "CMDLINE is not the first line"
[ "$(count_calls words.dat inner)" -eq 18 ] || fail "the calls are not there"

! grep -q $'\342\200\256' words.dat || fail "U+202E stands in CMDLINE as it is"

# The shell reads it back as the same words.
eval "found=($(sed -n 's/^CMDLINE //p' words.dat))"
[ ${#found[@]} -eq ${#words[@]} ] || fail "${#found[@]} words in CMDLINE, not ${#words[@]}"
for i in "${!words[@]}"; do
	[ "${found[$i]}" = "${words[$i]}" ] || fail "word $i is <${found[$i]}>, not <${words[$i]}>"
done

# A program named like a subcommand, by its path; and one found in PATH.
cp "$TARGETS/calls_nested" plot
run_as path "$MPROF_TRACE" -q -f inner -o path.dat ./plot
[ "$(count_calls path.dat inner)" -eq 18 ] || fail "./plot was not run"
PATH=$TARGETS:$PATH run_as found "$MPROF_TRACE" -q -f inner -o found.dat calls_nested
[ "$(count_calls found.dat inner)" -eq 18 ] || fail "calls_nested was not found in PATH"
