/* What stands where on a command line of ours; see line_place.h. Cli layer. */
#include "tracer/cli/complete/line_place.h"

#include <string.h>

#include "tracer/cli/options/command_options.h"

/* Going through words as the parsers do, one option after the other. */
struct word_walk {
	const struct line_place *place;
	bool has_options;
	const struct argp_option *pending; /* the next word is its value */
	size_t value_at; /* the word before held the beginning of its value from here on; 0: it did not */
};

static bool visit_table(const struct argp_option *option, option_visitor *take, void *data)
{
	for (; option != NULL && (option->name != NULL || option->key != 0 || option->doc != NULL);
	     option++) {
		if ((option->flags & OPTION_HIDDEN) == 0 && !take(data, option))
			return false;
	}
	return true;
}

static bool visit_parser(const struct argp *argp, option_visitor *take, void *data)
{
	const struct argp_child *child = argp->children;

	if (!visit_table(argp->options, take, data))
		return false;
	for (; child != NULL && child->argp != NULL; child++) {
		if (!visit_parser(child->argp, take, data))
			return false;
	}
	return true;
}

void line_place_options(const struct line_place *place, option_visitor *take, void *data)
{
	if (place->command->argp == NULL || visit_parser(place->command->argp, take, data))
		visit_table(command_common_options, take, data);
}

/* Looking for one option by its letter or by its name, which may be cut short. */
struct option_search {
	int letter; /* 0: by name */
	const char *name;
	size_t bytes;
	const struct argp_option *found, *aliased; /* @aliased: what an alias would stand for */
};

static bool take_if_meant(void *data, const struct argp_option *option)
{
	struct option_search *search = data;

	if ((option->flags & OPTION_ALIAS) == 0)
		search->aliased = option;
	if (search->letter != 0) {
		if (option->key != search->letter)
			return true;
		search->found = search->aliased;
		return false;
	}
	if (option->name == NULL || strncmp(option->name, search->name, search->bytes) != 0)
		return true;
	search->found = search->aliased;
	return option->name[search->bytes] != '\0'; /* the whole name is better than a longer one */
}

static const struct argp_option *option_find(const struct line_place *place, int letter,
					     const char *name, size_t bytes)
{
	struct option_search search = { .letter = letter, .name = name, .bytes = bytes };

	line_place_options(place, take_if_meant, &search);
	return search.found;
}

static bool takes_value(const struct argp_option *option)
{
	return option != NULL && option->arg != NULL;
}

/* `-Cf`, `-fpar`: letters, of which the last may have a value, here or in the next word. */
static void walk_letters(struct word_walk *walk, const char *word)
{
	for (size_t i = 1; word[i] != '\0'; i++) {
		const struct argp_option *option =
			option_find(walk->place, (unsigned char)word[i], NULL, 0);
		if (!takes_value(option) || (option->flags & OPTION_ARG_OPTIONAL))
			continue;
		walk->pending = option;
		walk->value_at = word[i + 1] != '\0' ? i + 1 : 0;
		return;
	}
}

/* Takes the next word. Whether it is an operand; else walk->pending is the option whose value it holds or leaves open. */
static bool walk_word(struct word_walk *walk, const char *word)
{
	if (walk->pending != NULL && walk->value_at == 0) {
		walk->pending = NULL;
		return false;
	}
	walk->pending = NULL;
	walk->value_at = 0;
	if (!walk->has_options || word[0] != '-' || word[1] == '\0')
		return true;
	if (strcmp(word, "--") == 0) {
		walk->has_options = false;
		return false;
	}
	if (word[1] != '-') {
		walk_letters(walk, word);
		return false;
	}
	size_t bytes = strcspn(word + 2, "=");
	const struct argp_option *option = option_find(walk->place, 0, word + 2, bytes);
	bool has_value = word[2 + bytes] == '=';
	if (!takes_value(option) || (!has_value && (option->flags & OPTION_ARG_OPTIONAL)))
		return false;
	walk->pending = option;
	walk->value_at = has_value ? 2 + bytes + 1 : 0;
	return false;
}

static unsigned operands_of(const struct argp *argp)
{
	const char *usage = argp != NULL && argp->args_doc != NULL ? argp->args_doc : "";
	unsigned operands = OPERAND_NONE;

	if (strstr(usage, "PROGRAM") != NULL)
		operands |= OPERAND_PROGRAM;
	if (strstr(usage, "PID") != NULL)
		operands |= OPERAND_PROCESS;
	if (strstr(usage, "FILE") != NULL || strstr(usage, "BEFORE") != NULL)
		operands |= OPERAND_PROFILE;
	return operands;
}

/* The words between the command and the cursor. */
static size_t first_word(const struct line_place *place, const struct shell_line *line)
{
	return !place->is_first && strcmp(line->words[1], place->command->name) == 0 ? 2 : 1;
}

void line_place_find(struct line_place *ret, const struct shell_line *line,
		     const struct command *const *commands, size_t command_count)
{
	*ret = (struct line_place){ .command = commands[0], .is_first = line->current == 1 };
	for (size_t i = 0; !ret->is_first && i < command_count; i++) {
		if (strcmp(line->words[1], commands[i]->name) == 0)
			ret->command = commands[i];
	}
	ret->operands = operands_of(ret->command->argp);
	struct word_walk walk = { .place = ret, .has_options = true };
	for (size_t i = first_word(ret, line); i < line->current; i++) {
		if (!walk_word(&walk, line->words[i]))
			continue;
		ret->operand_count++;
		if ((ret->operands & OPERAND_PROGRAM) && ret->program == 0) {
			ret->program = i;
			return;
		}
	}
	ret->has_options = walk.has_options;
	if (walk.pending != NULL && walk.value_at == 0) {
		ret->option = walk.pending;
		return;
	}
	walk_word(&walk, line->words[line->current]);
	if (walk.value_at > 0) {
		ret->option = walk.pending;
		ret->kept_bytes = walk.value_at;
	}
}

void line_place_subject(const struct line_place *place, const struct shell_line *line,
			struct line_subject *ret)
{
	struct word_walk walk = { .place = place, .has_options = true };

	*ret = (struct line_subject){ 0 };
	for (size_t i = first_word(place, line); i < line->count; i++) {
		const char *word = line->words[i];
		const struct argp_option *waiting = walk.value_at == 0 ? walk.pending : NULL;
		bool is_operand = walk_word(&walk, word);
		const struct argp_option *held = walk.value_at > 0 ? walk.pending : waiting;
		if (held != NULL && held->name != NULL && strcmp(held->name, "attach") == 0)
			ret->attached = word + walk.value_at;
		ret->is_python |= strcmp(word, "--python") == 0;
		if (!is_operand)
			continue;
		ret->operand = word;
		return;
	}
}
