/* Stacks in words for tooltips; see stack_tips.h. Plot layer. */
#include "plot/stacks/stack_tips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/stacks/stack_marks.h"
#include "plot/stacks/stack_text.h"
#include "plot/text/text.h"

enum { TIP_LINES = 8, TIP_COLUMNS = 60 };

static struct error *tip_text(const struct profile *profile, const struct stack_mark *mark,
			      char **ret)
{
	const struct met_stack *met = stack_mark_culprit(mark, profile);
	char state[STACK_STATE_BYTES], memory[TEXT_FIGURE_BYTES];
	char *brief = NULL;

	*ret = NULL;
	struct error *err = stack_brief(profile, met->frame, TIP_LINES, TIP_COLUMNS, &brief);
	if (err != NULL)
		return err;
	stack_state_text(profile, met, state);
	text_format_memory(memory, mark->mib);
	if (asprintf(ret, "peak of %s: thread %s%s%s", memory, state,
		     brief[0] != '\0' ? ", in\n" : "", brief) < 0) {
		*ret = NULL;
		err = error_no_memory();
	}
	free(brief);
	return err;
}

struct error *stack_tips_init(struct stack_tips *tips, const struct profile *profile)
{
	struct stack_marks marks;

	*tips = (struct stack_tips){ 0 };
	if (profile->stacks.met_count == 0)
		return NULL;
	struct error *err = stack_marks_init(&marks, profile);
	if (err == NULL) {
		tips->tips = calloc(marks.count + 1, sizeof(*tips->tips));
		if (tips->tips == NULL)
			err = error_no_memory();
	}
	for (size_t i = 0; err == NULL && i < marks.count && i < STACK_TIPS_MAX; i++) {
		struct stack_tip *tip = &tips->tips[i];
		*tip = (struct stack_tip){
			.since_ns = marks.marks[i].at_ns - profile->zero_ns,
			.process = marks.marks[i].process,
		};
		err = tip_text(profile, &marks.marks[i], &tip->text);
		if (err == NULL)
			tips->count++;
	}
	stack_marks_deinit(&marks);
	if (err != NULL)
		stack_tips_deinit(tips);
	return err;
}

void stack_tips_deinit(struct stack_tips *tips)
{
	for (size_t i = 0; i < tips->count; i++)
		free(tips->tips[i].text);
	free(tips->tips);
	*tips = (struct stack_tips){ 0 };
}

const struct stack_tip *stack_tips_find(const struct stack_tips *tips, int32_t process,
					int64_t since_ns)
{
	size_t low = 0, high = tips->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct stack_tip *tip = &tips->tips[middle];
		if (tip->process < process ||
		    (tip->process == process && tip->since_ns <= since_ns))
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && tips->tips[low - 1].process == process ? &tips->tips[low - 1] : NULL;
}

char *stack_tip_of_call(const struct profile *profile, const struct profile_call *call)
{
	const struct met_stack *met =
		profile_stacks_entry(&profile->stacks, call->process, call->tid, call->in_ns);
	char *brief = NULL, *text = NULL;

	/* Its own function is named already. */
	int32_t frame =
		met == NULL || met->frame < 0 ? -1 : profile->stacks.frames[met->frame].outer;
	if (frame < 0)
		return strdup("");
	struct error *err = stack_brief(profile, frame, TIP_LINES, TIP_COLUMNS, &brief);
	if (err == NULL && asprintf(&text, "called in\n%s", brief) < 0)
		text = NULL;
	error_free(err);
	free(brief);
	return text;
}
