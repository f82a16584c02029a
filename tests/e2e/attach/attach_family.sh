#!/bin/sh
# Threads that are born and end, forked children, spawned programs, while we come and go: each
# child's sum is right, none dies of a trap, all is recorded.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

# $1: busy's option; $2: rounds; the others: further options of attach
family() {
	option=$1
	rounds=$2
	shift 2
	start_busy "$option" -l -j 2 -r 4000
	while [ "$rounds" -gt 0 ]; do
		rounds=$((rounds - 1))
		start_attach attached "$@" -T 0.02 -f 'work_*,born_run' -o family.dat "$program"
		wait_until grep -q '^FUNC work_leaf' family.dat
		if [ "$option" != -c ] && [ $# -eq 0 ]; then
			wait_until has_lines family.dat ^PROC 3
		fi
		stop_attach attached
		is_own_code "$program" || fail "$option: traps are left in its code"
		well_formed family.dat
	done
	end_busy
}

family -c 8
family -k 8
family -x 8
family -k 3 --no-follow
family -x 3 --no-follow
[ "$(grep -c ^PROC family.dat)" -eq 1 ] || fail "children are recorded in spite of --no-follow"
