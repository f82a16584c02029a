/* Unit tests of plot/follow: a file that grows is, at each length, what profile_read has of it. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "plot/follow/call_fold.h"
#include "plot/follow/profile_copy.h"
#include "plot/follow/profile_follow.h"
#include "plot/records/profile_reader.h"
#include "plot/totals/function_totals.h"
#include "tests/unit/scratch_file.h"

static const struct follow_limits wide = { 1 << 16, 1 << 16 };

static void succeeds(struct error *err)
{
	if (err != NULL)
		fail_msg("%s", error_message(err));
}

static void append(const char *text, size_t bytes, int flags)
{
	int fd = open(path, O_WRONLY | O_APPEND | flags);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, bytes), bytes);
	close(fd);
}

static void write_anew(const char *text)
{
	append(text, strlen(text), O_TRUNC);
}

static void append_text(const char *text)
{
	append(text, strlen(text), 0);
}

static bool read_more(struct profile_follow *follow)
{
	bool changed;

	succeeds(profile_follow_read(follow, &changed));
	return changed;
}

static void same_text(const char *one, const char *other)
{
	assert_int_equal(one == NULL, other == NULL);
	if (one != NULL)
		assert_string_equal(one, other);
}

static void same_processes(const struct profile *one, const struct profile *other)
{
	assert_int_equal(one->process_count, other->process_count);
	for (size_t i = 0; i < one->process_count; i++) {
		const struct profile_process *p = &one->processes[i], *q = &other->processes[i];
		assert_int_equal(p->pid, q->pid);
		assert_int_equal(p->start_ns, q->start_ns);
		assert_int_equal(p->end_ns, q->end_ns);
		assert_int_equal(p->status, q->status);
		assert_true(p->exact_peak_mib == q->exact_peak_mib);
		assert_true(p->highest_mib == q->highest_mib);
		assert_int_equal(p->highest_ns, q->highest_ns);
		same_text(p->command, q->command);
		assert_int_equal(p->series.count, q->series.count);
		for (size_t k = 0; k < p->series.count; k++) {
			assert_int_equal(p->series.time_ns[k], q->series.time_ns[k]);
			assert_true(p->series.mib[k] == q->series.mib[k]);
		}
	}
}

static void same_call(const struct profile_call *one, const struct profile_call *other)
{
	assert_int_equal(one->in_ns, other->in_ns);
	assert_int_equal(one->out_ns, other->out_ns);
	assert_true(one->mib_in == other->mib_in && one->mib_out == other->mib_out);
	assert_int_equal(one->process, other->process);
	assert_int_equal(one->tid, other->tid);
	assert_int_equal(one->how, other->how);
}

static void same_pool(const struct text_pool *one, const struct text_pool *other)
{
	assert_int_equal(one->count, other->count);
	for (size_t i = 0; i < one->count; i++)
		assert_string_equal(one->items[i].text, other->items[i].text);
}

static void same_lines(const struct line_book *one, const struct line_book *other)
{
	same_pool(&one->names, &other->names);
	same_pool(&one->sources, &other->sources);
	assert_int_equal(one->count, other->count);
	for (size_t i = 0; i < one->count; i++) {
		const struct line_block *a = &one->blocks[i], *b = &other->blocks[i];
		assert_int_equal(a->name, b->name);
		assert_int_equal(a->process, b->process);
		assert_int_equal(a->has_function, b->has_function);
		assert_int_equal(a->function.calls, b->function.calls);
		assert_int_equal(a->count, b->count);
		for (size_t k = 0; k < a->count; k++) {
			const struct line_figures *line = &a->lines[k];
			assert_int_equal(line->source, b->lines[k].source);
			assert_int_equal(line->line, b->lines[k].line);
			assert_int_equal(line->count, b->lines[k].count);
			assert_true(line->gained_mib == b->lines[k].gained_mib);
			same_text(line_book_text(one, line->source, line->line),
				  line_book_text(other, line->source, line->line));
		}
	}
}

/* What a copy holds can be found, and more can be put in without touching the original. */
static void takes_lines(struct line_book *copy, const struct line_book *original)
{
	size_t found;

	if (original->count == 0)
		return;
	const struct line_block *block = &original->blocks[0];
	const size_t count = block->count;
	const char *name = original->names.items[block->name].text;
	succeeds(line_book_need_block(copy, block->process, name, &found));
	assert_int_equal(found, 0);
	if (count > 0)
		succeeds(line_block_put(&copy->blocks[0], &block->lines[0]));
	assert_int_equal(copy->blocks[0].count, count);
	succeeds(line_block_put(&copy->blocks[0], &(struct line_figures){ .line = 12345 }));
	assert_int_equal(copy->blocks[0].count, count + 1);
	assert_int_equal(block->count, count);
}

