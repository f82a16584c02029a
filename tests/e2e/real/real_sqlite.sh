#!/bin/sh
# sqlite3, unmodified: functions of a shared library; each call is in the file.
# asserts: unharmed target
# timeout: 300
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command sqlite3 gdb
export RUN_INPUT=work.sql

# write_work ROWS: a table of that many rows, read back one step a row.
write_work() {
	cat >work.sql <<-END
		CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
			INSERT INTO t SELECT i, hex(i * 7919) FROM n;
		SELECT * FROM t;
		SELECT count(*), sum(a), max(b) FROM t;
		SELECT no_such_column FROM t;
	END
}

record() {
	run_as plain sqlite3 :memory:
	run_as traced "$MPROF_TRACE" run -q -f sqlite3_step,sqlite3_prepare_v2 -o "$1" sqlite3 :memory:
	same_as_untraced traced || fail "sqlite3 behaves in another way"
	well_formed "$1"
}

write_work 300
record small.dat
for function in sqlite3_step sqlite3_prepare_v2; do
	recorded=$(count_calls small.dat "$function")
	counted=$(gdb_count "$function" sqlite3 :memory:)
	[ -n "$counted" ] || skip "gdb cannot count $function here"
	[ "$recorded" -eq "$counted" ] || fail "$recorded calls of $function recorded, gdb counts $counted"
done

# The same statements over more rows: a step more for each row.
write_work 20300
record large.dat
steps=$(($(count_calls large.dat sqlite3_step) - $(count_calls small.dat sqlite3_step)))
[ "$steps" -eq 20000 ] || fail "$steps more steps for 20000 more rows"
