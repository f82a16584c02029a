/* The words of the legend; see plot_legend.h. Plot layer. */
#include "plot/model/plot_legend.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/model/palette.h"
#include "plot/model/plot_curves.h"
#include "plot/profile/metric_label.h"
#include "plot/profile/profile_children.h"
#include "plot/text/text.h"
#include "tracer/base/array.h"

char *legend_format(const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	int length = vasprintf(&text, format, args);
	va_end(args);
	return length < 0 ? NULL : text;
}

struct error *legend_add(struct plot_model *model, const struct plot_legend_entry *entry)
{
	struct error *err = NULL;

	if (entry->name == NULL || entry->detail == NULL)
		err = error_no_memory();
	else
		err = array_reserve(&model->legend, &model->legend_capacity,
				    model->legend_count + 1, sizeof(*model->legend));
	if (err != NULL) {
		free(entry->name);
		free(entry->detail);
		free(entry->brief_detail);
		return err;
	}
	model->legend[model->legend_count++] = *entry;
	return NULL;
}

/* Without a key: words that stand for nothing that is drawn. */
static struct error *add_note(struct plot_model *model, char *name)
{
	return legend_add(model, &(struct plot_legend_entry){
					 .key = PLOT_KEY_NONE,
					 .color = COLOR_TEXT,
					 .name = name,
					 .detail = strdup(""),
				 });
}

char *legend_peak_detail(const struct plot_model *model, const struct profile *profile,
			 const struct plot_curve *curve)
{
	char memory[TEXT_FIGURE_BYTES], slope[TEXT_FIGURE_BYTES] = "";
	bool is_exact;

	text_format_memory(memory, plot_curve_peak_mib(model, profile, curve, &is_exact));
	if (curve->trend.is_shown)
		text_format_slope(slope, curve->trend.mib_per_s,
				  (curve->points[curve->count - 1].x - curve->points[0].x) *
					  model->x.per_unit);
	return legend_format("  peak %s%s%s", memory, slope[0] != '\0' ? "  slope " : "", slope);
}

/* The main one's is that of the command line, where the file says no better. NULL: without memory. */
static char *program_name(const struct profile *profile, size_t process)
{
	const char *command = profile->processes[process].command;

	if (command != NULL)
		return text_program_name(command);
	if (process == 0 && profile->command_line != NULL)
		return text_program_of_line(profile->command_line);
	return strdup("");
}

char *legend_process_name(const struct profile *profile, size_t process)
{
	int32_t pid = profile->processes[process].pid;
	bool is_sum = profile->is_tree && process == 0;
	char *program = program_name(profile, process), *name;

	if (program == NULL)
		return NULL;
	bool has_program = program[0] != '\0';
	if (pid == PROFILE_PID_SUMMED)
		name = strdup(profile->processes[process].command);
	else if (process > 0)
		name = legend_format("child %" PRId32 "%s%s%s", pid, has_program ? " (" : "",
				     program, has_program ? ")" : "");
	else if (pid == 0)
		name = legend_format("%s%s", has_program ? program : "memory",
				     is_sum ? " and its children" : "");
	else
		name = legend_format("%s%spid %" PRId32 "%s", program, has_program ? ", " : "", pid,
				     is_sum ? " and its children" : "");
	free(program);
	return name;
}

static const char *base_name(const char *path)
{
	const char *name = basename(path);

	return name[0] != '\0' ? name : path;
}

char *legend_file_name(const struct profile *profiles, size_t count, size_t index)
{
	const char *path = profiles[index].path, *name = base_name(path);

	for (size_t i = 0; i < count; i++) {
		if (i != index && strcmp(base_name(profiles[i].path), name) == 0)
			name = path;
	}
	return text_clean(name, strlen(name));
}

struct error *legend_add_curve(struct plot_model *model, const struct profile *profile,
			       const struct plot_curve *curve)
{
	struct error *err =
		legend_add(model, &(struct plot_legend_entry){
					  .key = curve->is_child ? PLOT_KEY_CHILD : PLOT_KEY_MAIN,
					  .color = curve->color,
					  .dash = curve->dash,
					  .name = strdup(curve->name),
					  .detail = legend_peak_detail(model, profile, curve),
				  });

	if (err == NULL && !curve->is_child && metric_repeats_shared(profile))
		err = add_note(model, strdup("shared pages count once for each process"));
	return err;
}

