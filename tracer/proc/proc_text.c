/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers in the texts of /proc; see proc_text.h. Proc layer. */
#include "tracer/proc/proc_text.h"

#include <string.h>

uint64_t proc_text_number(const char *text)
{
	uint64_t number = 0;
	while (*text == ' ' || *text == '\t')
		text++;
	for (; *text >= '0' && *text <= '9'; text++)
		number = number * 10 + (uint64_t)(*text - '0');
	return number;
}

bool proc_text_add_kib(const char *text, const char *field, uint64_t *bytes)
{
	const size_t length = strlen(field);

	for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, field, length) != 0 || line[length] != ':')
			continue;
		*bytes += proc_text_number(line + length + 1) * 1024;
		return true;
	}
	return false;
}
