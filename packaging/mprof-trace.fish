# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion for mprof-trace(1). `make install` puts it where fish looks.
#
# mprof-trace itself says what fits: tracer/cli/complete/candidates.h describes its answer.

# The paths that begin as $argv[2], each with $argv[1] in front of it: what fish would offer to a command that it does not know.
function __mprof_trace_paths
    for path in (complete -C "'' "(string escape -- $argv[2]))
        echo -- $argv[1]$path
    end
end

function __mprof_trace_complete
    set -l before (commandline -opc)
    set -l all (commandline -op)
    set -l current (commandline -ct)
    # Within quotes that are open the rest is as it was typed.
    set -l word (string unescape -- $current; or string replace -r '^[\'"]' '' -- $current)
    test (count $word) -gt 0; or set word ''
    set -l next (math (count $before) + 1)
    test -z "$current"; or set next (math $next + 1)
    set -l behind
    test $next -gt (count $all); or set behind $all[$next..-1]

    for line in ($before[1] --complete words (count $before) $before "$word" $behind 2>/dev/null)
        set -l fields (string split \t -- $line)
        switch $fields[1]
            case w
                echo -- $fields[2]\t$fields[3]
            case f
                set -l ending (string replace '*' '' -- $fields[2] | string escape --style=regex)
                __mprof_trace_paths "$fields[3]" "$fields[4]" | string match -r -- "^[^\t]*(?:/|$ending)(?:\t.*)?\$"
            case d
                __mprof_trace_paths "$fields[2]" "$fields[3]" | string match -r -- '^[^\t]*/(?:\t.*)?$'
            case u
                __fish_complete_users
            case c
                complete -C (string escape -- $fields[3])
            case p
                # As if the line began with the program.
                set -l from (math $fields[2] + 1)
                complete -C (string join ' ' -- (string escape -- $before[$from..-1]))" $current"
        end
    end
end

complete -c mprof-trace -f -a '(__mprof_trace_complete)'
