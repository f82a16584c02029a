#!/bin/sh
# Where lines begin is what the line tables say, as readelf shows them: in our own program, and in a program of
# templates by each compiler, optimised and not.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command readelf /usr/bin/python3
tool=$TARGETS/../tools/line_rows
[ -x "$tool" ] || fail "there is no $tool"

check() { # check FILE
	"$tool" "$1" >rows.txt || fail "$1 cannot be read"
	/usr/bin/python3 "$TESTS/lib/check_line_rows.py" rows.txt "$1" || fail "$1"
}

cat >templates.cc <<'END'
#include <map>
#include <string>
#include <vector>
template <class T> struct Box {
	std::vector<T> items;
	std::map<int, T> known;
	size_t fill(int n)
	{
		for (int i = 0; i < n; i++) {
			items.push_back(T());
			known[i] = items.back();
		}
		auto more = [&](int k) {
			std::vector<T> others(k);
			return others.size();
		};
		return more(n);
	}
};
int main(int argc, char **)
{
	return Box<int>().fill(argc) + Box<std::string>().fill(argc) == 77;
}
END
for compiler in g++ clang++; do
	command -v "$compiler" >/dev/null || continue
	for options in '-O0' '-O2' '-O1 -gdwarf-4' '-O2 -ffunction-sections -Wl,--gc-sections'; do
		# shellcheck disable=SC2086 # several words
		"$compiler" -g $options templates.cc -o templates || fail "$compiler $options"
		check templates
	done
done
# Without debugging information, as some builds are, it has no rows, and that is no failure here.
if readelf -SW "$MPROF_TRACE" | grep -q ' \.debug_line '; then
	check "$MPROF_TRACE"
fi
