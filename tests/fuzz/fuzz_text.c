/*
 * Fuzzes what people write: patterns of -f, and names that are compared with them; amounts; conditions of --fail-if and
 * of --break-if; budgets; names of outputs (libFuzzer, with ASan and UBSan). Built by tests/fuzz/build.sh.
 *
 * wrap: fopen
 */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/compare/budget.h"
#include "plot/compare/limit.h"
#include "symbols/names/demangle.h"
#include "symbols/names/linkage_name.h"
#include "symbols/pattern/pattern.h"
#include "symbols/pattern/source_match.h"
#include "tests/fuzz/require.h"
#include "tracer/base/quantity.h"
#include "tracer/job/output_name.h"
#include "tracer/loop/state/break_condition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__real_fopen(const char *path, const char *mode);

/* What any file holds that a pattern names (@FILE); NULL: no input is being read. */
static struct {
	char *text;
	size_t bytes;
} file;

FILE *__wrap_fopen(const char *path, const char *mode)
{
	if (file.text == NULL)
		return __real_fopen(path, mode);
	if (file.bytes == 0) {
		errno = ENOENT;
		return NULL;
	}
	return fmemopen(file.text, file.bytes, "r");
}

/* Whether it was read; what was not is a mistake in the text, and the message says which. */
static bool is_read(struct error *err)
{
	const bool is_read = err == NULL;

	require(is_read || (error_message(err)[0] != '\0' &&
			    (error_code(err) == ERR_USAGE || error_errno(err) == ENOENT)));
	error_free(err);
	return is_read;
}

static void match(const struct pattern_set *set, size_t i, const char *name, const char *demangled)
{
	const bool is_mangled = linkage_name_is_mangled(name) && !linkage_name_is_cold(name);
	demangled = demangled != NULL ? demangled : name;
	const bool matches = pattern_set_match(set, i, name, demangled);
	taddr_t address;
	unsigned line;

	/* The halves come to the same as the whole. */
	if (is_mangled && pattern_set_match_linkage(set, i, name))
		require(matches || !pattern_set_has_name(set, i));
	else if (is_mangled && !pattern_set_needs_demangled(set, i, name))
		require(!matches);
	(void)pattern_set_match_module(set, i, name);
	(void)pattern_set_match_usdt(set, i, name);
	(void)pattern_set_usdt_is_glob(set, i);
	(void)pattern_set_match_dotted(set, i, name, demangled);
	(void)pattern_set_dotted_word(set, i);
	(void)pattern_set_address(set, i, &address);
	const char *source = pattern_set_source(set, i, &line);
	if (source != NULL)
		(void)source_match(source, name);
	require(strlen(pattern_set_name_text(set, i)) <= strlen(pattern_set_text(set, i)));
}

/* Patterns, and behind a line break a name that they are compared with; behind another one files. */
static void use_patterns(char *text)
{
	struct pattern_set *set;
	char *name = text + strcspn(text, "\n"), *demangled = NULL;

	if (*name != '\0')
		*name++ = '\0';
	file.text = name + strcspn(name, "\n");
	if (*file.text != '\0')
		*file.text++ = '\0';
	file.bytes = strlen(file.text);
	require(pattern_set_create(&set) == NULL);
	if (is_read(pattern_set_add(set, text))) {
		error_free(pattern_set_check(set));
		error_free(pattern_set_check_labels(set));
		require(demangle(name, &demangled) == NULL);
		for (size_t i = 0; i < pattern_set_count(set); i++)
			match(set, i, name, demangled);
		(void)pattern_set_wants_label(set, name);
		free(demangled);
	} else {
		require(pattern_set_count(set) == 0);
	}
	pattern_set_destroy(set);
	file.text = NULL;
}

/* What is written is read as no less than what it stands for, or a billionth less. */
static void use_quantity(enum quantity quantity, const char *text)
{
	char written[QUANTITY_TEXT_BYTES];
	double value, again;

	if (!is_read(quantity_parse(quantity, text, &value)))
		return;
	require(isfinite(value));
	if (fabs(value) > 1e15)
		return;
	quantity_write(quantity, value, written);
	require(quantity_parse(quantity, written, &again) == NULL);
	require(again >= value - fabs(value) * 2e-9 && again <= value + fabs(value) * 0.01 + 1);
}

static void use_numbers(const char *text)
{
	uint64_t whole;
	double percent;

	if (quantity_parse_percent(text, &percent))
		require(isfinite(percent));
	if (quantity_parse_whole(text, &whole))
		require(whole <= INT64_MAX);
	if (is_read(limit_parse_band(text, &percent)))
		require(percent >= 1 && percent <= 100);
}

static void use_condition(const char *text)
{
	struct condition condition;

	if (!is_read(condition_parse(text, &condition)))
		return;
	require(isfinite(condition.amount));
	(void)condition_holds(&condition, 0);
	(void)condition_holds(&condition, NAN);
	(void)condition_wants(&condition, text);
	condition_deinit(&condition);
}

static void use_break(const char *text)
{
	struct break_condition condition;

	if (is_read(break_condition_parse_size(text, &condition)))
		require(condition.term_count == 1);
	if (!is_read(break_condition_parse(text, &condition)))
		return;
	require(condition.term_count > 0 && condition.term_count <= BREAK_TERMS_MOST);
	for (size_t i = 0; i < condition.term_count; i++)
		(void)break_term_holds(&condition.terms[i], 1 << 20);
	require(memchr(condition.text, 0, sizeof(condition.text)) != NULL);
}

static void use_budget(const char *text, size_t bytes)
{
	struct conditions conditions = { 0 };

	(void)is_read(budget_parse(&conditions, "budget", text, bytes, BUDGET_BAND_PERCENT));
	for (size_t i = 0; i < conditions.count; i++)
		require(isfinite(conditions.list[i].amount) && conditions.list[i].text != NULL);
	conditions_deinit(&conditions);
}

static void use_output_name(const char *text)
{
	const struct output_writer writer = { .pid = 4711 };
	char *name = output_name_insert(text, "a.b");

	require(name != NULL && strlen(name) == strlen(text) + 3);
	free(name);
	if (is_read(output_name_expand(text, &writer, &name)))
		free(name);
	if (is_read(output_name_folder(text, &writer, &name)))
		free(name);
	(void)output_name_has_fields(text);
}

static void use_text(unsigned choice, char *text, size_t bytes)
{
	switch (choice % 8) {
	case 0:
	case 1:
		use_patterns(text);
		break;
	case 2:
		use_quantity(choice / 8 % (QUANTITY_COUNT + 1), text);
		break;
	case 3:
		use_numbers(text);
		break;
	case 4:
		use_condition(text);
		break;
	case 5:
		use_break(text);
		break;
	case 6:
		use_budget(text, bytes);
		break;
	default:
		use_output_name(text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	if (bytes == 0)
		return 0;
	/* The first byte chooses what the text is. */
	char *text = malloc(bytes);
	require(text != NULL);
	memcpy(text, data + 1, bytes - 1);
	text[bytes - 1] = '\0';
	use_text(data[0], text, bytes - 1);
	free(text);
	return 0;
}
