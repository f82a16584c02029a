#!/bin/sh
# report --by growth and export --folded --by growth: their sums are those of the GROW records, as awk finds them; windows and
# processes; a file without growth, and options that mean nothing.
set -eu
# shellcheck source=tests/lib/growth.sh
. "$TESTS/lib/growth.sh"

cat >made.dat <<'END'
CMDLINE ./made
FORMAT 4 by hand
METRIC rss
INTERVAL 0.1
PROC 10 1 100.000000000 made
PROC 11 10 100.500000000 other;name
MEM 1.000000 100.000000000
CHLD 11 1.000000 100.500000000
FRAME 1 0 _start made
FRAME 2 1 main made
FRAME 3 2 grow made
FRAME 4 3 grow made
FRAME 5 2 std::vector<int,int>::push;back made inlined
FRAME 6 0 start_thread libc.so.6
FRAME 7 5 __memset libc.so.6
GROW 4 8.000000 10 100.000000000 101.000000000 2048
GROW 3 1.000000 10 100.000000000 101.000000000 256
GROW 5 1.000000 10 101.000000000 102.000000000 256
GROW 7 3.000000 10 101.000000000 102.000000000 768
GROW 6 2.000000 11 101.000000000 102.000000000 512
GROW 0 0.500000 10 101.000000000 102.000000000 128
MEM 16.000000 102.000000000
CHLD 11 3.000000 102.000000000
END
run_as csv "$MPROF_TRACE" report --by growth --csv made.dat
status_is csv 0
cat >wanted <<'END'
own_mib,own_percent,self_mib,self_percent,total_mib,total_percent,faults,module,function
9,58.064516129,9,58.064516129,9,58.064516129,2304,made,grow
4,25.806451613,1,6.451612903,4,25.806451613,256,made,"std::vector<int,int>::push;back"
2,12.903225806,2,12.903225806,2,12.903225806,512,libc.so.6,start_thread
0.5,3.225806452,0.5,3.225806452,0.5,3.225806452,,,[stack not known]
0,0,0,0,13,83.870967742,0,made,_start
0,0,0,0,13,83.870967742,0,made,main
0,0,3,19.35483871,3,19.35483871,768,libc.so.6,__memset
END
diff wanted csv.out || fail "another table"

run_as text "$MPROF_TRACE" report --by growth made.dat
status_is text 0
grep -q '83.9%  13.0 MiB              main  (made)' text.out || fail "no tree: $(cat text.out)"
grep -q '58.1%   9.0 MiB   1.0 MiB    - grow  (made)' text.out || fail "no parts: $(cat text.out)"

# One process; half a window.
run_as one "$MPROF_TRACE" report --by growth --csv --pid 11 made.dat
status_is one 0
[ "$(sed -n 2p one.out)" = '2,100,2,100,2,100,512,libc.so.6,start_thread' ] || fail "one process: $(cat one.out)"
run_as part "$MPROF_TRACE" report --by growth --csv -w 0,0.5 made.dat
status_is part 0
[ "$(sed -n 2p part.out)" = '4.5,100,4.5,100,4.5,100,1152,made,grow' ] || fail "a window: $(cat part.out)"
run_as json "$MPROF_TRACE" report --by growth --json made.dat
status_is json 0
python3 -c 'import json, sys
rows = json.load(open("json.out"))["profiles"][0]["growth"]
assert sum(row["self_mib"] for row in rows) == 15.5, rows' || fail "JSON"

run_as folded "$MPROF_TRACE" export --folded --by growth made.dat
status_is folded 0
sort >wanted <<'END'
made;_start;main;grow 1048576
made;_start;main;grow;grow 8388608
made;_start;main;std::vector<int,int>::push:back 1048576
made;_start;main;std::vector<int,int>::push:back;__memset 3145728
made 524288
other:name;start_thread 2097152
END
sort folded.out | diff wanted - || fail "other folded stacks"

# Nothing of that kind.
grep -v '^GROW' made.dat >none.dat
for command in 'report --by growth' 'export --folded --by growth'; do
	# shellcheck disable=SC2086
	run_as none "$MPROF_TRACE" $command none.dat
	status_is none 125
	says_one_line none
	says none 'none.dat holds no growth: record it with --stacks=growth'
done
run_as wrong "$MPROF_TRACE" report --by time made.dat
status_is wrong 125
says wrong '--by time: say function, growth, rank or host'
run_as wrong "$MPROF_TRACE" run --stacks=growth --step 5% true
status_is wrong 125
says wrong 'the step of --stacks=growth is a size'
run_as wrong "$MPROF_TRACE" run --step 1M true
status_is wrong 125
says wrong '--step is for --stacks=peak and --stacks=growth'

# Records that cannot be.
for record in 'GROW 99 1 10 100 101 1' 'GROW 4 -1 10 100 101 1' 'GROW 4 1 10 101 100 1' 'GROW 4 1 10 101'; do
	{ cat made.dat; echo "$record"; } >damaged.dat
	run_as damaged "$MPROF_TRACE" report --by growth --csv damaged.dat
	status_is damaged 0
	diff csv.out damaged.out || fail "$record counts"
	says damaged 'line 24'
done
