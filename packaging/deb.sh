#!/bin/bash
# Makes releases; called by `make dist` and `make deb`.
#
#   deb.sh dist FOLDER      FOLDER/mprof-trace-VERSION.tar.gz of what git has, the same bytes for the same commit
#   deb.sh deb FOLDER       the Debian packages, and lintian's opinion of them
#
# What is not committed is in neither, and that is said.
set -euo pipefail

top=$(dirname "$(dirname "$(realpath "$0")")")
cd "$top"
mkdir -p "$2"
folder=$(realpath "$2")
version=$(sed -n 's/.*MPROF_TRACE_VERSION "\(.*\)"/\1/p' tracer/base/version.h)
name=mprof-trace-$version
tarball=$folder/$name.tar.gz

dist() {
	git rev-parse -q --verify HEAD >/dev/null || {
		echo "deb.sh: there is no git repository here: a release is made of a commit" >&2
		exit 1
	}
	[ -z "$(git status --porcelain --untracked-files=no)" ] ||
		echo "deb.sh: what has changed since the last commit is left out" >&2
	# git takes the commit's time for all files; gzip -n adds none of its own.
	git archive --format=tar --prefix="$name/" HEAD | gzip -n -9 >"$tarball.part"
	mv "$tarball.part" "$tarball"
	echo "$tarball"
}

deb() {
	local missing=() command
	for command in dpkg-buildpackage dh lintian; do
		command -v "$command" >/dev/null || missing+=("$command")
	done
	if [ ${#missing[@]} -gt 0 ]; then
		echo "deb.sh: ${missing[*]} not found: make deb-deps installs them" >&2
		exit 1
	fi
	dist >/dev/null
	rm -rf "${folder:?}/$name"
	tar -C "$folder" -xzf "$tarball"
	cp -R packaging/debian "$folder/$name/debian"
	cd "$folder/$name"
	# The version is the program's; the date the commit's, so that the packages are the same each time.
	sed -i -e "1s/(.*)/($version)/" \
		-e "s/^ -- \(.*>\)  .*/ -- \1  $(git -C "$top" log -1 --format=%cD)/" debian/changelog
	DEB_BUILD_OPTIONS=${DEB_BUILD_OPTIONS:-parallel=$(nproc)} dpkg-buildpackage -b -us -uc >"$folder/build.log" 2>&1 || {
		tail -n 20 "$folder/build.log" >&2
		echo "deb.sh: the packages could not be built: $folder/build.log" >&2
		exit 1
	}
	cd "$folder"
	lintian --tag-display-limit 0 --display-info --pedantic "mprof-trace_${version}_$(dpkg --print-architecture).changes" \
		>lintian.log 2>&1 || true
	grep -E '^[EWIP]: ' lintian.log || true
	! grep -qE '^[EW]: ' lintian.log || {
		echo "deb.sh: lintian is not content: $folder/lintian.log" >&2
		exit 1
	}
	ls "$folder"/*.deb
}

case $1 in
dist | deb) "$1" ;;
*)
	echo "usage: deb.sh dist|deb FOLDER" >&2
	exit 2
	;;
esac
