/* Judges conditions; see verdict.h. Plot layer. */
#include "plot/compare/verdict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { STATUS_BROKEN = 1, STATUS_NOT_JUDGED = 125 };

/* One condition, and the pairs that it is judged by. */
struct judging {
	const struct condition *condition;
	const struct figure_pair *pairs;
	size_t count;
	bool is_exact; /* the pairs are the one that has the very name: patterns are not asked */
};

double verdict_slack(enum quantity quantity)
{
	/* Pages and moments are not the same from run to run; calls are. */
	return quantity == QUANTITY_MEMORY ? 1 : quantity == QUANTITY_TIME ? 10e6 : 0;
}

static enum subject_kind kind_of(const struct condition *condition)
{
	return figure_traits(condition->figure)->kind;
}

static bool judging_wants(const struct judging *judging, enum subject_kind kind, const char *name)
{
	if (kind != kind_of(judging->condition))
		return false;
	return kind == SUBJECT_RUN || judging->is_exact ||
	       condition_wants(judging->condition, name);
}

/* A budget may have a line for each of very many functions: what has its name is not searched for. */
static void narrow_to_name(struct judging *judging)
{
	const struct condition *condition = judging->condition;
	const struct figure_pair *exact =
		condition->name == NULL ? NULL
					: figure_pairs_find(judging->pairs, judging->count,
							    kind_of(condition), condition->name);

	judging->is_exact = exact != NULL;
	if (exact == NULL)
		return;
	judging->pairs = exact;
	judging->count = 1;
}

static bool run_has_wanted(const struct judging *judging, const struct figures *run)
{
	const struct condition *condition = judging->condition;

	if (judging->is_exact)
		return figures_find(run, kind_of(condition), condition->name) != NULL;
	for (size_t i = 0; i < run->count; i++) {
		if (judging_wants(judging, run->subjects[i].kind, run->subjects[i].name))
			return true;
	}
	return false;
}

static struct error *set_reason(struct verdict *verdict, const char *what, const char *path)
{
	verdict->status = VERDICT_UNKNOWN;
	if (asprintf(&verdict->reason, what, path) >= 0)
		return NULL;
	verdict->reason = NULL;
	return error_no_memory();
}

/* Of a run in which nothing is meant the verdict says so, and is decided. */
static struct error *check_runs(const struct judging *judging, const struct figure_group *group,
				struct verdict *verdict)
{
	bool is_function = kind_of(judging->condition) == SUBJECT_FUNCTION;

	for (size_t i = 0; group != NULL && verdict->reason == NULL && i < group->run_count; i++) {
		const struct figures *run = &group->runs[i];
		if (run_has_wanted(judging, run))
			continue;
		const char *what = judging->condition->name == NULL
					   ? "no function is recorded in %s"
				   : is_function ? "no function of %s matches"
						 : "no program of %s matches";
		struct error *err = set_reason(verdict, what, run->path);
		if (err != NULL)
			return err;
	}
	return NULL;
}

static double measure(const struct condition *condition, double before, double after)
{
	switch (condition->kind) {
	case AMOUNT_VALUE:
		return after;
	case AMOUNT_CHANGE:
		return after - before;
	case AMOUNT_PERCENT:
		return figure_percent(before, after);
	}
	return NAN;
}

static const char *why_not_known(enum figure figure)
{
	switch (figure) {
	case FIGURE_SLOPE:
	case FIGURE_TREE_SLOPE:
		return "the main process has too few samples";
	case FIGURE_PEAK:
	case FIGURE_PROCESS_PEAK:
		return "there are no samples of it alone";
	default:
		return "not known";
	}
}

static bool is_partial(const struct figure_pair *pair)
{
	return (pair->before != NULL && pair->before->is_partial) ||
	       (pair->after != NULL && pair->after->is_partial);
}

static bool is_far_below(const struct condition *condition, double value)
{
	enum quantity quantity = figure_traits(condition->figure)->quantity;
	double missing = condition->amount - value;

	/* That memory grows slowly is no achievement that a limit had to follow. */
	return condition->band_percent < 100 && condition->kind == AMOUNT_VALUE &&
	       condition_is_upward(condition) && quantity != QUANTITY_RATE &&
	       missing > fabs(condition->amount) * condition->band_percent / 100 &&
	       missing > verdict_slack(quantity);
}

