# The work of eight programs, for what sources this, in the current folder; command_of NAME sets $command.
# WORK_SHARE=20: a twentieth of it. Environment: MPROF_TRACE.
# shellcheck shell=bash

cat >work.py <<'PYTHON'
import hashlib, json, re
words = {}
text = " ".join(str(i * 7919 % 10007) for i in range({{400000}}))
for word in re.findall(r"\d+", text):
    words[word] = words.get(word, 0) + 1
rows = json.dumps(sorted(words.items(), key=lambda item: (-item[1], item[0])))
class Sequence:
    def __init__(self, x): self.x = x
    def step(self):
        self.x = (self.x * 1103515245 + 12345) % 2147483648
        return self.x
sequence = Sequence(1)
print(hashlib.sha256(rows.encode()).hexdigest(), sum(sequence.step() for _ in range({{1500000}})))
PYTHON
cat >work.pl <<'PERL'
my %h; my $x = 1;
for my $i (1 .. {{2000000}}) { $x = ($x * 1103515245 + 12345) % 2147483648; $h{$x % 5003} .= chr(65 + $x % 26) if $i % 3 == 0; }
my $s = 0; for (sort keys %h) { $s += length($h{$_}); $s += 1 if $h{$_} =~ /A.*B/; }
print "$s\n";
PERL
cat >work.sql <<'SQL'
create table t(a integer, b text);
with recursive c(x) as (select 1 union all select x + 1 from c where x < {{1000000}})
insert into t select x, 'row' || (x * 7919 % 1000) from c;
select count(*), sum(a), max(b) from t where b like '%9';
create index i on t(b);
select b, count(*) from t group by b order by 2 desc, 1 limit 5;
SQL
cat >work.js <<'NODE'
const crypto = require('crypto'), m = new Map();
for (let i = 0; i < {{300000}}; i++) { const k = 'k' + (i * 7919 % 5003); m.set(k, (m.get(k) || 0) + 1); }
const a = [...m].sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1));
console.log(crypto.createHash('sha256').update(JSON.stringify(a)).digest('hex'));
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
console.log(fib(27));
NODE
cat >work.cc <<'CXX'
#if SHARE == 1
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
#else
template <int N> struct sum {
	int of(int x) { return sum<N - 1>().of(x) + N; }
};
template <> struct sum<0> {
	int of(int x) { return x; }
};
int main()
{
	return sum<40>().of(1);
}
#endif
CXX
cat >Work.java <<'JAVA'
import java.util.TreeMap;
public class Work {
	public static void main(String[] a) {
		TreeMap<String, Integer> m = new TreeMap<>();
		for (int i = 0; i < {{3000000}}; i++)
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
env -u LD_PRELOAD redis-benchmark -s redis.socket -q -n {{60000}} -c 10 -t set,get,lpush >/dev/null 2>&1
redis-cli -s redis.socket dbsize
redis-cli -s redis.socket shutdown nosave
wait
REDIS
# Counts stand in double braces.
perl -pi -e 's|\{\{(\d+)\}\}|int($1 / '"${WORK_SHARE:-1}"')|ge' work.py work.pl work.sql work.js Work.java redis.sh
g++ -std=c++17 -DSHARE="${WORK_SHARE:-1}" -E work.cc >work.ii && javac Work.java 2>/dev/null
cc1plus=$(g++ -print-prog-name=cc1plus)
if [ "${WORK_SHARE:-1}" -eq 1 ]; then
	cp "$(command -v "$MPROF_TRACE" || echo "$MPROF_TRACE")" read_this
	cat >work.gdb <<-'GDB'
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
else
	g++ -std=c++17 -DSHARE=2 -g -o read_this work.cc
	printf '%s\n' 'info line main' 'info scope main' 'disassemble main' >work.gdb
fi

# shellcheck disable=SC2034 # for what sources this
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