static void same_profile(const struct profile *one, const struct profile *other)
{
	same_processes(one, other);
	same_lines(&one->lines, &other->lines);
	same_text(one->command_line, other->command_line);
	same_text(one->metric, other->metric);
	assert_int_equal(one->rank.rank, other->rank.rank);
	same_text(one->rank.job, other->rank.job);
	same_text(one->rank.node, other->rank.node);
	assert_int_equal(one->first_ns, other->first_ns);
	assert_int_equal(one->last_ns, other->last_ns);
	assert_int_equal(one->zero_ns, other->zero_ns);
	assert_int_equal(one->has_end, other->has_end);
	assert_int_equal(one->missed_count, other->missed_count);
	assert_int_equal(one->left_count, other->left_count);
	assert_int_equal(one->marker_count, other->marker_count);
	assert_int_equal(one->function_count, other->function_count);
	for (size_t i = 0; i < one->function_count; i++) {
		const struct profile_function *f = &one->functions[i], *g = &other->functions[i];
		assert_string_equal(f->name, g->name);
		assert_int_equal(f->condensed_count, g->condensed_count);
		assert_int_equal(f->call_count, g->call_count);
		for (size_t k = 0; k < f->call_count; k++)
			same_call(&f->calls[k], &g->calls[k]);
	}
}

static char *read_every_kind(size_t *ret_bytes)
{
	const char *tests = getenv("TESTS"); /* as the runner sets it */
	char name[4096], *text = calloc(1, 1 << 16);

	snprintf(name, sizeof(name), "%s/records/every_kind.dat", tests != NULL ? tests : "tests");
	FILE *file = fopen(name, "r");
	assert_non_null(file);
	assert_non_null(text);
	*ret_bytes = fread(text, 1, 1 << 16, file);
	assert_true(*ret_bytes > 1000);
	fclose(file);
	return text;
}

/* In pieces of any length: lines, fields and the letters of names are cut. */
static void test_same_at_each_length(void **state)
{
	(void)state;
	size_t bytes;
	char *text = read_every_kind(&bytes);
	for (size_t step = 1; step < 400; step = step * 3 + 2) {
		struct profile_follow *follow;
		struct profile whole, copy;
		write_anew("");
		succeeds(profile_follow_open(&follow, path, &wide));
		assert_null(profile_follow_profile(follow));
		for (size_t at = 0; at < bytes; at += step) {
			append(text + at, at + step < bytes ? step : bytes - at, 0);
			read_more(follow);
			const struct profile *now = profile_follow_profile(follow);
			if (now == NULL)
				continue;
			succeeds(profile_read(&whole, path));
			same_profile(now, &whole);
			succeeds(profile_copy(now, &copy));
			same_profile(&copy, &whole);
			takes_lines(&copy.lines, &now->lines);
			profile_deinit(&copy);
			profile_deinit(&whole);
		}
		assert_true(profile_follow_profile(follow)->has_end);
		assert_true(profile_follow_profile(follow)->lines.count > 0);
		assert_false(read_more(follow));
		profile_follow_close(follow);
	}
	free(text);
}

static void test_another_recording(void **state)
{
	(void)state;
	struct profile_follow *follow;
	write_anew("CMDLINE ./one\nPROC 1 0 1795310486.1 ./one\nMEM 5 1795310486.2\n");
	succeeds(profile_follow_open(&follow, path, &wide));
	assert_true(read_more(follow));
	assert_string_equal(profile_follow_profile(follow)->command_line, "./one");
	append_text("MEM 6 17953");
	assert_false(read_more(follow));
	assert_int_equal(profile_follow_profile(follow)->processes[0].series.count, 1);

	/* In the same file, and longer than the first; then shorter. */
	write_anew("CMDLINE ./two\nPROC 1 0 1795310487.1 ./two\nMEM 5 1795310487.2\n"
		   "MEM 5 1795310487.3\nMEM 5 1795310487.4\n");
	assert_true(read_more(follow));
	assert_string_equal(profile_follow_profile(follow)->command_line, "./two");
	assert_int_equal(profile_follow_profile(follow)->processes[0].series.count, 3);
	write_anew("");
	assert_true(read_more(follow));
	assert_null(profile_follow_profile(follow));

	/* A file in its place. */
	unlink(path);
	append("CMDLINE ./three\nMEM 1 1795310488\n", 33, O_CREAT | O_EXCL);
	chmod(path, 0600);
	assert_true(read_more(follow));
	assert_string_equal(profile_follow_profile(follow)->command_line, "./three");
	unlink(path);
	assert_false(read_more(follow));
	assert_string_equal(profile_follow_profile(follow)->command_line, "./three");
	profile_follow_close(follow);
	append("", 0, O_CREAT);
	chmod(path, 0600);
}

