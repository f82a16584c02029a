#!/bin/sh
# Lines typed into bash, zsh and fish, with tabs: what the shells complete is what the program is then called with,
# whatever quotes it takes. Functions come from the program that the line names, also behind the cursor.
# timeout: 400
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command g++ cc /usr/bin/python3

packaging=$(realpath "$TESTS/../packaging")
real=$(realpath "$MPROF_TRACE")

mkdir bin typed scripts
cat >bin/mprof-trace <<EOF
#!/bin/sh
[ "\$1" != --complete ] || exec '$real' "\$@"
printf '%s\\0' "\$@" END >arguments.new
mv arguments.new arguments
EOF
chmod +x bin/mprof-trace

cat >named.cc <<'EOF'
#include <unistd.h>
extern "C" void in_library();
extern "C" __attribute__((noinline)) void plain_name() { in_library(); }
namespace ns {
template <typename T> __attribute__((noinline)) T grow(T by) { plain_name(); return by; }
struct Box { int operator+(int by); };
__attribute__((noinline)) int Box::operator+(int by) { return by; }
}
int main(int argc, char **) { return argc > 1 ? pause() : ns::Box() + (int)ns::grow<unsigned long>(0); }
EOF
echo 'void in_library(void) {}' >named.c
cc -shared -fPIC -o typed/libnamed.so named.c || fail "the library cannot be built"
# shellcheck disable=SC2016 # the linker's own
g++ -o typed/named named.cc -Ltyped -lnamed '-Wl,-rpath,$ORIGIN' || fail "the program cannot be built"
touch 'typed/my run.dat' typed/notes.txt
echo "CMDLINE './named' 1" >typed/mprofile_20260101000000.dat
typed/named waits &
waiting=$!
trap 'kill "$waiting"' EXIT
cp "$packaging/mprof-trace.bash" scripts/mprof-trace.bash
cp "$packaging/mprof-trace.zsh" scripts/_mprof-trace
cp "$packaging/mprof-trace.fish" scripts/mprof-trace.fish

missing=
for shell in bash zsh fish; do
	command -v "$shell" >/dev/null || {
		missing="$missing $shell"
		continue
	}
	case $shell in
	zsh) script=_mprof-trace ;;
	*) script=mprof-trace.$shell ;;
	esac
	rm -rf home
	mkdir home
	env -i PATH="$PWD/bin:$PATH" HOME="$PWD/home" XDG_CACHE_HOME="$PWD/home/cache" LC_ALL=C.UTF-8 \
		/usr/bin/python3 "$TESTS/lib/type_completion.py" "$shell" "$PWD/scripts/$script" "$PWD/typed" >typed.out 2>&1 || {
		cat typed.out
		fail "$shell does not complete as it should"
	}
	[ "$(find home/cache/mprof-trace -name '*.names' | wc -l)" -ge 1 ] || fail "$shell: no names are kept"
	[ "$(stat -c %a home/cache/mprof-trace)" = 700 ] || fail "others may see what is kept"
done
[ -z "$missing" ] || skip "not there:$missing"
