#!/bin/bash
# A debuginfod server on loopback: `run` asks it only with --debuginfod, `funcs` when
# DEBUGINFOD_URLS is set; one that cannot be asked is said once and harms nothing.
set -euo pipefail
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command cc objcopy strip debuginfod python3

cat >program.c <<'END'
static __attribute__((noinline)) int hidden(int a) { return a * 3; }
int main(void) { return hidden(1) != 3; }
END
mkdir served cut
cc -g -O0 -Wl,--build-id -o whole program.c
id=$(readelf -n whole | sed -n 's/.*Build ID: //p')
strip -o program whole
mv whole served

server_log=$PWD/server.log
trap 'kill $server 2>/dev/null || :' EXIT
has_begun() { grep -q "started http server" "$server_log" || ! kill -0 "$server"; }
# Somebody else may take the port that was free before the server does.
for _ in 1 2 3 4 5; do
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	: >"$server_log"
	DEBUGINFOD_CACHE_PATH=$PWD/server-cache debuginfod -vvv -d :memory: -p "$port" -F served \
		>"$server_log" 2>&1 &
	server=$!
	wait_until has_begun
	kill -0 "$server" 2>/dev/null && break
done
kill -0 "$server" || skip "the debuginfod server did not start: $(tail -n 1 "$server_log")"
ask() { python3 -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$port/$1').read()"; }
wait_until ask "buildid/$id/debuginfo"
requests() { grep -c "GET /buildid/$id/debuginfo" "$server_log" || :; }
served_before=$(requests)

export DEBUGINFOD_URLS="http://127.0.0.1:$port/" DEBUGINFOD_CACHE_PATH=$PWD/cache

# On the way to the first instruction no network is asked unless the user says so.
run_as quiet "$MPROF_TRACE" run -f hidden -o quiet.dat ./program
status_is quiet 125
says quiet "hidden"
[ "$(requests)" = "$served_before" ] || fail "run asked a server without --debuginfod"
[ ! -e cache ] || fail "run used the client's cache without --debuginfod"

run_as asked "$MPROF_TRACE" run --debuginfod -f hidden -o asked.dat ./program
status_is asked 0
[ "$(count_calls asked.dat hidden)" = 1 ] || fail "hidden was not recorded"
[ "$(requests)" -gt "$served_before" ] || fail "run --debuginfod asked no server"

rm -rf cache
run_as funcs "$MPROF_TRACE" funcs -v --static -f hidden ./program
status_is funcs 0
says funcs "functions, from $PWD/cache/$id/debuginfo"
grep -q 'program.c:1$' funcs.out || fail "no source line from the debug file of the server"

# Nobody there any more: what is in the cache is used, and for the rest, one warning.
kill "$server"
wait "$server" 2>/dev/null || :
run_as cached "$MPROF_TRACE" funcs --static -f hidden ./program
status_is cached 0
rm -rf cache
run_as dead "$MPROF_TRACE" run --debuginfod -f exit -o dead.dat ./program
status_is dead 0
[ "$(grep -c 'debuginfod servers in DEBUGINFOD_URLS cannot be asked: ' dead.err)" = 1 ] ||
	fail "not one warning: $(cat dead.err)"

# On a terminal a download that takes a while shows how far it is.
command -v script >/dev/null || exit 0
cat >slow.py <<'END'
import http.server, os, time
data = open("served/whole", "rb").read()
class Slow(http.server.BaseHTTPRequestHandler):
    more = 0
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:len(data) // 2])
        while not os.path.exists("bar_is_seen"):
            self.wfile.write(data[len(data) // 2:][self.more:self.more + 1])
            self.more += 1
            time.sleep(0.1)
        self.wfile.write(data[len(data) // 2 + self.more:])
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Slow)
print(server.server_address[1], flush=True)
server.serve_forever()
END
python3 slow.py >slow.port &
server=$!
wait_until grep -q . slow.port
rm -rf cache
DEBUGINFOD_URLS="http://127.0.0.1:$(<slow.port)/" \
	script -qefc "'$MPROF_TRACE' funcs --static -f hidden ./program" slow.out >/dev/null &
client=$!
# The server keeps the rest back until then.
wait_until grep -aqE '\[#+-+\] +[0-9]+ %  from debuginfod servers' slow.out
touch bar_is_seen
wait "$client" || fail "the client of the slow server failed"
grep -aq 'hidden' slow.out || fail "the slow server's file was not used"
