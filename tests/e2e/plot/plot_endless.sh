#!/bin/sh
# A file without an end says so: still recorded, or broken off. Names of processes may hold spaces.
# timeout: 300
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
unset DISPLAY

# says FILE WORDS, says_not FILE WORDS: in the legend.
says()
{
	"$MPROF_TRACE" plot --term "$1" >out
	grep -qF -- "$2" out || fail "$1 does not say '$2': $(cat out)"
}
says_not()
{
	"$MPROF_TRACE" plot --term "$1" >out
	if grep -qF -- "$2" out; then fail "$1 says '$2': $(cat out)"; fi
}

cat >growing.dat <<'END'
CMDLINE ./serve
FORMAT 3 mprof-trace 0.1.0
METRIC rss
INTERVAL 60
PROC 100 1 1795310486.0 ./serve
PROC 101 100 1795310486.0 nginx: worker process
PROC 102 100 1795310486.0 '/opt/my tools/helper' --once
MEM 10 1795310486.0
CHLD 101 3 1795310486.1
CHLD 102 2 1795310486.2
MEM 20 1795310487.0
END
says growing.dat 'still recording'
cp growing.dat old.dat
touch -d '2 hours ago' old.dat
says old.dat 'the recording broke off'
says_not old.dat 'still recording'
# Nobody writes that slowly, but he who asked for it.
sed 's/^INTERVAL .*/INTERVAL 3600/' growing.dat >slow.dat
touch -d '2 hours ago' slow.dat
says slow.dat 'still recording'
cp growing.dat ended.dat
echo 'TICKS 11 0 0 0.0001 0.0002' >>ended.dat
says_not ended.dat 'recording'
# memory_profiler's files have no end to write.
grep '^CMDLINE\|^MEM' growing.dat >theirs.dat
says_not theirs.dat 'recording'
"$MPROF_TRACE" plot -o both.svg growing.dat ended.dat
perl -CS -ne 'next unless s/.*<tspan[^>]*>(.*)<\/tspan>.*/$1/; s/&#x([0-9a-f]+);/chr hex $1/ge; print "$_\n"' both.svg >words
grep -q '^growing.dat, .*still recording' words || fail "of two files: $(cat words)"
grep '^ended.dat' words | grep -q recording && fail "of two files: $(cat words)"

# All of a name, and of a command line its program.
says growing.dat 'child 101 (nginx: worker process)'
says growing.dat 'child 102 (helper)'

# Seen from outside, while it lasts; then it has an end.
mkfifo go
"$MPROF_TRACE" run -o real.dat sh -c 'read -r line <go' 2>run.err &
recorder=$!
until [ -s real.dat ] && grep -q '^MEM' real.dat; do
	kill -0 $recorder || fail "no recording: $(cat run.err)"
	sleep 0.1
done
says real.dat 'still recording'
echo >go
wait $recorder
says_not real.dat 'recording'
