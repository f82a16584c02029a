/* The probes; see probe_set.h. Probe layer. */
#include "tracer/probe/probe_set.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

struct error *probe_set_init(struct probe_set *set, const struct pattern_set *patterns)
{
	*set = (struct probe_set){ .patterns = patterns };
	set->sums = calloc(pattern_set_count(patterns) + 1, sizeof(*set->sums));
	return set->sums == NULL ? error_no_memory() : NULL;
}

struct pattern_sums *probe_set_sums(const struct probe_set *set, size_t pattern)
{
	return &set->sums[pattern == PROBE_NO_PATTERN ? pattern_set_count(set->patterns) : pattern];
}

static void probe_destroy(struct probe *probe)
{
	while (probe != NULL) {
		struct probe *next = probe->next;
		free(probe->name);
		free(probe->patterns);
		free(probe);
		probe = next;
	}
}

void probe_set_deinit(struct probe_set *set)
{
	size_t cursor = 0;
	struct probe *probe;

	while ((probe = addr_map_next(&set->by_name_hash, &cursor)) != NULL)
		probe_destroy(probe);
	addr_map_deinit(&set->by_name_hash);
	addr_map_deinit(&set->dropped_functions);
	free(set->sums);
}

/* A field of a .dat file ends at a space: U+00A0 shows the same and splits nothing. */
static char *name_of_label(const char *label)
{
	static const char no_break_space[] = "\xc2\xa0";
	char *name = malloc(strlen(label) * 2 + 1);
	char *to = name;

	for (; name != NULL && *label != '\0'; label++) {
		if ((unsigned char)*label <= ' ')
			to = stpcpy(to, no_break_space);
		else
			*to++ = *label;
	}
	if (name != NULL)
		*to = '\0';
	return name;
}

static struct error *probe_add_pattern(struct probe *probe, size_t pattern)
{
	for (size_t i = 0; i < probe->pattern_count; i++) {
		if (probe->patterns[i] == pattern)
			return NULL;
	}
	struct error *err = array_reserve(&probe->patterns, &probe->pattern_capacity,
					  probe->pattern_count + 1, sizeof(*probe->patterns));
	if (err == NULL)
		probe->patterns[probe->pattern_count++] = pattern;
	return err;
}

struct probe *probe_set_find(const struct probe_set *set, const char *name)
{
	struct probe *probe =
		addr_map_get(&set->by_name_hash, addr_map_text_key(name, strlen(name)));

	while (probe != NULL && strcmp(probe->name, name) != 0)
		probe = probe->next;
	return probe;
}

void probe_set_drop(struct probe_set *set, struct probe *probe)
{
	probe->is_dropped = true;
	set->dropped_count++;
}

bool probe_set_drops(struct probe_set *set, const void *function, const char *label)
{
	const uint64_t key = (uintptr_t)function;

	if (set->dropped_count == 0)
		return false;
	char *name = name_of_label(label);
	const struct probe *probe = name == NULL ? NULL : probe_set_find(set, name);
	free(name);
	if (probe != NULL && probe->is_dropped)
		error_free(addr_map_put(&set->dropped_functions, key, set));
	return addr_map_get(&set->dropped_functions, key) != NULL;
}

struct error *probe_set_add(struct probe_set *set, size_t pattern, const char *label,
			    struct probe **ret)
{
	char *name = name_of_label(label);
	if (name == NULL)
		return error_no_memory();
	uint64_t hash = addr_map_text_key(name, strlen(name));
	struct probe *first = addr_map_get(&set->by_name_hash, hash);
	for (struct probe *probe = first; probe != NULL; probe = probe->next) {
		if (strcmp(probe->name, name) == 0) {
			free(name);
			*ret = probe;
			return probe_add_pattern(probe, pattern);
		}
	}
	struct probe *probe = calloc(1, sizeof(*probe));
	if (probe == NULL) {
		free(name);
		return error_no_memory();
	}
	probe->name = name;
	probe->next = first;
	struct error *err = probe_add_pattern(probe, pattern);
	if (err == NULL)
		err = addr_map_put(&set->by_name_hash, hash, probe);
	if (err != NULL) {
		probe->next = NULL;
		probe_destroy(probe);
		return err;
	}
	*ret = probe;
	return NULL;
}

struct pattern_tally probe_set_tally(const struct probe_set *set, size_t pattern)
{
	struct pattern_tally tally = { .sums = *probe_set_sums(set, pattern) };
	size_t cursor = 0;
	const struct probe *probe;

	while ((probe = addr_map_next(&set->by_name_hash, &cursor)) != NULL) {
		for (; probe != NULL; probe = probe->next) {
			for (size_t i = 0; i < probe->pattern_count; i++) {
				if (probe->patterns[i] != pattern)
					continue;
				tally.functions++;
				tally.hit += probe->hits > 0;
				tally.calls += probe->hits;
			}
		}
	}
	return tally;
}
