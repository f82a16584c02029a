/* Unit tests of plot/profile_reader: what a profile holds, and what damage does to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plot/profile/profile_peak.h"
#include "plot/records/profile_reader.h"
#include "plot/totals/function_peak.h"
#include "tests/unit/scratch_file.h"

static struct error *read_bytes(struct profile *profile, const char *text, size_t bytes)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, bytes, file), bytes);
	assert_int_equal(fclose(file), 0);
	return profile_read(profile, path);
}

static void read_text(struct profile *profile, const char *text)
{
	struct error *err = read_bytes(profile, text, strlen(text));
	if (err != NULL)
		fail_msg("%s", error_message(err));
}

static const int64_t S = 1000000000;

static void test_whole_profile(void **state)
{
	(void)state;
	struct profile p;
	read_text(&p, "CMDLINE ./a.out 'x y' \xc3\xa9\n"
		      "FORMAT 1 mprof-trace 0.1.0\n"
		      "METRIC rss\n"
		      "INTERVAL 0.1\n"
		      "PROC 100 1 1795310486.000000000 ./a.out 'x y'\n"
		      "MEM 1.500000 1795310486.000000001\n"
		      "PROC 101 100 1795310486.5 sh -c cc1\n"
		      "EXEC 101 1795310486.6 /usr/lib/cc1 -quiet\n"
		      "CHLD 101 3.25 1795310486.7\n"
		      "FUNC f(int,\xc2\xa0int) 1.5 1795310486.1 2.5 1795310486.2 0 100 100\n"
		      "FUNC g 3 1795310486.7 3.5 1795310486.75 1 101 102 unwound\n"
		      "MANY f(int,\xc2\xa0int) 100 1795310486.2 1795310486.3 70 0.05 0.0001 "
		      "0.004 -0.5 2.75\n"
		      "MISS no_such* nearest:\xc2\xa0such nothing like it\n"
		      "LEFT f(int,\xc2\xa0int) 1795310486.3 70\n"
		      "LEFT f(int,\xc2\xa0int) 1795310486.3 71\n"
		      "PEAK 100 2.0 1795310487\n"
		      "PEAK 100 9.0 1795310488\n"
		      "LATER something of version 9\n"
		      "MEM 2 1795310488\n"
		      "DONE 101 1795310487.5 139\n");
	assert_int_equal(p.damaged_lines, 0);
	assert_string_equal(p.command_line, "./a.out 'x y' \xc3\xa9");
	assert_string_equal(p.metric, "rss");
	assert_false(p.is_tree);
	assert_int_equal(p.interval_ns, S / 10);
	assert_int_equal(p.process_count, 2);
	assert_int_equal(p.processes[0].pid, 100);
	assert_int_equal(p.processes[0].series.count, 2);
	assert_int_equal(p.processes[0].series.time_ns[0], 1795310486 * S + 1);
	assert_true(p.processes[0].series.mib[0] == 1.5);
	assert_true(p.processes[0].exact_peak_mib == 9);
	assert_string_equal(p.processes[1].command, "/usr/lib/cc1 -quiet");
	assert_int_equal(p.processes[1].parent_pid, 100);
	assert_int_equal(p.processes[1].status, 139);
	assert_int_equal(p.function_count, 2);
	assert_string_equal(p.functions[0].name, "f(int, int)");
	assert_int_equal(p.functions[0].call_count, 1);
	assert_int_equal(p.functions[0].calls[0].how, CALL_RETURNED);
	assert_int_equal(p.functions[0].condensed_count, 1);
	assert_int_equal(p.functions[0].condensed[0].count, 70);
	assert_int_equal(p.functions[0].condensed[0].longest_ns, 4000000);
	assert_true(p.functions[0].condensed[0].mib_gained == -0.5);
	assert_int_equal(p.functions[1].calls[0].process, 1);
	assert_int_equal(p.functions[1].calls[0].tid, 102);
	assert_int_equal(p.functions[1].calls[0].how, CALL_UNWOUND);
	assert_int_equal(p.missed_count, 1);
	assert_string_equal(p.missed[0].pattern, "no_such*");
	assert_int_equal(profile_find_left(&p, "f(int, int)")->at_ns, 1795310486 * S + 3 * S / 10);
	assert_int_equal(profile_find_left(&p, "f(int, int)")->calls, 71); /* the last one counts */
	assert_null(profile_find_left(&p, "g"));
	assert_int_equal(p.first_ns, 1795310486 * S + 1);
	assert_int_equal(p.last_ns, 1795310488 * S);
	assert_ptr_equal(profile_find_function(&p, "f(int, int)"), &p.functions[0]);
	assert_ptr_equal(profile_find_function(&p, "f(int,\xc2\xa0int)"), &p.functions[0]);
	assert_null(profile_find_function(&p, "h"));
	profile_deinit(&p);
}

