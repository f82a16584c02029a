# bash completion for mprof-trace(1). `make install` puts it where bash-completion finds it; without
# that package: `source packaging/mprof-trace.bash`.

# Where the command, an option's argument and the traced program stand decides what fits.
_mprof_trace() {
	local commands='run attach live memit lines mark plot peak report diff check list rm clean funcs export'
	local recording_options='-f --functions -T --interval -t --timeout -C --include-children
		--inlined -M --multiprocess --no-follow -o --output --max-calls --max-overhead --probe --memory-age --allow-missing --strict
		--backend --split --with --lines --max-hits --stacks --step
		--break-at --break-if --break-in --break-every --on-break --resume
		--survival --live -q --quiet -v --verbose --debuginfod --debug-dir --sysroot'
	local run_options="$recording_options --kill-on-timeout --on-exit -u --user --no-probes
		--python --nopython -a --attach -E --exit-code"
	local common_options='-h --help --usage --version'
	local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local command=run first=1 options kind i
	COMPREPLY=()

	if [[ $COMP_CWORD -gt 1 && " $commands " == *" ${COMP_WORDS[1]} "* ]]; then
		command=${COMP_WORDS[1]}
		first=2
	fi

	# The words after PROGRAM are the program's own.
	if [[ $command == run || $command == live || $command == memit || $command == lines || $command == funcs ]]; then
		for ((i = first; i < COMP_CWORD; i++)); do
			case ${COMP_WORDS[i]} in
			-f | --functions | -T | --interval | -t | --timeout | -u | --user | -o | --output | --max-calls | --max-overhead | --probe | --memory-age | --max-hits | --stacks | --step | --break-at | --break-if | --break-in | --on-break | --backend | --debug-dir | --sysroot | -a | --attach | --on-exit | --survival | -r | --repeat | -i | --compare | --source-dir | --precision)
				# readline splits `--interval=1` in three words
				[[ ${COMP_WORDS[i + 1]} != '=' ]] || ((i++))
				((i++))
				;;
			-*) ;;
			*)
				_mprof_trace_program "$i"
				return
				;;
			esac
		done
	fi

	case $command:$previous in
	run:-o | run:--output | live:-o | live:--output | memit:-o | memit:--output | lines:-o | lines:--output | attach:-o | attach:--output) kind=dat ;;
	run:-a | run:--attach | live:-a | live:--attach) kind=attach ;;
	*:--on-exit) kind='detach kill' ;;
	*:--survival) kind='yes no' ;;
	run:--with | live:--with | memit:--with | attach:--with) kind='cpu faults threads limits' ;;
	*:--probe) kind='auto breakpoint pad' ;;
	run:--stacks | live:--stacks | memit:--stacks | attach:--stacks) kind='peak growth calls' ;;
	*:--on-break) kind='stack stop core kill gdb' ;;
	plot:-o | plot:--output | export:-o | export:--output) kind='any file' ;;
	export:--by) kind='time memory growth' ;;
	report:--by) kind='function growth rank host' ;;
	plot:--backend) kind=device ;;
	plot:--theme) kind=theme ;;
	check:--budget | check:--write-budget | check:--junit | check:--markdown) kind='any file' ;;
	diff:--fail-if | diff:--top | check:--max-* | check:--band) return ;;
	run:--backend | live:--backend | memit:--backend | lines:--backend | attach:--backend) kind=backend ;;
	*:--debug-dir | *:--sysroot | *:--source-dir) kind=directory ;;
	memit:-r | memit:--repeat | memit:-i | memit:--compare) return ;;
	run:-f | live:-f | memit:-f | lines:-f | attach:-f | funcs:-f | *:--functions | *:-T | *:--interval | *:--max-calls | *:--max-overhead | *:--max-hits | *:--step | *:--break-at | *:--break-if | *:--break-in | *:--memory-age) return ;;
	run:-t | live:-t | memit:-t | lines:-t | attach:-t | *:--timeout) return ;;
	run:-u | run:--user | live:-u | live:--user) kind=user ;;
	plot:-t | plot:--title | plot:-w | plot:--window | report:-[fw] | report:--window | *:--sort | *:--top | *:--func | *:--pid | *:--children | *:--align | *:--job | *:--size | *:--dpi | *:--font) return ;;
	*) kind=$command ;;
	esac

	case $command in
	run | live) options="$run_options" ;;
	attach) options="$recording_options --python" ;;
	memit) options="$recording_options -r --repeat -i -c --compare --json --python --nopython" ;;
	lines) options="$recording_options --source-dir --precision --json --python --nopython" ;;
	plot) options='-C --include-children -t --title -n --no-timestamps -o --output -w --window -f --flame -s --slope --func --pid
		--align --clock --follow --backend --term --size --dpi --theme --font --children' ;;
	diff) options='--fail-if --top --csv --json' ;;
	check) options='--max-peak --max-slope --max-duration --tree --func --max-gain --max-calls --max-time --budget
		--band --write-budget --junit --markdown' ;;
	report) options='-C --include-children -f --func --pid -w --window --processes --parts --threads --calls --by
		--sort --top --csv --json --all --job --align' ;;
	peak) options='-C --include-children --func --stack' ;;
	export) options='--csv --json --chrome --speedscope --folded --calls --parts --with --lines --by --stacks -o --output --all' ;;
	funcs) options='-f --functions --static -v --verbose --debuginfod --debug-dir --sysroot' ;;
	clean | rm) options='--dry-run' ;;
	list) options='--json' ;;
	*) options='' ;;
	esac

	if [[ $kind == "$command" && $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$options $common_options" -- "$word")
		return
	fi
	case $kind in
	user) mapfile -t COMPREPLY < <(compgen -u -- "$word") ;;
	backend) mapfile -t COMPREPLY < <(compgen -W 'rss pss uss vms swap anon rss+huge cgroup psutil psutil_pss psutil_uss posix' -- "$word") ;;
	directory)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
		;;
	attach)
		local names
		names=$(ps -eo pid=,comm= 2>/dev/null)
		mapfile -t COMPREPLY < <(compgen -W "$names" -- "$word" | sort -u)
		;;
	theme) mapfile -t COMPREPLY < <(compgen -W 'light dark' -- "$word") ;;
	device) mapfile -t COMPREPLY < <(compgen -W 'list pngcairo svg pdfcairo epscairo svgcairo extcairo xcairo' -- "$word") ;;
	'any file') _mprof_trace_files ;;
	*' '* | growth) mapfile -t COMPREPLY < <(compgen -W "$kind" -- "$word") ;;
	dat | plot | peak | report | diff | check | rm | export) _mprof_trace_files '*.dat' ;;
	run | live | memit | lines | funcs)
		_mprof_trace_files
		mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -c -- "$word")
		if [[ $first -eq 1 && $COMP_CWORD -eq 1 ]]; then
			mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W "$commands" -- "$word")
		fi
		;;
	esac
}

# Adds files whose names match the glob $1 (default all), and directories.
_mprof_trace_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <({
		compgen -f -X "!${1:-*}" -- "$word"
		compgen -d -- "$word"
	} | sort -u)
}

# Completes as the program at word $1 would, where bash-completion is loaded.
_mprof_trace_program() {
	if declare -F _command_offset >/dev/null; then
		_command_offset "$1"
	else
		_mprof_trace_files
	fi
}

complete -F _mprof_trace mprof-trace
