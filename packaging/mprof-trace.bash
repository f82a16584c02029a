# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for mprof-trace(1). `make install` puts it where bash-completion finds it; without
# that package: `source packaging/mprof-trace.bash`.
#
# mprof-trace itself says what fits: tracer/cli/complete/candidates.h describes its answer. The words that it
# gives are quoted as bash wants them, and begin where readline's word does.

_mprof_trace() {
	local kind first second third fourth
	COMPREPLY=()
	# Tabs are blanks to read: an empty field between two of them would be lost.
	while IFS=$'\x1f' read -r kind first second third fourth; do
		case $kind in
		w) COMPREPLY+=("$first") ;;
		f) _mprof_trace_paths "$second" "$third" "$fourth" -f -X "!$first" ;;
		d) _mprof_trace_paths "$first" "$second" "$third" ;;
		u) mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -u -- "$second") ;;
		c)
			mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -c -- "$second")
			_mprof_trace_paths "$first" "$second" "$third" -f
			;;
		p) _mprof_trace_program "$first" "$second" ;;
		esac
	done < <("$1" --complete bash "$COMP_POINT" "$COMP_WORDBREAKS" "$COMP_LINE" 2>/dev/null | tr '\t' '\037')
}

# Adds the paths that begin as $2 and that compgen finds with the options behind $3, and folders: each with $1 in front of
# it, and without the first $3 characters of that. readline quotes them.
_mprof_trace_paths() {
	local kept=$1 typed=$2 cut=$3 path
	shift 3
	compopt -o filenames 2>/dev/null
	while IFS= read -r path; do
		path=$kept$path
		COMPREPLY+=("${path:cut}")
	done < <({
		[ $# -eq 0 ] || compgen "$@" -- "$typed"
		compgen -d -- "$typed"
	} | sort -u)
}

# Completes as the program $2 at word $1 would, where bash-completion is loaded. bash splits some words in several.
_mprof_trace_program() {
	local i
	if declare -F _command_offset >/dev/null; then
		for ((i = $1; i < COMP_CWORD; i++)); do
			[[ ${COMP_WORDS[i]} != "$2" ]] || break
		done
		_command_offset "$i"
	else
		_mprof_trace_paths '' "${COMP_WORDS[COMP_CWORD]}" 0 -f
	fi
}

complete -F _mprof_trace mprof-trace