/* Goes over all that are meant; the one that comes off worst is the verdict's. */
static struct error *judge_pairs(const struct judging *judging, struct verdict *verdict)
{
	const struct condition *condition = judging->condition;
	bool is_upward = condition_is_upward(condition), any_partial = false;
	size_t broken = 0;

	for (size_t i = 0; i < judging->count; i++) {
		const struct figure_pair *pair = &judging->pairs[i];
		if (!judging_wants(judging, pair->kind, pair->name))
			continue;
		double before = group_subject_value(pair->before, condition->figure);
		double after = group_subject_value(pair->after, condition->figure);
		double measured = measure(condition, before, after);
		any_partial = any_partial || is_partial(pair);
		if (isnan(measured))
			continue;
		broken += condition_holds(condition, measured);
		if (!isnan(verdict->measured) &&
		    (is_upward ? measured <= verdict->measured : measured >= verdict->measured))
			continue;
		verdict->name = pair->kind == SUBJECT_RUN ? NULL : pair->name;
		verdict->before = before;
		verdict->after = after;
		verdict->measured = measured;
	}
	if (broken > 0) {
		verdict->status = VERDICT_BROKEN;
		verdict->others = broken - 1;
		return NULL;
	}
	if (isnan(verdict->measured))
		return set_reason(verdict, "%s", why_not_known(condition->figure));
	if (any_partial)
		return set_reason(verdict, "%s", "its recording was given up (--max-overhead)");
	if (is_far_below(condition, verdict->measured))
		verdict->status = VERDICT_FAR_BELOW;
	return NULL;
}

static struct error *judge(struct judging judging, const struct figure_group *before,
			   const struct figure_group *after, struct verdict *verdict)
{
	*verdict = (struct verdict){
		.condition = judging.condition, .before = NAN, .after = NAN, .measured = NAN
	};
	narrow_to_name(&judging);
	struct error *err = check_runs(&judging, before, verdict);
	if (err == NULL)
		err = check_runs(&judging, after, verdict);
	return err != NULL || verdict->reason != NULL ? err : judge_pairs(&judging, verdict);
}

struct error *verdicts_init(struct verdicts *verdicts, const struct conditions *conditions,
			    const struct figure_group *before, const struct figure_group *after)
{
	struct figure_pair *pairs = NULL;
	size_t count = 0;

	*verdicts = (struct verdicts){ calloc(conditions->count + 1, sizeof(*verdicts->list)), 0 };
	if (verdicts->list == NULL)
		return error_no_memory();
	struct error *err = figure_pairs_create(before, after, &pairs, &count);
	for (size_t i = 0; err == NULL && i < conditions->count; i++) {
		const struct judging judging = {
			.condition = &conditions->list[i],
			.pairs = pairs,
			.count = count,
		};
		err = judge(judging, before, after, &verdicts->list[verdicts->count++]);
	}
	free(pairs);
	if (err != NULL)
		verdicts_deinit(verdicts);
	return err;
}

void verdicts_deinit(struct verdicts *verdicts)
{
	for (size_t i = 0; i < verdicts->count; i++)
		free(verdicts->list[i].reason);
	free(verdicts->list);
	*verdicts = (struct verdicts){ 0 };
}

size_t verdicts_count(const struct verdicts *verdicts, enum verdict_status status)
{
	size_t count = 0;

	for (size_t i = 0; i < verdicts->count; i++)
		count += verdicts->list[i].status == status;
	return count;
}

int verdicts_exit_status(const struct verdicts *verdicts)
{
	if (verdicts_count(verdicts, VERDICT_BROKEN) + verdicts_count(verdicts, VERDICT_FAR_BELOW) >
	    0)
		return STATUS_BROKEN;
	return verdicts_count(verdicts, VERDICT_UNKNOWN) > 0 ? STATUS_NOT_JUDGED : 0;
}