/* What memory_profiler 0.61 writes: 4 decimals, no pid, floats as Python prints them. */
static void test_mprof_file(void **state)
{
	(void)state;
	struct profile p;
	read_text(&p, "CMDLINE python3 x.py\n"
		      "FUNC __main__.inner 79.0977 1795310486.1924 79.0977 1795310486.6267 1\n"
		      "FUNC __main__.old 1e-05 1795310486.1 1E+2 1.7953104862e9\n"
		      "MEM 142.722656 1795310487.7790\n"
		      "CHLD 8642 30.738281 1795310487.7850\n");
	assert_int_equal(p.damaged_lines, 0);
	assert_int_equal(p.functions[0].calls[0].in_ns, 1795310486192400000);
	assert_int_equal(p.functions[0].calls[0].level, 1);
	assert_int_equal(p.functions[0].calls[0].tid, 0);
	assert_true(p.functions[1].calls[0].mib_in == 1e-05);
	assert_true(p.functions[1].calls[0].mib_out == 100);
	assert_int_equal(p.functions[1].calls[0].out_ns, 1795310486200000000);
	assert_int_equal(p.functions[1].calls[0].level, -1);
	assert_true(p.processes[0].series.mib[0] == 142.722656);
	assert_int_equal(p.processes[1].pid, 8642);
	profile_deinit(&p);
}

static void test_open_calls(void **state)
{
	(void)state;
	struct profile p;
	read_text(&p, "PROC 7 1 1 x\nMEM 1 1\n"
		      "OPEN f 1 1.5 0 7 7\nOPEN f 1 1.5 0 7 8\nOPEN g 1 1.25 0 7 7\n"
		      "FUNC f 1 1.5 2 1.75 0 7 7\n"
		      "OPEN g 1 1.25 0 7 7\n"
		      "MEM 4 3\n");
	assert_int_equal(p.damaged_lines, 0);
	assert_int_equal(p.functions[0].call_count, 2);
	assert_int_equal(p.functions[0].calls[0].how, CALL_RETURNED);
	assert_int_equal(p.functions[0].calls[1].how, CALL_OPEN);
	assert_int_equal(p.functions[0].calls[1].tid, 8);
	assert_int_equal(p.functions[0].calls[1].out_ns, 3 * S);
	assert_int_equal(p.functions[1].call_count, 1);
	assert_int_equal(p.functions[1].calls[0].how, CALL_OPEN);
	profile_deinit(&p);
}

