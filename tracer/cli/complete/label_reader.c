/* Reads the names of a file's functions; see label_reader.h. Cli layer. */
#include "tracer/cli/complete/label_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/names/name_forms.h"
#include "symbols/pattern/pattern.h"
#include "tracer/cli/funcs/funcs_list.h"

enum { LABEL_BYTES_MAX = 300 }; /* who wants a longer one writes a glob */

struct label {
	const char *text;
	size_t bytes;
};

static int label_compare(const void *left, const void *right)
{
	const struct label *a = left, *b = right;
	int order = memcmp(a->text, b->text, a->bytes < b->bytes ? a->bytes : b->bytes);

	return order != 0 ? order : (a->bytes > b->bytes) - (a->bytes < b->bytes);
}

/* `int ns::f<int>(char)` is asked for as ns::f<int>. */
static struct label label_of(const char *text)
{
	struct name_parts parts;

	if (strncmp(text, "usdt:", strlen("usdt:")) == 0)
		return (struct label){ text, strlen(text) };
	name_parts_find(text, &parts);
	while (parts.parameters > parts.name && text[parts.parameters - 1] == ' ')
		parts.parameters--;
	return (struct label){ text + parts.name, parts.parameters - parts.name };
}

static struct error *write_sorted(const struct label *labels, size_t count, size_t bytes_max,
				  FILE *out)
{
	size_t bytes = 0;

	for (size_t i = 0; i < count; i++) {
		bool is_usable = labels[i].bytes > 0 && labels[i].bytes <= LABEL_BYTES_MAX &&
				 memchr(labels[i].text, '\n', labels[i].bytes) == NULL;
		if (!is_usable || (i > 0 && label_compare(&labels[i - 1], &labels[i]) == 0))
			continue;
		bytes += labels[i].bytes + 1;
		if (bytes > bytes_max)
			break;
		fwrite(labels[i].text, 1, labels[i].bytes, out);
		putc('\n', out);
	}
	if (fflush(out) != 0 || ferror(out))
		return error_os(errno, "write names");
	return NULL;
}

struct error *labels_write(const char *path, size_t bytes_max, FILE *out)
{
	const struct symbol_sources sources = { 0 };
	struct funcs_list list = { .sources = &sources };
	struct pattern_set *patterns;
	char *file = strdup(path);

	if (file == NULL)
		return error_no_memory();
	struct error *err = pattern_set_create(&patterns);
	if (err == NULL)
		err = funcs_list_read(&list, &file, 1, patterns);
	struct label *labels = err == NULL ? calloc(list.count + 1, sizeof(*labels)) : NULL;
	if (err == NULL && labels == NULL)
		err = error_no_memory();
	for (size_t i = 0; err == NULL && i < list.count; i++)
		labels[i] = label_of(list.rows[i].label);
	if (err == NULL) {
		qsort(labels, list.count, sizeof(*labels), label_compare);
		err = write_sorted(labels, list.count, bytes_max, out);
	}
	free(labels);
	funcs_list_deinit(&list);
	pattern_set_destroy(patterns);
	free(file);
	return err;
}