static void test_not_a_profile(void **state)
{
	(void)state;
	struct profile_follow *follow;
	bool changed;
	write_anew("once upon a time\nthere was no profile\n");
	succeeds(profile_follow_open(&follow, path, &wide));
	struct error *err = profile_follow_read(follow, &changed);
	assert_non_null(err);
	error_free(err);
	profile_follow_close(follow);
	static const char *const nothing[] = { "/dev/null", "/", "/no/such/file" };
	for (size_t i = 0; i < 3; i++) {
		err = profile_follow_open(&follow, nothing[i], &wide);
		assert_non_null(err);
		error_free(err);
	}
}

static struct function_totals totals_of(const struct profile *profile, size_t function)
{
	struct call_nesting nesting;
	struct function_totals *all;
	succeeds(call_nesting_init(&nesting, profile));
	succeeds(function_totals_create(profile, &nesting, &all));
	struct function_totals one = all[function];
	free(all);
	call_nesting_deinit(&nesting);
	return one;
}

/* Calls that are open at each tick, and end: what is kept of them does not grow. */
static void test_many_calls(void **state)
{
	(void)state;
	static const struct follow_limits narrow = { 64, 100 };
	static const long S = 1000000000;
	struct profile_follow *follow;
	char line[512];
	long total_ns = 0;
	write_anew("PROC 7 1 1795310486.0 ./a\n");
	succeeds(profile_follow_open(&follow, path, &narrow));
	for (long i = 0; i < 3000; i++) {
		long in_ns = i * 10000000, long_ns = (i * 7919 % 1000 + 1) * 9000;
		total_ns += long_ns;
		snprintf(line, sizeof(line),
			 "OPEN f 1 %ld.%09ld 0 7 7\nMEM 2 %ld.%09ld\n"
			 "FUNC g 1 %ld.%09ld 1 %ld.%09ld 1 7 7\n"
			 "FUNC f 1 %ld.%09ld 1.5 %ld.%09ld 0 7 7\n",
			 1795310486 + in_ns / S, in_ns % S, 1795310486 + in_ns / S, in_ns % S + 1,
			 1795310486 + in_ns / S, in_ns % S, 1795310486 + in_ns / S, in_ns % S + 1,
			 1795310486 + in_ns / S, in_ns % S, 1795310486 + (in_ns + long_ns) / S,
			 (in_ns + long_ns) % S);
		append_text(line);
		assert_true(read_more(follow));
	}
	const struct profile *profile = profile_follow_profile(follow);
	assert_true(profile->processes[0].series.count <= 64);
	assert_int_equal(profile->processes[0].series.total, 3000);
	const struct profile_function *f = profile_find_function(profile, "f");
	const struct profile_function *g = profile_find_function(profile, "g");
	assert_true(f->call_count + g->call_count <= 100);
	assert_true(f->condensed_count <= 600);
	struct function_totals totals = totals_of(profile, 0);
	assert_int_equal(totals.calls, 3000);
	assert_int_equal(totals.total_ns, total_ns);
	assert_int_equal(totals.longest_ns, 9000000);
	assert_true(totals.net_mib == 1500);
	profile_follow_close(follow);
}

/* Its time is the outer call's, folded or not. */
static void test_fold_of_recursion(void **state)
{
	(void)state;
	struct profile profile;
	write_anew("PROC 7 1 100.0 ./a\nMEM 1 100\n"
		   "FUNC f 1 101.2 1 101.3 2 7 7\nFUNC f 1 101.1 2 101.4 1 7 7\n"
		   "FUNC f 1 101.0 3 102.0 0 7 7\nFUNC f 1 101.5 1 101.6 0 7 8\n"
		   "OPEN f 3 103.0 0 7 7\nFUNC f 3 103.5 4 103.75 1 7 7\nMEM 1 110\n");
	succeeds(profile_read(&profile, path));
	struct profile_function *f = &profile.functions[0];
	assert_int_equal(f->call_count, 6);
	struct function_totals before = totals_of(&profile, 0);
	assert_int_equal(before.total_ns, 8100000000);
	succeeds(profile_fold_calls(&profile, 5));
	assert_int_equal(f->call_count, 3);
	assert_int_equal(f->calls[2].how, CALL_OPEN);
	struct function_totals after = totals_of(&profile, 0);
	assert_int_equal(after.total_ns, before.total_ns);
	assert_int_equal(after.calls, before.calls);
	assert_int_equal(after.open_calls, 1);
	profile_deinit(&profile);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_at_each_length),
		cmocka_unit_test(test_another_recording),
		cmocka_unit_test(test_not_a_profile),
		cmocka_unit_test(test_many_calls),
		cmocka_unit_test(test_fold_of_recursion),
	};
	return cmocka_run_group_tests_name("profile_follow", tests, make_file, remove_file);
}