/* Each damaged line stands between two good samples, which stay. */
static void test_damaged_lines(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		size_t bytes; /* 0: a string */
		const char *damage;
	} cases[] = {
		{ "", 0, "blank" },
		{ " ", 0, "not a record" },
		{ "MEM", 0, "a field is missing, no number, or out of range" },
		{ "MEM 1", 0, "a field is missing, no number, or out of range" },
		{ "MEM nan 2", 0, "a field is missing, no number, or out of range" },
		{ "MEM inf 2", 0, "a field is missing, no number, or out of range" },
		{ "MEM 1 NaN", 0, "a field is missing, no number, or out of range" },
		{ "MEM 1e400 2", 0, "a field is missing, no number, or out of range" },
		{ "MEM 1 99999999999999999999", 0,
		  "a field is missing, no number, or out of range" },
		{ "MEM 1 1e19", 0, "a field is missing, no number, or out of range" },
		{ "MEM 1.2.3 2", 0, "a field is missing, no number, or out of range" },
		{ "MEM 12 2x", 0, "a field is missing, no number, or out of range" },
		{ "MEM . 2", 0, "a field is missing, no number, or out of range" },
		{ "MEM 1e 2", 0, "a field is missing, no number, or out of range" },
		{ "MEM -1 2", 0, "negative memory" },
		{ "MEM 1 0.5", 0, "time goes back" },
		{ "CHLD 5", 0, "a field is missing, no number, or out of range" },
		{ "CHLD -5 1 1", 0, "a field is missing, no number, or out of range" },
		{ "CHLD 99999999999 1 1", 0, "a field is missing, no number, or out of range" },
		{ "FUNC f", 0, "a field is missing, no number, or out of range" },
		{ "FUNC f 1 2 1 1.5 0", 0, "a call ends before it starts" },
		{ "FUNC two words 1 2 1 3 0", 0, "a field is missing, no number, or out of range" },
		{ "FUNC f\xff 1 2 1 3 0 1 1", 0, "not UTF-8" },
		{ "MANY f 1 3 2 1 1 1 1 1 1", 0, "a window ends before it starts" },
		{ "MANY f 1 1 2 -1 1 1 1 1 1", 0,
		  "a field is missing, no number, or out of range" },
		{ "PROC x 1 1 a", 0, "a field is missing, no number, or out of range" },
		{ "DONE 1", 0, "a field is missing, no number, or out of range" },
		{ "PEAK 1 -3 1", 0, "a field is missing, no number, or out of range" },
		{ "CMDLINE a\xc3", 0, "not UTF-8" },
		{ "oneword", 0, "not a record" },
		{ "\xff\xfe garbage", 0, "not a record" },
		{ "M\0EM 1 2", 8, "not a record" },
		{ "MEM 1\0 2", 8, "a field is missing, no number, or out of range" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[256];
		size_t bytes = cases[i].bytes > 0 ? cases[i].bytes : strlen(cases[i].line);
		struct profile p;
		memcpy(text, "MEM 5 1\n", 8);
		memcpy(text + 8, cases[i].line, bytes);
		memcpy(text + 8 + bytes, "\nMEM 6 4\n", 9);
		struct error *err = read_bytes(&p, text, 17 + bytes);
		if (err != NULL)
			fail_msg("%s: %s", cases[i].line, error_message(err));
		if (p.damaged_lines != 1 || strcmp(p.first_damage, cases[i].damage) != 0)
			fail_msg("'%s': %zu damaged, %s", cases[i].line, p.damaged_lines,
				 p.damaged_lines > 0 ? p.first_damage : "-");
		assert_int_equal(p.first_damaged_line, 2);
		assert_int_equal(p.processes[0].series.count, 2);
		assert_true(p.processes[0].series.mib[1] == 6);
		profile_deinit(&p);
	}
}

static void test_cut_last_line(void **state)
{
	(void)state;
	struct profile p;
	read_text(&p, "MEM 5 1\nMEM 6 2.5\nMEM 7 3");
	assert_int_equal(p.damaged_lines, 1);
	assert_int_equal(p.first_damaged_line, 3);
	assert_int_equal(p.processes[0].series.count, 2);
	profile_deinit(&p);
}

/* A time far in the future is the damage, not all the good lines after it. */
static void test_leap_does_not_hide_what_follows(void **state)
{
	(void)state;
	struct profile p;
	read_text(&p, "MEM 1 1000\nMEM 2 1001\nMEM 3 9000000000\nMEM 4 1002\nMEM 5 1003\n");
	assert_int_equal(p.damaged_lines, 1);
	assert_int_equal(p.processes[0].series.count, 4);
	assert_int_equal(p.last_ns, 1003 * S);
	profile_deinit(&p);
}

