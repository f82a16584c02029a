#!/bin/sh
# nginx with two workers under ab, reloaded in the middle: no request fails, each request is a call,
# each worker has its line.
# asserts: unharmed target
# timeout: 600
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command nginx ab curl python3
# Nobody's: below those that the kernel gives to clients, and listened to by no other test's server.
port=$(python3 - $$ <<-'END'
	import socket, sys
	for port in range(20000 + int(sys.argv[1]) % 10000, 32000):
	    try: socket.create_server(("127.0.0.1", port)).close()
	    except OSError: continue
	    print(port)
	    break
END
)
[ -n "$port" ] || skip "no port is free"
requests=600
mkdir -p html logs
chmod 755 . html
seq 1 2000 >html/page
cat >nginx.conf <<-END
	daemon off; worker_processes 2; pid $PWD/nginx.pid; error_log $PWD/logs/error.log notice;
	user root;
	events { worker_connections 200; }
	http {
		access_log off; client_body_temp_path $PWD/body; proxy_temp_path $PWD/proxy;
		fastcgi_temp_path $PWD/fastcgi; uwsgi_temp_path $PWD/uwsgi; scgi_temp_path $PWD/scgi;
		server { listen 127.0.0.1:$port; location / { root $PWD/html; } }
	}
END
[ "$(id -u)" -eq 0 ] || sed -i '/^user root/d' nginx.conf

# has_started WORKERS: so many in all, as the log tells.
has_started() {
	[ "$(grep -c 'start worker process ' logs/error.log)" -ge "$1" ]
}

# $1: the label; the others run nginx, whose words follow.
serve() {
	label=$1
	shift
	: >logs/error.log
	"$@" nginx -p "$PWD" -c "$PWD/nginx.conf" >"$label.out" 2>"$label.err" &
	server=$!
	wait_until curl -sf -o page "http://127.0.0.1:$port/page"
	cmp -s page html/page || fail "$label: the page is another one"
	for part in before after; do
		ab -n "$requests" -c 10 "http://127.0.0.1:$port/page" >"$label.$part" 2>&1 ||
			{ tail -n 5 "$label.$part"; fail "$label: ab failed"; }
		grep -q '^Failed requests: *0$' "$label.$part" || fail "$label: a request failed"
		grep -q "^Complete requests: *$requests\$" "$label.$part" || fail "$label: not all were answered"
		grep -q '^Non-2xx' "$label.$part" && fail "$label: an answer is an error"
		[ "$part" = after ] || kill -HUP "$(cat nginx.pid)"
	done
	# Told to end before it has seen the other signal, it would start no other workers.
	wait_until has_started 4
	kill -QUIT "$(cat nginx.pid)"
	run_result=0
	wait "$server" || run_result=$?
	[ "$run_result" -eq 0 ] || { cat "$label.err"; fail "$label: status $run_result"; }
}

serve plain env
serve watched "$MPROF_TRACE" run -q -T 0.02 -o watched.dat
serve probed "$MPROF_TRACE" run -q -T 0.02 -o probed.dat \
	-f 'ngx_http_process_request,ngx_http_process_request_header,ngx_http_finalize_request,ngx_master_process_cycle'

for name in watched probed; do
	well_formed $name.dat
	[ "$(grep -c '^PROC' $name.dat)" -eq 5 ] || fail "$name: not a master and twice two workers"
	[ "$(grep -c '^DONE.* 0$' $name.dat)" -eq 5 ] || fail "$name: not five ends with status 0"
	[ "$(awk '$1 == "CHLD" { print $2 }' $name.dat | sort -u | wc -l)" -eq 4 ] ||
		fail "$name: not a line for each worker"
	"$MPROF_TRACE" plot -o $name.png $name.dat >/dev/null || fail "$name: no plot"
done
calls=$(count_calls probed.dat ngx_http_process_request)
# curl asks until the server is there, so once or more.
[ "$calls" -gt $((2 * requests)) ] || fail "$calls calls for $((2 * requests)) requests and curl's"
[ "$calls" -lt $((2 * requests + 20)) ] || fail "$calls calls for $((2 * requests)) requests"
