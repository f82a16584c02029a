#!/bin/sh
# mprof.h alone: C11 and C++17, with each compiler that is here, and no warning.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
echo '#include <mprof.h>' >use.c
cat >>use.c <<'EOF'
int use(struct mprof_options *options);
int use(struct mprof_options *options)
{
	mprof_options_init(options, sizeof(*options));
	return MPROF_SELF;
}
EOF
found=0
for compiler in gcc clang; do
	command -v "$compiler" >/dev/null || continue
	for language in 'c -std=c11' 'c -std=c17' 'c -std=gnu2x' 'c++ -std=c++17' 'c++ -std=c++20'; do
		case $language in
		*++*) more='-Wold-style-cast -Wuseless-cast -Wzero-as-null-pointer-constant' ;;
		*) more='-Wstrict-prototypes -Wmissing-prototypes' ;;
		esac
		[ "$compiler" = gcc ] || more=-Weverything
		[ "$compiler" = gcc ] || more="$more -Wno-padded -Wno-declaration-after-statement -Wno-c++98-compat
			-Wno-c++98-compat-pedantic -Wno-c++-compat -Wno-pre-c2x-compat -Wno-unsafe-buffer-usage"
		# shellcheck disable=SC2086 # they are words
		$compiler -x $language -Wall -Wextra -pedantic -Werror -Wconversion -Wshadow $more \
			-Wno-unknown-warning-option -I"$root/tracer/api" -c use.c -o use.o || fail "$compiler as $language"
		found=$((found + 1))
	done
done
[ "$found" -ge 5 ] || skip "neither gcc nor clang is installed"
