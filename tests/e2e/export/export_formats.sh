#!/bin/sh
# Every format, read back by readers that share no code with ours, and compared with the profile.
set -eu
# shellcheck source=tests/lib/export.sh
. "$TESTS/lib/export.sh"

for kind in $KINDS; do
	read_back "$kind" "$TESTS/records/every_kind.dat"
done

# Calls that cross each other, and that touch; a nanosecond matters.
python3 "$TESTS/lib/tangled_profile.py" >tangled.dat
for kind in $KINDS; do
	read_back "$kind" tangled.dat
done
grep -q '"ph":"b"' chrome.out || fail "no call crosses another one"
grep -q 'calls without an order' speedscope.out || fail "no call without an order"

# What comes through a pipe has the same rows, each process's samples together.
for kind in $KINDS; do
	export_as "$kind" whole.out tangled.dat
	mkfifo pipe
	cat tangled.dat >pipe &
	export_as "$kind" piped.out pipe || fail "export $kind of a pipe"
	rm pipe
	tr -d , <whole.out | sort >whole.sorted
	tr -d , <piped.out | sort >piped.sorted
	cmp whole.sorted piped.sorted || fail "export $kind of a pipe differs"
done

# wrong KIND SED-SCRIPT [PROFILE]: the comparison must see the change.
wrong() {
	export_as "$1" right.out "${3:-tangled.dat}"
	sed "$2" right.out >wrong.out
	! cmp -s right.out wrong.out || fail "$1, $2: nothing is changed"
	if python3 "$TESTS/lib/check_export.py" "$1" "${3:-tangled.dat}" wrong.out >checked 2>&1; then
		fail "$1: the comparison does not see $2"
	fi
}
wrong csv '7s/^\(.*\)1,/\12,/'
wrong csv '9d'
wrong calls '9s/unwound\|ret/exit/'
wrong json 's/^\[0.000000009,/[0.00000001,/'
wrong chrome '/"ph":"X"/s/"dur":0.007/"dur":0.006/'
wrong chrome 's/"ph":"b"/"ph":"X","dur":9.5/'
wrong chrome '/process_name/s/tangled/other/'
wrong speedscope '0,/"type":"C"/s//"type":"O"/'
wrong speedscope 's/"at":50[0-9]}/"at":2}/'
wrong time '3s/.$//'
wrong memory '2d'
every=$TESTS/records/every_kind.dat
wrong lines '2s/,1\.144531,/,1.144532,/' "$every"
wrong lines '3d' "$every"
wrong json 's/^\(.*\),true,5,-0.003906/\1,false,5,-0.003906/' "$every"
wrong json 's/"        work(5);"/"work(5);"/' "$every"
wrong json 's/"is_optimised": true/"is_optimised": false/' "$every"
