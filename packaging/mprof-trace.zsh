#compdef mprof-trace
# SPDX-License-Identifier: GPL-3.0-or-later
# zsh completion for mprof-trace(1). `make install` puts it where zsh looks, as _mprof-trace.
#
# mprof-trace itself says what fits: tracer/cli/complete/candidates.h describes its answer.

_mprof_trace() {
	local line
	local -i width=0 i
	local -a fields said names texts
	# What is typed of the word ends at the cursor; (Q) takes quotes away.
	said=("${(@f)$(_call_program mprof-trace ${(q)words[1]} --complete words $((CURRENT - 1)) \
		"${(@q)${(@Q)words[1,CURRENT-1]}}" ${(q)${(Q)PREFIX}} "${(@q)${(@Q)words[CURRENT+1,-1]}}" 2>/dev/null)}")
	for line in $said; do
		fields=("${(@ps:\t:)line}")
		case $fields[1] in
		w)
			names+=("$fields[2]")
			texts+=("$fields[3]")
			((width = $#fields[2] > width ? $#fields[2] : width))
			;;
		f) _mprof_trace_files "$fields[3]" -g "$fields[2]" ;;
		d) _mprof_trace_files "$fields[2]" -/ ;;
		u) _users ;;
		c) _alternative 'commands:command:_command_names -e' 'files:program:_files -g "*(-*)"' ;;
		p)
			# As if the line began with the program.
			shift $fields[2] words
			((CURRENT -= fields[2]))
			_normal
			;;
		esac
	done
	(($#names)) || return
	if [[ -n ${(j::)texts} ]]; then
		for ((i = 1; i <= $#names; i++)); do
			texts[i]="${(r:width:)names[i]}${texts[i]:+  -- $texts[i]}"
		done
		compadd -l -d texts -a names
	else
		compadd -a names
	fi
}

# Files, behind what stands before them in the word.
_mprof_trace_files() {
	local kept=$1
	shift
	[[ -z $kept ]] || compset -p $#kept
	_files "$@"
}

_mprof_trace "$@"