/* What a layer had at the time of the stack that is nearest to @time_ns. */
static double layer_mib(const struct part_stack *stack, const struct part_layer *layer,
			int64_t time_ns)
{
	size_t near = 0;

	for (size_t i = 1; i < stack->count; i++) {
		if (llabs(stack->time_ns[i] - time_ns) < llabs(stack->time_ns[near] - time_ns))
			near = i;
	}
	return layer->mib[near];
}

struct error *legend_add_stack(struct plot_model *model, const struct profile *profile)
{
	const struct part_stack *stack = &model->stack;
	const int64_t peak_ns =
		profile->zero_ns + llround(model->curves[0].peak.x * model->x.per_unit);
	struct error *err = NULL;

	if (stack->count == 0 || stack->layer_count == 0)
		return NULL;
	err = add_note(model, strdup("at the peak:"));
	for (size_t i = stack->layer_count; err == NULL && i-- > 0;) {
		char memory[TEXT_FIGURE_BYTES];
		text_format_memory(memory, layer_mib(stack, &stack->layers[i], peak_ns));
		err = legend_add(model, &(struct plot_legend_entry){
						.key = PLOT_KEY_AREA,
						.color = palette_layer(i),
						.dash = (int)i,
						.name = strdup(stack->layers[i].title),
						.detail = legend_format("  %s", memory),
					});
	}
	return err;
}

struct error *legend_add_limit(struct plot_model *model, enum companion kind,
			       const struct plot_limit *limit)
{
	char memory[TEXT_FIGURE_BYTES];

	text_format_memory(memory, limit->y);
	return legend_add(model, &(struct plot_legend_entry){
					 .key = PLOT_KEY_LIMIT,
					 .color = COLOR_TEXT,
					 .dash = limit->dash,
					 .name = strdup(companion_traits(kind)->title),
					 .detail = legend_format("  %s", memory),
				 });
}

/* NULL: it has an end, or is of a program that writes none. */
static const char *endless_words(const struct profile *profile)
{
	if (profile->has_end || !profile->has_format)
		return NULL;
	return profile->is_recent ? "still recording" : "the recording broke off";
}

struct error *legend_add_file(struct plot_model *model, const struct profile *profile,
			      const struct plot_curve *curve, bool names_metric)
{
	char metric[METRIC_LABEL_BYTES] = "", start[TEXT_DATE_BYTES];
	const char *endless = endless_words(profile);

	/* The date is of the name: when there is no room for both, figures matter more. */
	text_format_date(start, profile->first_ns);
	if (names_metric)
		metric_label(profile, metric);
	return legend_add(model, &(struct plot_legend_entry){
					 .key = PLOT_KEY_MAIN,
					 .color = curve->color,
					 .dash = curve->dash,
					 .name = legend_format("%s%s%s%s%s%s%s", curve->name,
							       metric[0] != '\0' ? ", " : "",
							       metric, start[0] != '\0' ? ", " : "",
							       start, endless != NULL ? ", " : "",
							       endless != NULL ? endless : ""),
					 .detail = legend_peak_detail(model, profile, curve),
				 });
}

/* "2 calls", "150 k calls (4 drawn)". Inherited ones are those of the parent, which counts them. Owned. */
static char *calls_text(const struct function_totals *totals, size_t drawn_count)
{
	char count[TEXT_FIGURE_BYTES], drawn[48] = "", inherited[48] = "";

	text_format_count(count, (double)totals->calls);
	if (drawn_count > 0 && drawn_count < totals->calls)
		snprintf(drawn, sizeof(drawn), " (%zu drawn)", drawn_count);
	if (totals->inherited_calls > 0)
		snprintf(inherited, sizeof(inherited), "%s%" PRIu64 " inherited",
			 totals->calls > 0 ? ", " : "", totals->inherited_calls);
	if (totals->calls == 0)
		return strdup(inherited);
	return legend_format("%s call%s%s%s", count, totals->calls == 1 ? "" : "s", drawn,
			     inherited);
}

