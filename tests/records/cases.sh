# The recordings that are kept in a normal form under tests/records/kept; sourced, never run, behind
# attach.sh. The script that sources it defines two functions:
#
#   case_done NAME            NAME.txt is the normal form of a new recording
#   case_skipped NAME WHY     it cannot be made here
#
# A case is one whose normal form is the same in every run, however busy the machine: no program whose
# threads race for what they do. Of real programs those functions are chosen whose calls the input
# determines, not the version; `beyond` compares two inputs for that.
# shellcheck shell=sh
# shellcheck disable=SC2154,SC2317 # attach.sh sets it; functions are called by kept_records.sh

normal_records=$TESTS/tools/normal_records.py

# put NAME WORD...: the exit status and the normal form of NAME.dat. The words are normal_records.py's.
put() {
	put_name=$1
	shift
	{
		printf 'status %s\n' "$(cat "$put_name.status")"
		"$normal_records" "$@" "$put_name.dat"
	} >"$put_name.txt" || fail "$put_name: no normal form"
	case_done "$put_name"
}

# kept NAME WORD...: a run with the words. $normal holds words for normal_records.py.
kept() {
	kept_name=$1
	shift
	run_as "$kept_name" "$MPROF_TRACE" run -q -o "$kept_name.dat" "$@"
	if [ "$(cat "$kept_name.status")" -eq 77 ]; then
		case_skipped "$kept_name" "$(tail -n 1 "$kept_name.out")"
	else
		# shellcheck disable=SC2086 # words
		put "$kept_name" $normal
	fi
}
normal=

# has_program NAME COMMAND: or the case is skipped.
has_program() {
	command -v "$2" >/dev/null 2>&1 && return
	case_skipped "$1" "$2 is not installed"
	return 1
}

# built NAME WORD...: tests/records/NAME.c as ./NAME, or the case is skipped.
built() {
	built_name=$1
	shift
	"${CC:-cc}" -g "$@" -o "$built_name" "$TESTS/records/$built_name.c" 2>"$built_name.err" && return
	case_skipped "$built_name" "it does not compile: $(head -n 1 "$built_name.err")"
	return 1
}

# ---- Calls ----

kept calls_nested -f inner,middle,outer "$TARGETS/calls_nested"
kept recursion_mutual -f even_steps,odd_steps "$TARGETS/recursion_mutual"
kept recursion_some_returns -f walk "$TARGETS/recursion_some_returns"
kept tail_call -f callee,jumper "$TARGETS/tail_call"
kept tail_chain -f is_even,is_odd "$TARGETS/tail_chain"
kept tail_self -f branch_to_self,jump_to_self,red_zone_to_self "$TARGETS/tail_self"
kept return_by_jump -f drops_stack,plain_callee,pops_and_jumps,pushed_call "$TARGETS/return_by_jump"
kept overloads -f 'shapes::*' "$TARGETS/overloads"
kept missing -f 'inner,no_such,nothing*,!none' "$TARGETS/calls_nested"
# A call that is open at a tick is written down singly: no tick comes here.
kept condensed_all -T 600 --max-calls 0 -f inner,middle,outer "$TARGETS/calls_nested"
kept condensed_threads -T 600 --max-calls 100 -f step,step_inner "$TARGETS/threads_many" 500 4
kept static_probes -f 'usdt:demo:work,usdt:demo:tick' "$TARGETS/static_probes"
built ifunc -O1 && kept ifunc -f chosen ./ifunc
built inlined -O2 && kept inlined --inlined -f inner,outer,touch ./inlined

# ---- Frames that are left without a return ----

kept longjmp_nested -f catch_inner,catch_outer,throw_to "$TARGETS/longjmp_nested"
kept longjmp_signal -f afterwards,handler,interrupted "$TARGETS/longjmp_handler" same_stack
kept exception_far -f 'frames::*' "$TARGETS/exception_far"
kept exception_rethrown -f catches_first,catches_last,rethrower,thrower "$TARGETS/exception_rethrown"
kept exception_threads -f catcher,thrower "$TARGETS/exception_threads"
kept exception_uncaught -f last_words,thrower "$TARGETS/exception_uncaught"
kept noreturn_neighbour -f last_call_one,neighbour_probed,throws "$TARGETS/noreturn_neighbour"

# ---- Stacks ----

kept fibers_interleaved -f fiber_body,resumes,works,yields "$TARGETS/fibers_interleaved"
kept fibers_outlive_thread -f works,yields "$TARGETS/fibers_outlive_thread"
kept stack_switched -f around,leaf,on_other,on_stack "$TARGETS/stack_switched" below

# ---- Signals ----

kept signal_handler -f handler,helper,raises "$TARGETS/signal_handler"
kept signal_nested -f again_later,nests,only_once "$TARGETS/signal_nested"
kept signal_altstack_jump -f afterwards,handler,interrupted "$TARGETS/longjmp_handler" altstack
kept segv_repair_entry -f load_argument "$TARGETS/segv_repair_entry"

# ---- Libraries ----

