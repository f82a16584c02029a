/* Code of inlined functions; see inlined.h. Symbols layer. */
#include "symbols/file/inlined.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols/file/symbol_file_private.h"
#include "tracer/base/log.h"

/* What the child sends first; the arrays follow in this order, then the text. */
struct list_head {
	uint64_t names, instances, ranges, patterns, text_bytes;
};

struct list_question {
	const struct symbol_file *file;
	const struct pattern_set *patterns;
	size_t *wanted;
	size_t wanted_count;
};

static void send_names(const struct inlined_calls *found, FILE *out)
{
	struct inlined_name name = { 0 };

	for (size_t i = 0; i < found->function_count; i++) {
		name.pattern_count = found->functions[i].pattern_count;
		fwrite(&name, sizeof(name), 1, out);
		name.first_pattern += name.pattern_count;
		name.label += strlen(found->functions[i].label) + 1;
	}
}

static void send_instances(const struct inlined_calls *found, FILE *out)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct inlined_call *call = &found->calls[i];
		const struct inlined_instance instance = {
			.name = call->function,
			.entry = call->entry,
			.first_range = call->first_range,
			.range_count = call->range_count,
			.first_home = call->first_home,
			.home_count = call->home_count,
		};
		if (call->range_count > 0)
			fwrite(&instance, sizeof(instance), 1, out);
	}
}

static void send_list(const struct inlined_calls *found, FILE *out)
{
	struct list_head head = { .names = found->function_count, .ranges = found->range_count };

	for (size_t i = 0; i < found->function_count; i++) {
		head.patterns += found->functions[i].pattern_count;
		head.text_bytes += strlen(found->functions[i].label) + 1;
	}
	for (size_t i = 0; i < found->count; i++)
		head.instances += found->calls[i].range_count > 0;
	fwrite(&head, sizeof(head), 1, out);
	send_names(found, out);
	send_instances(found, out);
	if (found->range_count > 0) /* else there may be no array */
		fwrite(found->ranges, sizeof(*found->ranges), found->range_count, out);
	for (size_t i = 0; i < found->function_count; i++) {
		for (size_t p = 0; p < found->functions[i].pattern_count; p++) {
			uint64_t pattern = found->functions[i].patterns[p];
			fwrite(&pattern, sizeof(pattern), 1, out);
		}
	}
	for (size_t i = 0; i < found->function_count; i++) {
		const char *label = found->functions[i].label;
		fwrite(label, 1, strlen(label) + 1, out);
	}
}

/* In a child. */
static struct error *find_in_child(void *context, FILE *out)
{
	const struct list_question *question = context;
	struct line_reader *lines;
	struct inlined_calls found;

	struct error *err = symbol_file_open_lines(question->file, &lines);
	if (err != NULL)
		return err;
	err = line_reader_find_inlined(lines, question->patterns, question->wanted,
				       question->wanted_count, &found);
	if (err == NULL && found.function_count > 0)
		send_list(&found, out);
	if (err == NULL)
		inlined_calls_deinit(&found);
	line_reader_close(lines);
	return err;
}

static bool list_lay_out(struct inlined_list *list, struct list_head *head)
{
	const char *at = list->received.data;
	size_t left = list->received.bytes;

	if (left < sizeof(*head))
		return false;
	memcpy(head, at, sizeof(*head));
	at += sizeof(*head);
	left -= sizeof(*head);
	list->name_count = head->names;
	list->instance_count = head->instances;
	list->range_count = head->ranges;
	return isolated_take(&at, &left, head->names, sizeof(*list->names), &list->names) &&
	       isolated_take(&at, &left, head->instances, sizeof(*list->instances),
			     &list->instances) &&
	       isolated_take(&at, &left, head->ranges, sizeof(*list->ranges), &list->ranges) &&
	       isolated_take(&at, &left, head->patterns, sizeof(*list->patterns),
			     &list->patterns) &&
	       isolated_take(&at, &left, head->text_bytes, 1, &list->text) && left == 0 &&
	       head->text_bytes > 0 && list->text[head->text_bytes - 1] == '\0';
}

static bool is_part(uint64_t first, uint64_t count, uint64_t all)
{
	return first <= all && count <= all - first;
}

/*
 * Checks every index that the child sent. Addresses need not be of code: linkers leave the DWARF of
 * functions that they have discarded, at 0 or so.
 */
static bool list_is_sound(const struct inlined_list *list, const struct list_head *head,
			  size_t pattern_count)
{
	bool is_sound = true;

	for (size_t i = 0; i < head->names && is_sound; i++)
		is_sound = list->names[i].label < head->text_bytes &&
			   is_part(list->names[i].first_pattern, list->names[i].pattern_count,
				   head->patterns);
	for (size_t i = 0; i < head->patterns && is_sound; i++)
		is_sound = list->patterns[i] < pattern_count;
	for (size_t i = 0; i < head->instances && is_sound; i++)
		is_sound = list->instances[i].name < head->names &&
			   is_part(list->instances[i].first_range, list->instances[i].range_count,
				   head->ranges) &&
			   is_part(list->instances[i].first_home, list->instances[i].home_count,
				   head->ranges);
	for (size_t i = 0; i < head->ranges && is_sound; i++)
		is_sound = list->ranges[i].start.value < list->ranges[i].end.value;
	return is_sound;
}

