#!/bin/bash
# Whole programs with every function probed: is their output the same, how long do they take, beside uftrace's dynamic
# patching (-P ., which needs symbols and room, and reads no memory) and valgrind's callgrind (which counts instructions).
# One run each, on one machine, one after the other; nothing is asserted.
# The runner sets MPROF_TRACE (the binary). PROGRAMS='perl node': just these.
set -u

work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
limit_s=${BENCH_SECONDS:-300}

cat >work.py <<'PYTHON'
import hashlib, json, re
words = {}
text = " ".join(str(i * 7919 % 10007) for i in range(400000))
for word in re.findall(r"\d+", text):
    words[word] = words.get(word, 0) + 1
rows = json.dumps(sorted(words.items(), key=lambda item: (-item[1], item[0])))
class Sequence:
    def __init__(self, x): self.x = x
    def step(self):
        self.x = (self.x * 1103515245 + 12345) % 2147483648
        return self.x
sequence = Sequence(1)
print(hashlib.sha256(rows.encode()).hexdigest(), sum(sequence.step() for _ in range(1500000)))
PYTHON
cat >work.pl <<'PERL'
my %h; my $x = 1;
for my $i (1 .. 2000000) { $x = ($x * 1103515245 + 12345) % 2147483648; $h{$x % 5003} .= chr(65 + $x % 26) if $i % 3 == 0; }
my $s = 0; for (sort keys %h) { $s += length($h{$_}); $s += 1 if $h{$_} =~ /A.*B/; }
print "$s\n";
PERL
cat >work.sql <<'SQL'
create table t(a integer, b text);
with recursive c(x) as (select 1 union all select x + 1 from c where x < 1000000)
insert into t select x, 'row' || (x * 7919 % 1000) from c;
select count(*), sum(a), max(b) from t where b like '%9';
create index i on t(b);
select b, count(*) from t group by b order by 2 desc, 1 limit 5;
SQL
cat >work.js <<'NODE'
const crypto = require('crypto'), m = new Map();
for (let i = 0; i < 300000; i++) { const k = 'k' + (i * 7919 % 5003); m.set(k, (m.get(k) || 0) + 1); }
const a = [...m].sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1));
console.log(crypto.createHash('sha256').update(JSON.stringify(a)).digest('hex'));
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
console.log(fib(27));
NODE
cat >work.cc <<'CXX'
#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <regex>
#include <string>
#include <vector>
int main()
{
	std::map<std::string, std::vector<int>> m;
	std::map<int, std::function<int(int)>> f;
	for (int i = 0; i < 10; i++) {
		m[std::to_string(i)].push_back(i);
		f[i] = [i](int x) { return x + i; };
	}
	std::sort(m["1"].begin(), m["1"].end());
	std::cout << std::regex_match("aab", std::regex("a+b*")) << f[3](4) << "\n";
}
CXX
cat >Work.java <<'JAVA'
import java.util.TreeMap;
public class Work {
	public static void main(String[] a) {
		TreeMap<String, Integer> m = new TreeMap<>();
		for (int i = 0; i < 3000000; i++)
			m.merge("k" + (i * 7919L % 5003), 1, Integer::sum);
		long s = 0;
		for (var e : m.entrySet())
			s += e.getKey().hashCode() * (long)e.getValue();
		System.out.println(s);
	}
}
JAVA
# A server, and its load; it ends when told.
cat >redis.sh <<'REDIS'
#!/bin/bash
redis-server --port 0 --unixsocket "$PWD/redis.socket" --save '' --daemonize no >/dev/null &
until redis-cli -s redis.socket ping 2>/dev/null | grep -q PONG; do sleep 0.05; done
env -u LD_PRELOAD redis-benchmark -s redis.socket -q -n 60000 -c 10 -t set,get,lpush >/dev/null 2>&1
redis-cli -s redis.socket dbsize
redis-cli -s redis.socket shutdown nosave
wait
REDIS
g++ -std=c++17 -E work.cc >work.ii && javac Work.java 2>/dev/null
cc1plus=$(g++ -print-prog-name=cc1plus)
cat >work.gdb <<'GDB'
info functions pad_area
info types .*ring.*
info variables arch_
info scope ring_fetch
info line dispatch_prepare
disassemble ring_fetch
info symbol ring_fetch
ptype struct image
ptype struct session
GDB
cp "$(command -v "$MPROF_TRACE" || echo "$MPROF_TRACE")" read_this

