/*
 * Fuzzes the reader of profiles and what is made of one without PLplot: the model, its layout, an SVG's
 * tooltips, the tables of lines, stacks, growth and parts (libFuzzer, with ASan and UBSan). Built by tests/fuzz/build.sh.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plot/totals/function_peak.h"
#include "plot/layout/plot_layout.h"
#include "plot/lines/line_table.h"
#include "plot/model/plot_build.h"
#include "plot/parts/beside.h"
#include "plot/parts/part_list.h"
#include "plot/parts/part_stack.h"
#include "plot/profile/profile_filter.h"
#include "plot/records/profile_reader.h"
#include "plot/plplot/svg_tips.h"
#include "plot/stacks/growth_tree.h"
#include "plot/stacks/peak_table.h"
#include "plot/stacks/stack_tips.h"
#include "plot/stacks/stack_weights.h"
#include "tests/fuzz/require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

/* What is true of any profile, however damaged its file. */
static void check_profile(const struct profile *profile)
{
	require(profile->process_count > 0);
	for (size_t i = 0; i < profile->process_count; i++) {
		const struct series *series = &profile->processes[i].series;
		for (size_t k = 1; k < series->count; k++)
			require(series->time_ns[k] >= series->time_ns[k - 1]);
	}
	for (size_t i = 0; i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		for (size_t k = 0; k < function->call_count; k++) {
			const struct profile_call *call = &function->calls[k];
			require(call->out_ns >= call->in_ns && call->process >= 0 &&
				(size_t)call->process < profile->process_count);
		}
	}
}

static void lay_out(const struct plot_model *model, unsigned choice)
{
	static const char svg[] = "<svg></svg>";
	const struct plot_page pages[] = { { 0 }, { .width = 320, .height = 240 } };
	struct plot_layout layout;
	char *text = NULL;
	size_t text_bytes = 0;

	struct error *err = plot_layout_init(&layout, model, &pages[choice & 1]);
	require(err == NULL);
	FILE *out = open_memstream(&text, &text_bytes);
	require(out != NULL);
	err = svg_add_tips(out, svg, sizeof(svg) - 1, model, &layout);
	require(err == NULL);
	fclose(out);
	free(text);
	for (size_t i = 0; i < model->bracket_count; i++)
		require(layout.brackets[i].x >= layout.left &&
			layout.brackets[i].x <= layout.right);
	plot_layout_deinit(&layout);
}

/* Whatever files it names. */
static void print_lines(const struct profile *profile, unsigned choice)
{
	struct source_store *sources;
	char *text = NULL;
	size_t text_bytes = 0;

	struct error *err = source_store_create(NULL, 0, &sources);
	require(err == NULL);
	const struct line_table table = { .profile = profile,
					  .sources = sources,
					  .precision = choice & 3 };
	FILE *out = open_memstream(&text, &text_bytes);
	require(out != NULL);
	err = choice & 4 ? line_table_write_json(&table, out, "text")
			 : line_table_print(&table, out, "text");
	require(err == NULL);
	fclose(out);
	free(text);
	source_store_destroy(sources);
}

static void print_stacks(const struct profile *profile, FILE *out, size_t width)
{
	struct growth_totals totals;
	struct stack_weights weights;
	struct stack_tips tips = { 0 };
	bool is_any;

	require(peak_table_write(profile, width, out, &is_any) == NULL);
	require(growth_totals_init(&totals, profile) == NULL);
	require(growth_tree_write(&totals, profile, width, out) == NULL);
	growth_totals_deinit(&totals);
	require(stack_weights_create_grown(profile, &weights) == NULL);
	stack_weights_deinit(&weights);
	require(stack_tips_init(&tips, profile) == NULL);
	stack_tips_deinit(&tips);
}

static void use_parts(const struct profile *profile)
{
	const struct part_stack_limits limits = { 0, INT64_C(4000000000) * 1000000000, 100, 8 };
	struct part_stack stack;
	struct part_list list;
	struct beside *beside;
	size_t count;

	require(part_stack_init(&stack, profile, 0, &limits) == NULL);
	part_stack_deinit(&stack);
	require(part_list_init(&list, profile, 0, INT64_C(3000000000)) == NULL);
	free(part_list_format(&list, 5));
	part_list_deinit(&list);
	require(beside_create(profile, 0, limits.to_ns, &beside, &count) == NULL);
	for (size_t i = 0; i < count; i++) {
		char words[BESIDE_TEXT_BYTES];
		beside_format_name(&beside[i], words);
		beside_format_figures(&beside[i], words);
	}
	free(beside);
}

static void use_profile(struct profile *profile, unsigned choice)
{
	struct plot_options options = {
		.flame = choice & 2,
		.slope = choice & 4,
		.has_window = choice & 8,
		.window_start_ns = 0,
		.window_end_ns = 2000000000,
		.columns = 100,
	};
	struct plot_model model;
	struct series_peaks peaks = { 0 };

	struct error *err = series_peaks_build(&peaks, &profile->processes[0].series);
	for (size_t i = 0; err == NULL && i < profile->function_count && i < 4; i++)
		function_peak_mib(profile, 0, &peaks, &profile->functions[i]);
	series_peaks_deinit(&peaks);
	error_free(err);
	FILE *nowhere = fopen("/dev/null", "w");
	require(nowhere != NULL);
	print_stacks(profile, nowhere, choice & 8 ? 80 : 0);
	fclose(nowhere);
	use_parts(profile);
	err = plot_build(&model, profile, 1, &options);
	if (err == NULL) {
		lay_out(&model, choice);
		plot_model_deinit(&model);
	}
	error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static int fd = -1; /* one file for all inputs */
	static char path[64];
	struct profile profile;

	if (bytes == 0)
		return 0;
	if (fd < 0) {
		fd = memfd_create("profile", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	/* The first byte chooses what is done with the profile that the others are. */
	unsigned choice = data[0];
	require(ftruncate(fd, 0) == 0 &&
		pwrite(fd, data + 1, bytes - 1, 0) == (ssize_t)(bytes - 1));
	const struct series_range range = { choice & 32 ? 1000000000 : INT64_MIN,
					    choice & 32 ? 5000000000 : INT64_MAX, 64 };
	const struct profile_reading reading = { .range = choice & 16 ? &range : NULL };
	struct error *err = profile_read_with(&profile, path, &reading);
	if (err == NULL) {
		if (choice & 64)
			profile_keep_processes(&profile, (int32_t[]){ 101, 102 }, 2);
		check_profile(&profile);
		print_lines(&profile, choice);
		/* The reader alone is many times faster. */
		if (choice < 128)
			use_profile(&profile, choice);
		profile_deinit(&profile);
	}
	error_free(err);
	return 0;
}
