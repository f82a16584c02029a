#!/bin/sh
# stdin, pipes and the environment pass through; what the program reads is as ever.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

seq 1 20000 >numbers
RUN_INPUT=numbers run_as plain sort -r
RUN_INPUT=numbers run_as traced "$MPROF_TRACE" run -q -f 'main,read,*write*' --allow-missing -o sort.dat sort -r
same_as_untraced traced || fail "sort behaves in another way"
well_formed sort.dat

# Environment and directory.
run_as plain sh -c 'env | grep -v ^_= | sort; pwd; umask; ulimit -a'
run_as traced "$MPROF_TRACE" run -q -o env.dat sh -c 'env | grep -v ^_= | sort; pwd; umask; ulimit -a'
same_as_untraced traced || fail "the surroundings differ"

# Which signals are ignored or blocked is inherited: here one of each kind, set by our parent.
cat >inherits.sh <<-'END'
	trap '' HUP USR2
	"$@"
END
run_as plain sh inherits.sh grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status
run_as traced sh inherits.sh "$MPROF_TRACE" run -q -o signals.dat grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status
same_as_untraced traced || fail "signal dispositions differ"

# Descriptors beyond the three are those that we were given: none of ours leaks.
run_as plain sh -c 'ls /proc/self/fd' 5</dev/null
run_as traced "$MPROF_TRACE" run -q -o fds.dat sh -c 'ls /proc/self/fd' 5</dev/null
same_as_untraced traced || fail "descriptors differ"

# Standard descriptors that are closed stay closed for the program, and none of our files takes their
# place: messages would be in it.
"$MPROF_TRACE" run -f no_such_one --allow-missing -o closed.dat sh -c 'ls /proc/self/fd >closed.traced' \
	0<&- 1>&- 2>&- || fail "it does not run with its standard descriptors closed"
sh -c 'ls /proc/self/fd >closed.plain' 0<&- 1>&- 2>&-
cmp closed.plain closed.traced || fail "what was closed is open"
well_formed closed.dat
sleep 60 &
sleeper=$!
"$MPROF_TRACE" attach -t 0.2 -f no_such_one --allow-missing -o attached.dat "$sleeper" 2>&- ||
	fail "it does not attach with stderr closed"
kill "$sleeper"
! grep -q mprof-trace: attached.dat || fail "messages are in the profile"
"$MPROF_TRACE" plot -o closed.png closed.dat 0<&- 1>&- 2>&- ||
	fail "it does not plot with its standard descriptors closed"
