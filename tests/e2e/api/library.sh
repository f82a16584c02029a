#!/bin/sh
# What is in the library, and what is not: names, state, other libraries, licences.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
library=$built/libmprof.so.0
sanitized=$(sanitizers_of "$built")

# It exports what its header has, and the static one nothing else.
grep -oE '\bmprof_[a-z_]+\(' "$root/tracer/api/mprof.h" | tr -d '(' | sort -u >declared
nm -D --defined-only "$library" | awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }' | sort >exported
diff declared exported || fail "exported is not what mprof.h declares"
nm --defined-only --extern-only "$built/libmprof.a" | awk '$2 ~ /^[TDBR]$/ { print $3 }' | sort >static
[ -n "$sanitized" ] || diff declared static || fail "the static library has other names, too"
nm -D --defined-only "$library" | grep -v -e '@@LIBMPROF_0$' -e ' LIBMPROF_0$' >unversioned
[ -s unversioned ] && fail "without a version: $(cat unversioned)"

# It needs libc (and what unwinds its frames), and nothing of ptrace, symbols or drawing.
readelf -d "$library" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' |
	grep -v -e '^libc\.so' -e '^libgcc_s\.so' -e '^ld-linux' -e '^lib[a-z]*san\.so' -e '^lib[mr]t*\.so' >needed
[ -s needed ] && fail "needs $(cat needed)"
nm -D --undefined-only "$library" | awk '{ sub(/@.*/, "", $NF); print $NF }' >used
# (clang calls abort where a cleanup would be left by an exception.)
if grep -qx abort used && ! readelf -p .comment "$library" | grep -q clang; then
	fail "uses abort"
fi
for name in ptrace fork vfork _Fork exit _exit _Exit quick_exit atexit at_quick_exit pthread_atfork signal \
	sigaction kill raise setenv putenv setlocale printf puts perror __assert_fail dlopen syslog; do
	grep -qx "$name" used && fail "uses $name"
done
grep -qE '^(dwfl_|dwarf_|elf_|plp?[a-z]*line|unw_)' used && fail "uses $(grep -E '^(dwfl_|dwarf_|elf_|unw_)' used)"

# No state: nothing of it is writable, once it is loaded.
if [ -z "$sanitized" ]; then
	objdump -h "$built/libmprof.a" | awk '$2 ~ /^\.(data|bss|tdata|tbss)(\.|$)/ && $2 !~ /^\.data\.rel\.ro/ &&
		$2 !~ /gcc_personality/ && $3 !~ /^0+$/ { print $2, $3 }' >state
	[ -s state ] && fail "writable: $(cat state)"
fi

# Every file that it is made of says its licence, and the texts are there.
cat "$built"/mprof/obj/tracer/*/*.d | tr -s ' :' '\n' | grep -E '^tracer/.*\.[ch]$' | sort -u >made_of
[ "$(grep -c . made_of)" -gt 40 ] || fail "made of: $(cat made_of)"
while read -r file; do
	licence=LGPL-2.1-or-later
	[ "$file" = tracer/api/mprof.h ] && licence=CC0-1.0
	sed -n 1p "$root/$file" | grep -qF "/* SPDX-License-Identifier: $licence */" || fail "$file: no line for $licence"
	grep -qE 'sys/ptrace|elfutils|plplot' "$root/$file" && fail "$file includes what is not for it"
	case $file in
	tracer/api/* | tracer/base/* | tracer/proc/* | tracer/sample/* | tracer/record/* | tracer/job/*) ;;
	*) fail "made of $file" ;;
	esac
done <made_of
for licence in LGPL-2.1-or-later CC0-1.0; do
	[ -s "$root/LICENSES/$licence.txt" ] || fail "the text of $licence is missing"
done
