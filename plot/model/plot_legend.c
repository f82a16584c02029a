/* The words of the legend; see plot_legend.h. Plot layer. */
#include "plot/model/plot_legend.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/model/palette.h"
#include "plot/model/plot_curves.h"
#include "plot/profile/metric_label.h"
#include "plot/profile/profile_children.h"
#include "plot/profile/profile_peak.h"
#include "plot/text/text.h"
#include "tracer/base/array.h"

/* Takes @name and @detail, also when it fails; NULL is lack of memory. */
static struct error *legend_add(struct plot_model *model, enum plot_key key, int color, char *name,
				char *detail)
{
	struct error *err = NULL;

	if (name == NULL || detail == NULL)
		err = error_no_memory();
	else
		err = array_reserve(&model->legend, &model->legend_capacity,
				    model->legend_count + 1, sizeof(*model->legend));
	if (err != NULL) {
		free(name);
		free(detail);
		return err;
	}
	model->legend[model->legend_count++] =
		(struct plot_legend_entry){ key, color, 0, name, detail };
	return NULL;
}

/* asprintf whose result is NULL on failure. */
static char *PRINTF_LIKE(1, 2) format_text(const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	int length = vasprintf(&text, format, args);
	va_end(args);
	return length < 0 ? NULL : text;
}

static double process_peak_mib(const struct profile *profile, size_t process, bool *ret_exact)
{
	return profile_peak_mib(profile, process, profile->processes[process].highest_mib,
				ret_exact);
}

/* "  (peak 40.0 MiB)", and the slope of the process's curve where it has one. */
static char *format_peak(const struct plot_model *model, const struct profile *profile,
			 size_t index, size_t process)
{
	const struct plot_curve *curve = plot_model_find_curve(model, index, process);
	char memory[TEXT_FIGURE_BYTES], slope[64] = "";
	bool is_exact;

	text_format_memory(memory, process_peak_mib(profile, process, &is_exact));
	if (curve != NULL && curve->trend.is_shown)
		snprintf(slope, sizeof(slope), "  slope %+.4g MiB/s", curve->trend.mib_per_s);
	return format_text("  (%s %s)%s", is_exact ? "kernel's peak" : "peak", memory, slope);
}

/* "RSS, pid 4711", or "memory" when the file says neither. */
static char *format_series_name(const struct profile *profile)
{
	char metric[METRIC_LABEL_BYTES];
	int32_t pid = profile->processes[0].pid;

	metric_label(profile, metric);
	if (metric[0] == '\0')
		strcpy(metric, "memory");
	if (pid == 0)
		return format_text("%s", metric);
	return format_text("%s, pid %" PRId32 "%s", metric, pid,
			   profile->is_tree ? " and its children" : "");
}

struct error *legend_add_main(struct plot_model *model, const struct profile *profile)
{
	struct error *err =
		legend_add(model, PLOT_KEY_MAIN, COLOR_MAIN, format_series_name(profile),
			   format_peak(model, profile, 0, 0));
	if (err == NULL && metric_repeats_shared(profile))
		err = legend_add(model, PLOT_KEY_NONE, COLOR_TEXT,
				 strdup("shared pages count once for each process"), strdup(""));
	return err;
}

struct error *legend_add_file(struct plot_model *model, const struct profile *profile, size_t index,
			      const struct legend_file *file)
{
	size_t children = 0;
	for (size_t i = 1; file->counts_children && i < profile->process_count; i++)
		children += profile->processes[i].highest_ns != PROFILE_TIME_UNKNOWN;
	char metric[METRIC_LABEL_BYTES] = "", start[TEXT_DATE_BYTES], child_text[48] = "",
	     *name = NULL, *detail = NULL;
	char *path = text_clean(profile->path, strlen(profile->path));
	char *peak = format_peak(model, profile, index, 0);

	/* The date is of the name: when there is no room for both, figures matter more. */
	text_format_date(start, profile->first_ns);
	if (file->names_metric)
		metric_label(profile, metric);
	if (path != NULL)
		name = format_text("%s%s%s%s%s", metric, metric[0] != '\0' ? " of " : "", path,
				   start[0] != '\0' ? ", " : "", start);
	if (children > 0)
		snprintf(child_text, sizeof(child_text), "  %zu child%s", children,
			 children == 1 ? "" : "ren");
	if (peak != NULL)
		detail = format_text("%s%s", peak, child_text);
	free(path);
	free(peak);
	struct error *err = legend_add(model, PLOT_KEY_MAIN, file->color, name, detail);
	const struct plot_curve *curve = plot_model_find_curve(model, index, 0);
	if (err == NULL && curve != NULL)
		model->legend[model->legend_count - 1].dash = curve->dash;
	return err;
}

/* The last part of the path of the command's first word: "/usr/lib/gcc/cc1 -quiet x.c" is "cc1". */
static char *command_short_name(const char *command)
{
	char quote = command[0] == '\'' || command[0] == '"' ? command[0] : ' ';
	const char *start = quote == ' ' ? command : command + 1;
	const char *end = strchr(start, quote);
	size_t bytes = end != NULL ? (size_t)(end - start) : strlen(start);
	const char *slash = memrchr(start, '/', bytes);

	if (slash != NULL && slash + 1 < start + bytes) {
		bytes -= (size_t)(slash + 1 - start);
		start = slash + 1;
	}
	return strndup(start, bytes);
}

