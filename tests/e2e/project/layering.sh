#!/bin/bash
# The source tree keeps its layers, and the check that says so notices what breaks them.
set -euo pipefail
root=$(dirname "$TESTS")
check=$TESTS/lib/check_layering.sh

"$check" "$root"

# Plants one violation at a time in a small tree and expects the check to name it.
fresh_copy() {
	rm -rf tree
	mkdir -p tree/symbols/pattern tree/plot/model tree/tests tree/tracer/{cli,loop,probe,tracee,sample}
	cp -r "$root/tracer/base" tree/tracer/
	cp "$root/tracer/cli/command.h" tree/tracer/cli/
	cp "$root/symbols/pattern/pattern.h" tree/symbols/pattern/
}

plant() { # plant NAME EXPECTED FILE LINE…: writes the lines to FILE
	local name=$1 expected=$2 file=tree/$3 output
	shift 3
	fresh_copy
	printf '%s\n' "$@" >"$file"
	if output=$("$check" tree); then
		echo "$name: the check did not notice"
		exit 1
	fi
	if [[ $output != *"$expected"* ]]; then
		echo "$name: expected '$expected', got: $output"
		exit 1
	fi
}

fresh_copy
"$check" tree

plant upward 'base must not include cli' tracer/base/planted.c '#include "tracer/cli/command.h"'
plant sideways 'plot must not include symbols' plot/model/planted.c '#include "symbols/pattern/pattern.h"'
plant to_sample 'probe must not include sample' tracer/probe/planted.c '#include "tracer/sample/../base/error.h"'
plant relative 'no path from the root' tracer/base/planted.c '#include "error.h"'
plant unknown_layer 'no known layer' tracer/planted.c 'int planted;'
plant dwfl 'belongs to symbols/(elf|dwarf)' tracer/cli/planted.c '#include <elfutils/libdwfl.h>'
plant unwind 'belongs to symbols/unwind/' symbols/pattern/planted.c '#include <libunwind-ptrace.h>'
plant plplot 'belongs to plot/plplot/' plot/model/planted.c '#  include <plplot/plplot.h>'
plant ptrace_header 'belongs to tracer/tracee/ptrace_ops' symbols/pattern/planted.c '#include <sys/ptrace.h>'
plant ptrace_call 'calls ptrace(2)' tracer/loop/planted.c 'long x(void) { return ptrace(PTRACE_CONT); }'
plant own_header 'must include its own header' tracer/base/array.c '#include <stdlib.h>' \
	'#include "tracer/base/array.h"'
plant not_alone 'does not compile alone' tracer/base/planted.h 'size_t planted(void);'
plant too_long 'no file is longer' tracer/base/planted.c "$(yes '/* */' | head -n 451)"
