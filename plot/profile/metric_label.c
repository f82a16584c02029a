/* What a profile's memory is called; see metric_label.h. Plot layer. */
#include "plot/profile/metric_label.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tracer/base/metric.h"
#include "tracer/base/profile_format.h"

void metric_label_single(const struct profile *profile, char ret[static METRIC_LABEL_BYTES])
{
	enum metric metric;

	ret[0] = '\0';
	if (profile->metric == NULL)
		return;
	if (metric_find(profile->metric, &metric)) {
		snprintf(ret, METRIC_LABEL_BYTES, "%s", metric_traits(metric)->title);
		return;
	}
	/* Of a later version; or of a file that says anything, of which no half of a character is shown. */
	snprintf(ret, METRIC_LABEL_BYTES, "%.12s", profile->metric);
	for (char *c = ret; *c != '\0'; c++)
		*c = *c > ' ' && *c < 0x7f ? (char)toupper((unsigned char)*c) : '?';
}

void metric_label(const struct profile *profile, char ret[static METRIC_LABEL_BYTES])
{
	char single[METRIC_LABEL_BYTES];

	metric_label_single(profile, single);
	bool is_sum = profile->is_tree && single[0] != '\0';
	snprintf(ret, METRIC_LABEL_BYTES, "%s%.20s", is_sum ? "sum of " : "", single);
}

void metric_label_of_file(const char *path, char ret[static METRIC_LABEL_BYTES])
{
	char head[32 * 1024], record[16], name[METRIC_LABEL_BYTES];

	ret[0] = '\0';
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return;
	head[fread(head, 1, sizeof(head) - 1, file)] = '\0';
	fclose(file);
	snprintf(record, sizeof(record), "\n%s ", profile_records[PROFILE_METRIC].word);
	const char *line = strstr(head, record);
	if (line == NULL || sscanf(line + strlen(record), "%31s", name) != 1)
		return;
	line += strlen(record) + strlen(name);
	const struct profile profile = { .metric = name,
					 .is_tree = strncmp(line, " tree", 5) == 0 };
	metric_label(&profile, ret);
}

void metric_label_common(const struct profile *profiles, size_t count,
			 char ret[static METRIC_LABEL_BYTES])
{
	char other[METRIC_LABEL_BYTES];

	metric_label(&profiles[0], ret);
	for (size_t i = 1; i < count; i++) {
		metric_label(&profiles[i], other);
		if (strcmp(ret, other) != 0)
			ret[0] = '\0';
	}
}

bool metrics_differ(const struct profile *profiles, size_t count)
{
	char first[METRIC_LABEL_BYTES] = "", other[METRIC_LABEL_BYTES];
	bool differ = false;

	for (size_t i = 0; i < count; i++) {
		metric_label(&profiles[i], other);
		if (first[0] == '\0')
			strcpy(first, other);
		differ = differ || (other[0] != '\0' && strcmp(first, other) != 0);
	}
	return differ;
}

bool metric_repeats_shared(const struct profile *profile)
{
	enum metric metric;

	return profile->is_tree && profile->metric != NULL &&
	       metric_find(profile->metric, &metric) && metric_traits(metric)->repeats_shared;
}

bool metric_has_peak(const struct profile *profile)
{
	enum metric metric;

	if (profile->metric == NULL)
		return true;
	return metric_find(profile->metric, &metric) &&
	       (metric_traits(metric)->peak_field != NULL || metric_traits(metric)->is_cgroup);
}
