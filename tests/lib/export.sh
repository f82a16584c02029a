#!/bin/sh
# Sourced by the tests of export: writes every format of a profile and reads it back.
# shellcheck disable=SC2034 # KINDS is for who sources this
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
KINDS="csv calls parts with lines json chrome speedscope time memory"

# export_as KIND OUTPUT PROFILE [OPTION...]: in one of check_export.py's kinds
export_as() {
	kind=$1 output=$2 profile=$3
	shift 3
	case $kind in
	calls | parts | with | lines) set -- --csv "--$kind" "$@" ;;
	time) set -- --folded "$@" ;;
	memory) set -- --folded --by memory "$@" ;;
	*) set -- "--$kind" "$@" ;;
	esac
	"$MPROF_TRACE" export "$@" -o "$output" "$profile"
}

# read_back KIND PROFILE: exports and compares.
read_back() {
	export_as "$1" "$1.out" "$2" 2>err || fail "export $1 of $2: $(cat err)"
	[ ! -s err ] || fail "export $1 of $2 says $(cat err)"
	python3 "$TESTS/lib/check_export.py" "$1" "$2" "$1.out" >checked || fail "$1 of $2: $(cat checked)"
	echo "$1: $(tr '\n' ';' <checked)"
}

# Sets speedscope: the folder of its npm package.
find_speedscope() {
	for speedscope in "$(dirname "$MPROF_TRACE")/npm/speedscope" "$(dirname "$TESTS")/build/npm/speedscope"; do
		[ ! -e "$speedscope/package.json" ] || return 0
	done
	skip "the npm package speedscope is not there: packaging/npm_files.sh fetches it"
}