/* "  2 calls  +160.1 MiB  3.93 s". Owned. */
static char *function_detail(const struct function_totals *totals, size_t drawn_count)
{
	char total[TEXT_FIGURE_BYTES], gained[TEXT_FIGURE_BYTES], open[48] = "";
	char *calls = calls_text(totals, drawn_count), *detail;

	if (calls == NULL)
		return NULL;
	text_format_duration(total, totals->total_ns);
	text_format_memory(gained, fabs(totals->net_mib));
	if (totals->open_calls == 1 && totals->calls == 1)
		snprintf(open, sizeof(open), "  still open");
	else if (totals->open_calls > 0)
		snprintf(open, sizeof(open), "  %" PRIu64 " still open", totals->open_calls);
	if (totals->calls > 0)
		detail = legend_format("  %s  %s%s  %s%s", calls, text_sign(totals->net_mib),
				       gained, total, open);
	else
		detail = legend_format("  %s", calls);
	free(calls);
	return detail;
}

struct error *legend_add_function(struct plot_model *model, const struct profile_function *function,
				  const struct function_totals *totals, size_t drawn_count,
				  int color, int form)
{
	return legend_add(model, &(struct plot_legend_entry){
					 .key = PLOT_KEY_BRACKET,
					 .color = color,
					 .dash = form,
					 .name = strdup(function->name),
					 .detail = function_detail(totals, drawn_count),
					 .brief_detail = function_detail(totals, 0),
				 });
}

static bool is_function(const struct plot_legend_entry *entry)
{
	return entry->key == PLOT_KEY_BRACKET || entry->key == PLOT_KEY_BAR;
}

struct error *legend_find_briefs(struct plot_model *model)
{
	const char **names = calloc(model->legend_count + 1, sizeof(*names));
	struct text_brief *briefs = NULL;
	size_t count = 0, next = 0;

	if (names == NULL)
		return error_no_memory();
	for (size_t i = 0; i < model->legend_count; i++) {
		if (is_function(&model->legend[i]))
			names[count++] = model->legend[i].name;
	}
	struct error *err = text_briefs_create(names, count, &briefs);
	for (size_t i = 0; err == NULL && i < model->legend_count; i++) {
		if (!is_function(&model->legend[i]))
			continue;
		model->legend[i].brief = briefs[next];
		briefs[next++].text = NULL; /* it is the entry's now */
	}
	if (err == NULL)
		text_briefs_free(briefs, count);
	free(names);
	return err;
}

struct error *legend_add_held(struct plot_model *model, uint64_t count)
{
	bool is_drawn = false;

	for (size_t i = 0; i < model->bracket_count; i++)
		is_drawn = is_drawn || model->brackets[i].is_held;
	return legend_add(model, &(struct plot_legend_entry){
					 .key = is_drawn ? PLOT_KEY_HELD : PLOT_KEY_NONE,
					 .color = COLOR_TEXT,
					 .name = strdup("memory held: the last known"),
					 .detail = legend_format("  %" PRIu64 " call%s", count,
								 count == 1 ? "" : "s"),
				 });
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
	char time[AXIS_LABEL_BYTES];
	struct error *err = NULL;
	size_t count = 0;

	for (size_t i = 0; err == NULL && i < profile->left_count; i++) {
		const struct left_function *left = &profile->left[i];
		/* Of those of one name the last counts. */
		if (profile->first_ns > profile->last_ns || !is_shown(profile, left->name) ||
		    profile_find_left(profile, left->name) != left || ++count > LEFT_ROWS)
			continue;
		axis_format_time(&model->x, left->at_ns - profile->zero_ns, time);
		err = add_note(model, legend_format("not recorded after %s: %s", time, left->name));
	}
	if (err == NULL && count > LEFT_ROWS)
		err = legend_add_more(model, count - LEFT_ROWS, "not recorded to the end");
	return err;
}

struct error *legend_add_endless(struct plot_model *model, const struct profile *profile)
{
	const char *words = endless_words(profile);

	return words != NULL ? add_note(model, strdup(words)) : NULL;
}

struct error *legend_add_marker(struct plot_model *model, const struct marker *marker, int color)
{
	return legend_add(model, &(struct plot_legend_entry){
					 .key = PLOT_KEY_TICK,
					 .color = color,
					 .name = strdup(marker->name),
					 .detail = legend_format("  %zu time%s", marker->count,
								 marker->count == 1 ? "" : "s"),
				 });
}

struct error *legend_add_more(struct plot_model *model, size_t count, const char *what)
{
	return add_note(model, legend_format("\xe2\x80\xa6 and %zu more %s", count, what));
}