# command_of NAME: sets $command.
command_of() {
	case $1 in
	python3) command=(/usr/bin/python3 -S work.py) ;;
	perl) command=(perl work.pl) ;;
	sqlite3) command=(sqlite3 :memory: '.read work.sql') ;;
	node) command=(node work.js) ;;
	gdb) command=(gdb -nx -batch -x work.gdb read_this) ;;
	cc1plus) command=("$cc1plus" -quiet -std=c++17 -O0 -g -o /dev/null work.ii) ;;
	redis) command=(bash redis.sh) ;;
	java) command=(java -cp . Work) ;;
	esac
}

# timed LABEL COMMAND…: sets $seconds, or leaves it empty with $why.
timed() {
	local label=$1 status begin=$EPOCHREALTIME
	shift
	PYTHONHASHSEED=0 timeout -k 5 "$limit_s" "$@" >"$label.out" 2>"$label.err"
	status=$?
	seconds=$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }')
	why=
	if [ $status -eq 124 ] || [ $status -eq 137 ]; then
		why="over $limit_s s" seconds=
	elif [ $status -ne 0 ]; then
		why="fails ($status)" seconds=
	elif ! cmp -s "$label.out" plain.out; then
		why='other output' seconds=
	fi
}

# times: of $seconds, how many times untraced.
times() {
	[ -n "$seconds" ] && awk -v a="$seconds" -v b="$untraced" 'BEGIN { printf "%.1f", a / (b > 0 ? b : 0.01) }' ||
		printf '%s' "$why"
}

printf '%-9s %9s | %10s %13s %9s %8s | %14s %14s\n' program 'untraced' mprof-trace 'hits' 'stops' 'jumps' \
	'uftrace -P .' callgrind
for name in ${PROGRAMS:-python3 perl sqlite3 node gdb cc1plus redis java}; do
	command_of "$name"
	command -v "${command[0]}" >/dev/null || {
		printf '%-9s not installed\n' "$name"
		continue
	}
	: >plain.out
	PYTHONHASHSEED=0 "${command[@]}" >/dev/null 2>&1 # warm caches
	begin=$EPOCHREALTIME
	PYTHONHASHSEED=0 "${command[@]}" >plain.out 2>/dev/null
	untraced=$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }')
	timed ours "$MPROF_TRACE" run -v -f '*' -o ours.dat -- "${command[@]}"
	ours=$(times)
	hits=$(grep -oE '[0-9]+ probe hits' ours.err | cut -d' ' -f1)
	stops=$(grep -oE ', [0-9]+ by stops' ours.err | grep -oE '[0-9]+')
	jumps=$(grep -oE 'by [0-9]+ jumps' ours.err | grep -oE '[0-9]+')
	timed uftrace uftrace record -P . -d uftrace.data "${command[@]}"
	uftrace=$(times)
	[ -z "$seconds" ] || uftrace="$uftrace ($(uftrace report -d uftrace.data 2>/dev/null | tail -n +3 | wc -l) f.)"
	timed callgrind valgrind --tool=callgrind --trace-children=yes --callgrind-out-file=cg.%p -q "${command[@]}"
	callgrind=$(times)
	rm -rf uftrace.data cg.* ours.dat
	printf '%-9s %7s s | %10s %13s %8s%% %8s | %14s %14s\n' "$name" "$untraced" "$ours" "${hits:-?}" \
		"$(awk -v a="${stops:-0}" -v b="${hits:-1}" 'BEGIN { printf "%.2f", 100 * a / b }')" "${jumps:-?}" \
		"$uftrace" "$callgrind"
	# What the most stops were for.
	grep -E ' stops at ' ours.err | head -n "${REASONS:-1}" | sed 's/^mprof-trace:/         /'
done