static void test_line_longer_than_a_block(void **state)
{
	(void)state;
	enum { LONG = 3 << 20 };
	char *text = malloc(LONG + 64);
	struct profile p;
	assert_non_null(text);
	memcpy(text, "MEM 5 1\nCMDLINE ", 16);
	memset(text + 16, 'x', LONG);
	memcpy(text + 16 + LONG, "\nMEM 6 2\n", 9);
	assert_null(read_bytes(&p, text, 16 + LONG + 9));
	assert_int_equal(p.damaged_lines, 1);
	assert_string_equal(p.first_damage, "too long");
	assert_int_equal(p.processes[0].series.count, 2);
	profile_deinit(&p);
	free(text);
}

/* Lines that lie across the reader's blocks, in more than one of them. */
static void test_many_blocks(void **state)
{
	(void)state;
	enum { LINES = 200000 };
	FILE *file = fopen(path, "w");
	struct profile p;
	for (int i = 0; i < LINES; i++)
		fprintf(file, "MEM %d.%06d %d.%09d\n", i % 977, i % 1000, 1795310486 + i / 10,
			i % 10 * 100000000);
	assert_int_equal(fclose(file), 0);
	assert_null(profile_read(&p, path));
	assert_int_equal(p.damaged_lines, 0);
	assert_int_equal(p.processes[0].series.count, LINES);
	for (int i = 0; i < LINES; i++) {
		assert_int_equal(p.processes[0].series.time_ns[i],
				 (1795310486 + i / 10) * S + i % 10 * 100000000);
		assert_true(p.processes[0].series.mib[i] == i % 977 + i % 1000 / 1e6);
	}
	profile_deinit(&p);
}

static void assert_fails(const char *file, enum error_code code, const char *part)
{
	struct profile p;
	struct error *err = profile_read(&p, file);
	assert_non_null(err);
	assert_int_equal(error_code(err), code);
	if (strstr(error_message(err), part) == NULL)
		fail_msg("'%s' lacks '%s'", error_message(err), part);
	error_free(err);
}

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void test_what_is_no_profile(void **state)
{
	(void)state;
	write_file("");
	assert_fails(path, ERR_FORMAT, "is empty");
	assert_false(profile_is_profile(path));
	write_file("Dear reader,\nMISS you\n\nPS no MEM here\n");
	assert_false(profile_is_profile(path));
	assert_fails(path, ERR_FORMAT, "no memory sample");
	write_file("\x7f"
		   "ELF and so on\n");
	assert_fails(path, ERR_FORMAT, "not a profile");
	assert_false(profile_is_profile(path));
	write_file("CMDLINE ./a\n");
	assert_fails(path, ERR_FORMAT, "no memory sample");
	assert_true(profile_is_profile(path));
	write_file("MEM 1 2\n");
	assert_true(profile_is_profile(path));
	write_file("FUNC f 1 2 3 4 0\n");
	assert_true(profile_is_profile(path));
	assert_fails("/tmp", ERR_FAILED, "is a directory");
	assert_fails("/nonexistent/x.dat", ERR_FAILED, "No such file");
	assert_false(profile_is_profile("/tmp"));
	assert_false(profile_is_profile("/dev/null"));
}

/* The command line of a program with a megabyte of arguments, which is the first line, is none. */
static void test_command_line_longer_than_a_block(void **state)
{
	(void)state;
	enum { LONG = 3 << 20 };
	char *text = malloc(LONG + 64);
	struct profile p;
	assert_non_null(text);
	memcpy(text, "CMDLINE x ", 10);
	memset(text + 10, 'y', LONG);
	memcpy(text + 10 + LONG, "\nMEM 6 2\n", 9);
	assert_null(read_bytes(&p, text, 10 + LONG + 9));
	assert_int_equal(p.damaged_lines, 0);
	assert_memory_equal(p.command_line, "x yyy", 5);
	assert_int_equal(p.processes[0].series.count, 1);
	profile_deinit(&p);
	text[10 + LONG] = '\0';
	write_file(text);
	assert_true(profile_is_profile(path));
	memset(text, 'y', LONG);
	write_file(text);
	assert_false(profile_is_profile(path));
	assert_fails(path, ERR_FORMAT, "not a profile");
	free(text);
}