/* Notes a function that a pattern leaves out at each pattern that matches it. */
static void note_left_out(const struct inlined_list *list, const struct pattern_set *patterns)
{
	for (size_t i = 0; i < list->name_count; i++) {
		const uint64_t *own = list->patterns + list->names[i].first_pattern;
		bool is_left_out = false;
		for (uint64_t p = 0; p < list->names[i].pattern_count; p++)
			is_left_out = is_left_out || pattern_set_excludes(patterns, own[p]);
		for (uint64_t p = 0; p < list->names[i].pattern_count && is_left_out; p++)
			pattern_set_note_left_out(patterns, own[p]);
	}
}

static struct error *ask_for_list(struct list_question *question, struct inlined_list *ret)
{
	struct list_head head;

	struct error *err = isolate_run(find_in_child, question, &DWARF_LIMITS, &ret->received);
	if (err != NULL || ret->received.bytes == 0)
		return err;
	if (!list_lay_out(ret, &head) ||
	    !list_is_sound(ret, &head, pattern_set_count(question->patterns)))
		err = error_new(ERR_FORMAT, "it is damaged: reading it led astray");
	if (err == NULL)
		note_left_out(ret, question->patterns);
	return err;
}

struct error *symbol_file_find_inlined(const struct symbol_file *file,
				       const struct pattern_set *patterns, struct inlined_list *ret)
{
	struct list_question question = { .file = file, .patterns = patterns };
	bool any = false;

	*ret = (struct inlined_list){ 0 };
	question.wanted = calloc(pattern_set_count(patterns) + 1, sizeof(*question.wanted));
	if (question.wanted == NULL)
		return error_no_memory();
	for (size_t i = 0; i < pattern_set_count(patterns); i++) {
		if (!pattern_set_has_name(patterns, i) ||
		    !pattern_set_match_module(patterns, i, file->name))
			continue;
		question.wanted[question.wanted_count++] = i;
		any = any || !pattern_set_excludes(patterns, i);
	}
	struct error *err = any ? ask_for_list(&question, ret) : NULL;
	free(question.wanted);
	if (err == NULL)
		return NULL;
	inlined_list_deinit(ret);
	log_warning("the debugging information of %s cannot be used: %s", file->name,
		    error_message(err));
	error_free(err);
	return NULL;
}

void inlined_list_deinit(struct inlined_list *list)
{
	isolated_deinit(&list->received);
	*list = (struct inlined_list){ 0 };
}

struct cfa_question {
	const struct symbol_file *file;
	const taddr_t *addresses;
	size_t count;
};

/* In a child. */
static struct error *find_rules_in_child(void *context, FILE *out)
{
	const struct cfa_question *question = context;
	struct line_reader *lines;

	struct error *err = symbol_file_open_lines(question->file, &lines);
	for (size_t i = 0; err == NULL && i < question->count; i++) {
		struct cfa_rule rule;
		line_reader_find_cfa(lines, question->addresses[i], &rule);
		fwrite(&rule, sizeof(rule), 1, out);
	}
	if (err == NULL)
		line_reader_close(lines);
	return err;
}

struct error *symbol_file_cfa_rules(const struct symbol_file *file, const taddr_t *addresses,
				    size_t count, struct cfa_rule *ret)
{
	struct cfa_question question = { file, addresses, count };
	struct isolated sent = { 0 };

	memset(ret, 0, count * sizeof(*ret));
	struct error *err =
		count == 0 ? NULL
			   : isolate_run(find_rules_in_child, &question, &DWARF_LIMITS, &sent);
	if (err != NULL) {
		log_warning("the call frame information of %s cannot be used: %s", file->name,
			    error_message(err));
		error_free(err);
		return NULL;
	}
	if (sent.bytes == count * sizeof(*ret) && count > 0)
		memcpy(ret, sent.data, sent.bytes);
	isolated_deinit(&sent);
	return NULL;
}

static size_t read_segment(const struct symbol_file *file, taddr_t address, uint8_t *ret,
			   size_t bytes, bool is_code)
{
	const struct symbol_segment *segment = NULL;
	struct elf_place place;

	for (size_t i = 0; i < file->segment_count && segment == NULL; i++) {
		const struct symbol_segment *candidate = &file->segments[i];
		if ((candidate->executable || !is_code) &&
		    address.value >= candidate->start.value &&
		    address.value - candidate->start.value < candidate->file_bytes)
			segment = candidate;
	}
	int fd = segment != NULL && symbol_file_place(file, &place)
			 ? open(place.path, O_RDONLY | O_CLOEXEC)
			 : -1;
	if (fd < 0)
		return 0;
	uint64_t at = address.value - segment->start.value;
	if (bytes > segment->file_bytes - at)
		bytes = segment->file_bytes - at;
	ssize_t got = pread(fd, ret, bytes, (off_t)(segment->offset_bytes + at));
	close(fd);
	return got < 0 ? 0 : (size_t)got;
}

size_t symbol_file_read_code(const struct symbol_file *file, taddr_t address, uint8_t *ret,
			     size_t bytes)
{
	return read_segment(file, address, ret, bytes, true);
}

size_t symbol_file_read_data(const struct symbol_file *file, taddr_t address, uint8_t *ret,
			     size_t bytes)
{
	return read_segment(file, address, ret, bytes, false);
}
