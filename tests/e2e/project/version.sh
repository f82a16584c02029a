#!/bin/bash
# --version: its first line is for programs, the rest fits on a screen and is true; all that carries the version agrees.
# A tarball of a commit knows that commit, and is the same each time.
set -euo pipefail

root=$(dirname "$TESTS")
fail() {
	echo "FAIL: $*"
	exit 1
}

"$MPROF_TRACE" --version >version.out
[[ $(head -n 1 version.out) =~ ^mprof-trace\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "the first line is no version: $(head -n 1 version.out)"
version=$(sed '1s/mprof-trace //; q' version.out)
[ "$(wc -l <version.out)" -le 20 ] || fail 'more than a screen'
! grep -E '.{81}' version.out || fail 'wider than 80 columns'
"$MPROF_TRACE" -V | cmp - version.out || fail '-V says something else'
for command in run plot funcs; do
	"$MPROF_TRACE" $command --version | cmp - version.out || fail "$command --version says something else"
done

# What it says it is made of is what it is linked with, by the names of Debian's files.
format=$(sed -n 's/.*PROFILE_FORMAT_VERSION = \([0-9]*\);.*/\1/p' "$root/tracer/base/profile_format.h")
grep -q "writes format $format, reads 1 to $format " version.out || fail 'not the format that is written'
for library in 'libdw ' 'libunwind' 'libpcre2' 'plplot ' 'chafa ' 'Zydis '; do
	grep -q "$library" version.out || fail "$library is missing"
done
grep -q '^Licence: *GPL-3.0-or-later' version.out || fail 'no licence'

"$MPROF_TRACE" run -q -o run.dat true
[ "$(sed -n '2p' run.dat)" = "FORMAT $format mprof-trace $version" ] || fail "a recording says $(sed -n 2p run.dat)"
grep -q "^## $version\b\|^$version " "$root/NEWS" || fail "NEWS does not begin with $version"
[ "$(sed -n '1s/.*(\(.*\)).*/\1/p' "$root/packaging/debian/changelog")" = "$version" ] || fail "the changelog's version is another"

# Of a folder without git, as of a tarball.
mkdir -p tree/packaging
cp "$root/packaging/build_facts.sh" tree/packaging
facts() {
	tree/packaging/build_facts.sh zlib
}
# shellcheck disable=SC2016 # git's own
echo '$Format:%H$' >tree/packaging/commit
grep -qxF -- '-DBUILD_COMMIT="\"\""' <<<"$(facts)" || fail "a commit is made up: $(facts)"
echo 0123456789abcdef0123456789abcdef01234567 >tree/packaging/commit
grep -qxF -- '-DBUILD_COMMIT="\"0123456789ab\""' <<<"$(facts)" || fail "the tarball's commit is lost: $(facts)"

git -C "$root" rev-parse -q --verify HEAD >/dev/null 2>&1 || exit 0
commit=$(git -C "$root" rev-parse HEAD)
for i in 1 2; do
	"$root/packaging/deb.sh" dist "$PWD/dist$i" >/dev/null 2>&1
done
cmp "dist1/mprof-trace-$version.tar.gz" "dist2/mprof-trace-$version.tar.gz" || fail 'two tarballs of one commit differ'
tar -xzf "dist1/mprof-trace-$version.tar.gz" "mprof-trace-$version/packaging"
[ "$(cat "mprof-trace-$version/packaging/commit")" = "$commit" ] || fail 'the tarball does not know its commit'