kept opened_library -f callback,plugin_call_back,plugin_start,plugin_step "$TARGETS/opened_library"
kept linked_library -f callback,plugin_call_back,plugin_start,plugin_step,plugin_stop \
	"$TARGETS/linked_library"
kept link_static_pie -f inner,middle,outer "$TARGETS/link_static_pie"

# ---- Threads ----

kept threads_many -f step,step_inner "$TARGETS/threads_many" 100 4
kept thread_exit_inside -f around,clean_up,leaves_early "$TARGETS/thread_exit_inside"
kept thread_inside_at_exit -f never_returns "$TARGETS/thread_inside_at_exit"
kept thread_outlives_main -f goes_on,main_leaves "$TARGETS/thread_outlives_main"

# ---- Processes and programs ----

kept fork_active -f around,forks,outermost "$TARGETS/fork_active"
kept fork_calls -f leaf,child_work "$TARGETS/fork_calls"
kept fork_calls_alone --no-follow -f leaf,child_work "$TARGETS/fork_calls"
kept fork_calls_sum -C -f leaf,child_work "$TARGETS/fork_calls"
kept fork_in_handler -f around,forks,leaf "$TARGETS/fork_in_handler"
kept fork_opens_library -f plugin_step,uses_library "$TARGETS/fork_opens_library"
kept process_tree -f grow_tree,leaf "$TARGETS/process_tree"
kept vfork_exec -f in_child,spawns "$TARGETS/vfork_exec"
kept exec_self -f around,leaf,replaces "$TARGETS/exec_self"
kept exec_script -f replaces "$TARGETS/exec_script"
kept end_abort -f before,innermost,within "$TARGETS/end" abort
kept end_segv -f before,innermost,within "$TARGETS/end" segv
kept end_underscore_exit -f before,innermost,within "$TARGETS/end" underscore_exit

# ---- Memory ----

normal=--gains
kept memory_gain -f grows,shrinks "$TARGETS/memory_gain"
normal=
kept metric_vms --backend vms -f grows,shrinks "$TARGETS/memory_gain"

# ---- Attaching ----

asleep=$TARGETS/asleep

# attached NAME stays|leaves: calls that are active already; the program ends, or we go before it.
attached() {
	attached_name=$1
	rm -f hold
	mkfifo hold
	"$asleep" -p <hold >asleep.out 2>asleep.err &
	program=$!
	exec 9>hold
	wait_until grep -q '^ready' asleep.out
	wait_until is_asleep "$program"
	start_attach "$attached_name" -o "$attached_name.dat" \
		-f main,outermost,deep,innermost,thread_main "$program" 9>&-
	if [ "$2" = leaves ]; then
		kill -INT "$recorder"
		end_recorder "$attached_name"
	fi
	exec 9>&-
	wait "$program" || : # its status is not 0
	[ "$2" = leaves ] || end_recorder "$attached_name"
	put "$attached_name"
}
attached attach_stays stays
attached attach_leaves leaves

# ---- Real programs ----

# rows NAME COUNT: makes as many rows and reads them.
rows() {
	printf 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
		SELECT i FROM n;' "$2" >"$1.sql"
	export RUN_INPUT="$1.sql"
	run_as "$1" "$MPROF_TRACE" run -q -f sqlite3_step -o "$1.dat" sqlite3 -batch :memory:
	unset RUN_INPUT
}

if has_program sqlite sqlite3; then
	rows few_rows 10
	rows sqlite 2010
	put sqlite --beyond few_rows.dat
fi

for number in 1 2 3 4 5; do
	seq 1 1000 >"file$number"
done
if has_program gzip gzip; then
	run_as one_file "$MPROF_TRACE" run -q -f fchmod -o one_file.dat gzip -k -f file1
	run_as gzip "$MPROF_TRACE" run -q -f fchmod -o gzip.dat gzip -k -f file1 file2 file3 file4
	put gzip --beyond one_file.dat
fi
if has_program xz xz; then
	run_as one_file "$MPROF_TRACE" run -q -f lzma_stream_encoder -o one_file.dat xz -T1 -c file1
	run_as xz "$MPROF_TRACE" run -q -f lzma_stream_encoder -o xz.dat \
		xz -T1 -c file1 file2 file3 file4 file5
	put xz --beyond one_file.dat
fi

export PYTHONDONTWRITEBYTECODE=1
# By its path: what is first in PATH may be a script that looks for a Python.
has_program python /usr/bin/python3 && kept python --python \
	-f 'area,side,depth,raises,catches,steps,in_child' /usr/bin/python3 "$TESTS/records/program.py"

# Commands of one word each in the middle of a list: bash forks for them, and only for them.
has_program bash bash &&
	kept bash -f make_child bash -c 'for i in 1 2 3; do env true; done; (exit 3); exit 4'

if has_program make make; then
	printf 'all: a b c\na b c:\n\t@env true $@\n.PHONY: all a b c\n' >three.mk
	MAKEFLAGS='' MAKELEVEL='' MFLAGS='' kept make make -f three.mk
fi