static void test_function_peak(void **state)
{
	(void)state;
	struct profile p;
	struct series_peaks peaks = { 0 };
	/* f: an outer call over samples 2 to 4, one without a sample; g: condensed only. */
	read_text(&p, "PROC 1 0 0 x\nMEM 9 1\nMEM 2 2\nMEM 5 3\nMEM 4 4\nMEM 8 5\n"
		      "FUNC f 3 2.1 3 2.2 1 1 1\nFUNC f 1 2 1 4 0 1 1\nFUNC f 6 4.1 7 4.2 0 1 1\n"
		      "MANY g 1 1 2 5 1 0 1 0 3.5\n");
	assert_null(series_peaks_build(&peaks, &p.processes[0].series));
	assert_true(function_peak_mib(&p, 0, &peaks, profile_find_function(&p, "f")) == 7);
	assert_true(function_peak_mib(&p, 0, &peaks, profile_find_function(&p, "g")) == 3.5);
	profile_deinit(&p);
	read_text(&p, "MEM 9 1\nMEM 2 2\nMEM 5 3\nMEM 4 4\nFUNC f 1 1.5 1 4 0\n");
	assert_null(series_peaks_build(&peaks, &p.processes[0].series));
	assert_true(function_peak_mib(&p, 0, &peaks, &p.functions[0]) == 5);
	series_peaks_deinit(&peaks);
	profile_deinit(&p);
}

static void test_exact_peak(void **state)
{
	(void)state;
	struct profile p;
	bool exact;
	read_text(&p, "METRIC rss\nPROC 1 0 0 x\nMEM 9 1\nPEAK 1 9.5 2\n");
	assert_true(profile_peak_mib(&p, 0, 9, &exact) == 9.5 && exact);
	/* killed: the last image's mark is missing, and samples have been higher */
	assert_true(profile_peak_mib(&p, 0, 12, &exact) == 12 && !exact);
	profile_deinit(&p);
	read_text(&p, "METRIC pss\nPROC 1 0 0 x\nMEM 9 1\nPEAK 1 20 2\n");
	assert_true(profile_peak_mib(&p, 0, 9, &exact) == 9 && !exact);
	profile_deinit(&p);
	read_text(&p, "METRIC vms\nPROC 1 0 0 x\nMEM 9 1\nPEAK 1 20 2\n");
	assert_true(profile_peak_mib(&p, 0, 9, &exact) == 20 && exact);
	profile_deinit(&p);
	read_text(&p, "METRIC rss tree\nPROC 1 0 0 x\nMEM 9 1\nPEAK 1 9.5 2\n");
	assert_true(p.is_tree);
	/* All had no less than one of them, whenever that was. */
	assert_true(profile_peak_mib(&p, 0, 9, &exact) == 9.5 && !exact);
	profile_deinit(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_profile),
		cmocka_unit_test(test_mprof_file),
		cmocka_unit_test(test_open_calls),
		cmocka_unit_test(test_damaged_lines),
		cmocka_unit_test(test_cut_last_line),
		cmocka_unit_test(test_leap_does_not_hide_what_follows),
		cmocka_unit_test(test_line_longer_than_a_block),
		cmocka_unit_test(test_command_line_longer_than_a_block),
		cmocka_unit_test(test_many_blocks),
		cmocka_unit_test(test_what_is_no_profile),
		cmocka_unit_test(test_function_peak),
		cmocka_unit_test(test_exact_peak),
	};
	return cmocka_run_group_tests_name("profile_reader", tests, make_file, remove_file);
}
