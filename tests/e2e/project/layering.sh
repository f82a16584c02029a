#!/bin/bash
# The source tree keeps its layers, and the check that says so notices what breaks them.
set -euo pipefail
root=$(dirname "$TESTS")
check=$TESTS/lib/check_layering.sh

"$check" "$root"

# Plants one violation at a time in a small tree and expects the check to name it.
fresh_copy() {
	local file
	rm -rf tree
	mkdir -p tree/symbols/{pattern,file} tree/plot/{model,profile,window,term} tree/tests \
		tree/tracer/{base,cli,proc,sample,tracee} tree/tracer/loop/{state,hit,calls} \
		tree/tracer/probe/patch
	for file in symbols/pattern/pattern symbols/file/symbol_file plot/term/term_plot \
		tracer/base/array tracer/cli/command tracer/tracee/target tracer/sample/added_pages \
		tracer/loop/engine tracer/loop/calls/calls tracer/probe/image tracer/probe/planner; do
		echo 'int declared(void);' >"tree/$file.h"
		echo "#include \"$file.h\"" >"tree/$file.c"
	done
}

notice() { # notice NAME EXPECTED: the check of the tree fails and says so
	local name=$1 expected=$2 output
	if output=$("$check" tree); then
		echo "$name: the check did not notice"
		exit 1
	fi
	if [[ $output != *"$expected"* ]]; then
		echo "$name: expected '$expected', got: $output"
		exit 1
	fi
}

put() { # put FILE LINE…: writes the lines to FILE
	local file=tree/$1
	shift
	printf '%s\n' "$@" >"$file"
}

plant() { # plant NAME EXPECTED FILE LINE…
	local name=$1 expected=$2
	shift 2
	fresh_copy
	put "$@"
	notice "$name" "$expected"
}

fresh_copy
"$check" tree

# Layers.
plant upward 'base must not include cli' tracer/base/planted.c '#include "tracer/cli/command.h"'
plant sideways 'plot must not include symbols' plot/model/planted.c '#include "symbols/pattern/pattern.h"'
plant to_sample 'probe must not include sample' tracer/probe/planted.c '#include "tracer/sample/added_pages.h"'
plant dotted 'no path from the root' tracer/base/planted.c '#include "tracer/base/../base/error.h"'
plant to_tracee 'proc must not include tracee' tracer/proc/planted.c '#include "tracer/tracee/target.h"'
plant relative 'no path from the root' tracer/base/planted.c '#include "error.h"'
plant unknown_layer 'no known layer' tracer/planted.c 'int planted;'

# Rooms of one layer.
plant room_up 'symbols/pattern must not include symbols/file' symbols/pattern/planted.c \
	'#include "symbols/file/symbol_file.h"'
plant room_beside 'plot/window must not include plot/term' plot/window/planted.c \
	'#include "plot/term/term_plot.h"'
plant room_to_own_files 'loop/hit must not include loop (' tracer/loop/hit/planted.c \
	'#include "tracer/loop/engine.h"'
plant room_from_state 'loop/state must not include loop/calls' tracer/loop/state/planted.c \
	'#include "tracer/loop/calls/calls.h"'
plant room_from_image 'probe/image must not include probe (' tracer/probe/site.c \
	'#include "tracer/probe/planner.h"'
plant room_to_image 'probe/patch must not include probe/image' tracer/probe/patch/planted.c \
	'#include "tracer/probe/image.h"'
fresh_copy
mkdir tree/symbols/planted
put symbols/planted/planted.c 'int planted;'
notice unknown_room 'symbols/planted/planted.c: is in no known layer and room'

# Circles: of two files, of two by way of a private header, of three.
fresh_copy
put plot/model/a.h '#include "plot/model/b.h"'
put plot/model/b.h 'int b(void);'
put plot/model/b.c '#include "plot/model/b.h"' '#include "plot/model/a.h"'
notice circle 'circle: plot/model/a -> plot/model/b -> plot/model/a'
fresh_copy
put plot/model/a_private.h '#include "plot/model/b.h"'
put plot/model/b.h 'int b(void);'
put plot/model/b.c '#include "plot/model/b.h"' '#include "plot/model/a_private.h"'
notice circle_private 'circle: plot/model/a -> plot/model/b -> plot/model/a'
fresh_copy
put plot/model/a.h 'int a(void);'
put plot/model/a.c '#include "plot/model/a.h"' '#include "plot/model/b.h"'
put plot/model/b.h '#include "plot/model/c.h"'
put plot/model/c.h 'int c(void);'
put plot/model/c.c '#include "plot/model/c.h"' '#include "plot/model/a.h"'
notice circle_of_three 'circle: plot/model/a -> plot/model/b -> plot/model/c -> plot/model/a'

# The owners of what comes from outside.
plant dwfl 'belongs to symbols/elf/' tracer/cli/planted.c '#include <elfutils/libdwfl.h>'
plant dw 'belongs to symbols/(elf|dwarf|lines)/' symbols/pattern/planted.c '#include <elfutils/libdw.h>'
plant unwind 'belongs to symbols/unwind/' symbols/pattern/planted.c '#include <libunwind-ptrace.h>'
plant plplot 'belongs to plot/plplot/' plot/model/planted.c '#  include <plplot/plplot.h>'
plant x11 'belongs to plot/window/' plot/profile/planted.c '#include <X11/Xlib.h>'
plant ptrace_header 'belongs to tracer/tracee/ptrace_ops' symbols/pattern/planted.c '#include <sys/ptrace.h>'
plant ptrace_events 'belongs to tracer/(tracee/' tracer/proc/planted.c '#include <linux/ptrace.h>'
plant ptrace_call 'calls ptrace(2)' tracer/loop/planted.c 'long x(void) { return ptrace(PTRACE_CONT); }'

# Headers and sizes.
plant register 'names a register' tracer/loop/planted.c 'long x(struct user_regs_struct *r) { return r->rip; }'
plant own_header 'must include its own header' tracer/base/array.c '#include <stdlib.h>' \
	'#include "tracer/base/array.h"'
plant not_alone 'planted.h:1:1: error' tracer/base/planted.h 'size_t planted(void);'
plant too_long 'no file is longer' tracer/base/planted.c "$(yes '/* */' | head -n 401)"
fresh_copy
for number in {1..14}; do
	put "tracer/sample/planted_$number.c" 'int planted;'
done
notice too_full 'tracer/sample: 15 .c files; no folder has more than 14'
fresh_copy
touch tree/README.md 'tree/entry 1000 0 6 several'
git init -q tree
git -C tree add .
notice stray_file 'entry 1000 0 6 several: the top folder holds'

# Includes that nothing uses, and those that something does.
fresh_copy
put plot/model/planted.c '#include <stdlib.h>' '#include <string.h>' \
	'#include "tracer/base/array.h"' '#include "plot/term/term_plot.h"' \
	'/* free */ int planted(void) { return declared() + (int)strlen(""); }'
sed -i 's/declared/term/' tree/plot/term/term_plot.h
output=$(cd tree && "$TESTS/lib/unused_includes.py" plot/model/planted.c) && exit 1
if [ "$output" != 'plot/model/planted.c: nothing uses <stdlib.h>
plot/model/planted.c: nothing uses "plot/term/term_plot.h"' ]; then
	echo "unused includes: $output"
	exit 1
fi
