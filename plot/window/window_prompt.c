/* The line at a window's foot: news, and the path to save to; see window_prompt.h. Plot layer. */
#include "plot/window/window_prompt.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plot/plplot/plot_output.h"

void window_say(struct window *window, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(window->message, sizeof(window->message), format, args);
	va_end(args);
	window->needs_showing = true;
}

void window_prompt_start(struct window *window)
{
	window->is_prompting = true;
	window->is_sure = false;
	window->is_proposal = true;
	snprintf(window->prompt, sizeof(window->prompt), "%s", window->source->save_as);
}

/* To be saved when all detail is there. */
static void finish_prompt(struct window *window)
{
	struct error *err = plot_output_check_path(window->prompt);

	if (err != NULL) {
		window_say(window, "%s", error_message(err));
		error_free(err);
	} else if (!window->is_sure && access(window->prompt, F_OK) == 0) {
		window->is_sure = true;
		window_say(window, "%s exists: Enter again replaces it", window->prompt);
	} else {
		window->is_prompting = false;
		window->wants_saving = true;
	}
}

void window_prompt_edit(struct window *window, const struct window_event *event)
{
	size_t length = strlen(window->prompt);

	switch (event->key) {
	case WINDOW_KEY_ENTER:
		finish_prompt(window);
		return;
	case WINDOW_KEY_ESCAPE:
		window->is_prompting = false;
		return;
	case WINDOW_KEY_BACKSPACE:
		while (length > 0 && ((unsigned char)window->prompt[length - 1] & 0xc0) == 0x80)
			length--;
		window->prompt[length > 0 ? length - 1 : 0] = '\0';
		break;
	case WINDOW_KEY_TEXT:
		if (window->is_proposal)
			length = 0;
		window->prompt[length] = '\0';
		if (event->has_control && event->text[0] == 'u')
			window->prompt[0] = '\0';
		else if (!event->has_control &&
			 length + strlen(event->text) < sizeof(window->prompt))
			strcat(window->prompt, event->text);
		break;
	default:
		return;
	}
	window->is_proposal = window->is_sure = false;
}
