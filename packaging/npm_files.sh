#!/bin/bash
# Fetches packages of npm's registry that tests read files of; called by `make test-deps`.
#
#   npm_files.sh FOLDER NAME@VERSION…      unpacks each into FOLDER/NAME, without what it depends on
#
# What is there is not fetched again. Without npm, or without its registry, it says so and succeeds: the tests
# that want the files skip.
set -euo pipefail

folder=$1
shift
for package in "$@"; do
	name=${package%@*}
	[ ! -e "$folder/$name/package.json" ] || continue
	if ! command -v npm >/dev/null; then
		echo "There is no npm: tests that want the package $name will skip." >&2
		continue
	fi
	echo "Fetching $package"
	mkdir -p "$folder"
	work=$(mktemp -d "$folder/.fetching.XXXXXX")
	if (cd "$work" && npm pack --silent --ignore-scripts "$package" >/dev/null && tar xzf ./*.tgz) &&
		mv -T "$work/package" "$folder/$name"; then
		:
	else
		echo "npm cannot fetch $package: tests that want it will skip." >&2
	fi
	rm -rf "$work"
done