struct error *legend_add_child(struct plot_model *model, const struct profile *profile,
			       size_t index, size_t process)
{
	const struct profile_process *child = &profile->processes[process];
	const struct plot_curve *curve = plot_model_find_curve(model, index, process);
	int color = curve != NULL ? curve->color : palette_cycle(process - 1);
	char *name;

	if (child->pid == PROFILE_PID_SUMMED) {
		name = format_text("%s", child->command);
	} else if (child->command != NULL) {
		char *command = command_short_name(child->command);
		name = command == NULL ? NULL
				       : format_text("child %" PRId32 " (%s)", child->pid, command);
		free(command);
	} else {
		name = format_text("child %" PRId32, child->pid);
	}
	struct error *err = legend_add(model, PLOT_KEY_CHILD, color, name,
				       format_peak(model, profile, index, process));
	if (err == NULL && curve != NULL)
		model->legend[model->legend_count - 1].dash = curve->dash;
	return err;
}

struct error *legend_add_function(struct plot_model *model, const struct profile_function *function,
				  const struct call_summary *summary, size_t drawn_count, int color)
{
	char total[TEXT_FIGURE_BYTES], longest[TEXT_FIGURE_BYTES], open[48] = "";
	char *detail;

	text_format_duration(total, summary->total_ns);
	text_format_duration(longest, summary->longest_ns);
	if (summary->open_count == 1 && summary->count == 1)
		snprintf(open, sizeof(open), "  still open");
	else if (summary->open_count > 0)
		snprintf(open, sizeof(open), "  %" PRIu64 " still open", summary->open_count);
	if (summary->count == 1)
		detail = format_text("  %s%s", total, open);
	else if (summary->count == 0) /* what is left was counted in the parent of a fork */
		detail = format_text("  begun before the fork  %s", total);
	else if (drawn_count < summary->count && drawn_count > 0)
		/* Condensed calls are not there to be drawn, whether they were longer or not. */
		detail = format_text("  %s%zu of %" PRIu64 " drawn  %s  longest %s%s",
				     function->condensed_count > 0 ? "" : "longest ", drawn_count,
				     summary->count, total, longest, open);
	else
		detail = format_text("  %" PRIu64 " calls  %s  longest %s%s", summary->count, total,
				     longest, open);
	return legend_add(model, PLOT_KEY_BRACKET, color, strdup(function->name), detail);
}

struct error *legend_add_held(struct plot_model *model, uint64_t count)
{
	bool is_drawn = false;

	for (size_t i = 0; i < model->bracket_count; i++)
		is_drawn = is_drawn || model->brackets[i].is_held;
	return legend_add(model, is_drawn ? PLOT_KEY_HELD : PLOT_KEY_NONE, COLOR_TEXT,
			  strdup("memory held: the last known"),
			  format_text("  %" PRIu64 " call%s", count, count == 1 ? "" : "s"));
}

/* Whether anything of that name is drawn. */
static bool is_shown(const struct profile *profile, const char *name)
{
	const struct profile_function *function = profile_find_function(profile, name);

	if (function != NULL && !function->is_hidden)
		return true;
	for (size_t i = 0; i < profile->marker_count; i++) {
		if (strcmp(profile->markers[i].name, name) == 0)
			return !profile->markers[i].is_hidden;
	}
	return false;
}

struct error *legend_add_left(struct plot_model *model, const struct profile *profile)
{
	enum { LEFT_ROWS = 3 };
	char time[TEXT_FIGURE_BYTES];
	struct error *err = NULL;
	size_t count = 0;

	for (size_t i = 0; err == NULL && i < profile->left_count; i++) {
		const struct left_function *left = &profile->left[i];
		/* Of those of one name the last counts. */
		if (profile->first_ns > profile->last_ns || !is_shown(profile, left->name) ||
		    profile_find_left(profile, left->name) != left || ++count > LEFT_ROWS)
			continue;
		text_format_duration(time, left->at_ns - profile->first_ns);
		err = legend_add(model, PLOT_KEY_NONE, COLOR_TEXT,
				 format_text("not recorded after %s: %s", time, left->name),
				 strdup(""));
	}
	if (err == NULL && count > LEFT_ROWS)
		err = legend_add_more(model, count - LEFT_ROWS, "not recorded to the end");
	return err;
}

struct error *legend_add_marker(struct plot_model *model, const struct marker *marker, int color)
{
	return legend_add(
		model, PLOT_KEY_TICK, color, strdup(marker->name),
		format_text("  %zu time%s", marker->count, marker->count == 1 ? "" : "s"));
}

struct error *legend_add_more(struct plot_model *model, size_t count, const char *what)
{
	return legend_add(model, PLOT_KEY_NONE, COLOR_TEXT,
			  format_text("\xe2\x80\xa6 and %zu more %s", count, what), strdup(""));
}

struct error *legend_add_peak(struct plot_model *model, double peak_mib, bool is_exact,
			      int64_t at_ns)
{
	char memory[TEXT_FIGURE_BYTES], time[TEXT_FIGURE_BYTES];

	text_format_memory(memory, peak_mib);
	text_format_duration(time, at_ns);
	/* The kernel's mark has no time; the vertical line is the highest sample's. */
	return legend_add(model, PLOT_KEY_PEAK, COLOR_PEAK,
			  format_text(is_exact ? "peak %s, highest sample at %s" : "peak %s at %s",
				      memory, time),
			  strdup(""));
}

struct error *legend_add_child_peak(struct plot_model *model, const struct profile_process *child,
				    double peak_mib, int64_t zero_ns)
{
	char memory[TEXT_FIGURE_BYTES], time[TEXT_FIGURE_BYTES];

	text_format_memory(memory, peak_mib);
	text_format_duration(time, child->highest_ns - zero_ns);
	return legend_add(
		model, PLOT_KEY_CHILD_PEAK, COLOR_PEAK,
		format_text("highest child %" PRId32 ", %s at %s", child->pid, memory, time),
		strdup(""));
}
