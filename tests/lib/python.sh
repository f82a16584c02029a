# Shell helpers of the tests that trace Python programs; sourced behind record.sh.
# shellcheck shell=sh

# every_python: the CPythons from 3.8 on that are installed, one path a line, each version once.
every_python() {
	for file in /usr/bin/python3 /usr/bin/python3.* /usr/local/bin/python3.* \
		"$HOME"/.pyenv/versions/3.*/bin/python3; do
		[ -x "$file" ] || continue
		version=$("$file" -I -c 'import sys, platform
if platform.python_implementation() == "CPython" and sys.version_info >= (3, 8):
    print("%s.%s" % sys.version_info[:2], sys.version_info[1])' 2>/dev/null) || continue
		[ -n "$version" ] && printf '%s %s\n' "$version" "$file"
	done | sort -s -k2,2n | awk '!seen[$1]++ { print $3 }'
}

# expectations FILE DAT: "expect NAME RETURNED THROWN" lines of FILE against the calls in DAT.
expectations() {
	grep -q '^expect ' "$1" || fail "$1 expects nothing"
	while read -r word name returned thrown; do
		[ "$word" = expect ] || continue
		[ "$(count_calls "$2" "$name")" -eq "$returned" ] ||
			fail "$name: $(count_calls "$2" "$name") returned, not $returned"
		[ "$(count_calls "$2" "$name" unwound)" -eq "$thrown" ] ||
			fail "$name: $(count_calls "$2" "$name" unwound) thrown out of, not $thrown"
	done <"$1"
}
