/* Stacks in words; see stack_text.h. Plot layer. */
#include "plot/stacks/stack_text.h"

#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"
#include "plot/text/text_columns.h"

void stack_state_text(const struct profile *profile, const struct met_stack *met,
		      char ret[static STACK_STATE_BYTES])
{
	const char *detail = met->detail < 0 ? "" : profile->stacks.names[met->detail];
	char grown[TEXT_FIGURE_BYTES];

	switch (met->state) {
	case STACK_GREW:
		text_format_memory(grown, met->grown_mib);
		snprintf(ret, STACK_STATE_BYTES, "got %s", grown);
		break;
	case STACK_ASLEEP:
		snprintf(ret, STACK_STATE_BYTES, "asleep in %.120s",
			 detail[0] != '\0' ? detail : "a system call");
		break;
	case STACK_STOPPED:
		snprintf(ret, STACK_STATE_BYTES, "stopped at a probe");
		break;
	default:
		snprintf(ret, STACK_STATE_BYTES, "running");
	}
}

static struct error *write_frame(const struct profile *profile, const struct profile_frame *frame,
				 const char *indent, size_t width, FILE *out)
{
	const char *name = profile->stacks.names[frame->name];
	const char *module = profile->stacks.names[frame->module];
	const size_t taken = strlen(indent) + text_columns(module) + strlen("  (, inlined)");
	char *shown = width == 0 ? strdup(name)
				 : text_fit_name(name, width > taken + 16 ? width - taken : 16);

	if (shown == NULL)
		return error_no_memory();
	fprintf(out, "%s%s", indent, shown);
	if (strcmp(module, "-") != 0)
		fprintf(out, "  (%s%s)", module, frame->is_inlined ? ", inlined" : "");
	putc('\n', out);
	free(shown);
	return NULL;
}

struct error *stack_write(const struct profile *profile, int32_t frame, const char *indent,
			  size_t width, FILE *out)
{
	struct error *err = NULL;

	for (; err == NULL && frame >= 0; frame = profile->stacks.frames[frame].outer)
		err = write_frame(profile, &profile->stacks.frames[frame], indent, width, out);
	return err;
}

struct error *stack_brief(const struct profile *profile, int32_t frame, size_t lines,
			  size_t columns, char **ret)
{
	size_t bytes, written = 0, more = 0;
	struct error *err = NULL;

	FILE *out = open_memstream(ret, &bytes);
	if (out == NULL)
		return error_no_memory();
	for (; err == NULL && frame >= 0; frame = profile->stacks.frames[frame].outer) {
		const struct profile_frame *it = &profile->stacks.frames[frame];
		if (written == lines) {
			more++;
			continue;
		}
		char *name = text_fit_name(profile->stacks.names[it->name], columns);
		if (name == NULL)
			err = error_no_memory();
		fprintf(out, "%s%s", written++ > 0 ? "\n" : "", name != NULL ? name : "");
		free(name);
	}
	if (more > 0)
		fprintf(out, "\n\xe2\x80\xa6 %zu more", more);
	if (fclose(out) != 0 && err == NULL)
		err = error_no_memory();
	if (err != NULL) {
		free(*ret);
		*ret = NULL;
	}
	return err;
}
