#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What `mprof-trace --version` says of how it was built, as options for the compiler (a file for its @FILE).
#
#   build_facts.sh PKG…      CC chooses the compiler, PKG are pkg-config's names
#
# No date and no host's name: the same sources make the same program.
set -euo pipefail

top=$(dirname "$(dirname "$(realpath "$0")")")
cd "$top"

# The commit: git's, or what git has put into a tarball of it. A folder of another repository may be around that.
commit=$(cat packaging/commit)
changed=
if [ -e .git ] && head=$(git rev-parse HEAD 2>/dev/null); then
	commit=$head
	git diff --quiet HEAD -- tracer symbols plot Makefile 2>/dev/null || changed=' with changes'
fi
[[ $commit =~ ^[0-9a-f]{40,}$ ]] || commit=

libraries=()
for package in "$@"; do
	version=$(pkg-config --modversion "$package" 2>/dev/null) || continue
	libraries+=("$package $version")
done
# Debian's Zydis has no .pc file. ZYDIS_VERSION is 0xMMMMmmmmpppp0000.
zydis=$(${CC:-cc} -E -dM -include Zydis/Zydis.h -x c /dev/null 2>/dev/null |
	sed -n -E 's/.*ZYDIS_VERSION .*0x(....)(....)(....)....$/0x\1 0x\2 0x\3/p') || zydis=
# shellcheck disable=SC2086 # three numbers
[ -z "$zydis" ] || libraries+=("Zydis $(printf '%d.%d.%d' $zydis)")

text=
for library in "${libraries[@]}"; do
	text+=${text:+, }$library
done
printf '%s\n' "-DBUILD_COMMIT=\"\\\"${commit:0:12}${commit:+$changed}\\\"\"" "-DBUILD_LIBRARIES=\"\\\"$text\\\"\""
