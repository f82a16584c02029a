/* Names of outputs with fields; see output_name.h. Job layer. */
#include "tracer/job/output_name.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* By these the outputs of two ranks differ. */
static const char OWN_FIELDS[] = "rpq";
/* By these those of two nodes do. */
static const char PLACE_FIELDS[] = "nh";

enum { DIGITS_MOST = 20 };

static struct error *expand_host(FILE *out)
{
	char host[256] = "";

	if (gethostname(host, sizeof(host) - 1) < 0)
		return error_os(errno, "the name of this host (%%h)");
	fputs(host, out);
	return NULL;
}

/* @text is at "q{NAME}"; *@ret_length is its length. */
static struct error *expand_variable(const char *text, FILE *out, size_t *ret_length)
{
	const char *end = text[1] == '{' ? strchr(text, '}') : NULL;
	if (end == NULL || end == text + 2)
		return error_new(ERR_USAGE, "-o: %%q wants a variable in braces, as in %%q{RANK}");
	*ret_length = (size_t)(end - text) + 1;
	char *name = strndup(text + 2, *ret_length - 3);
	if (name == NULL)
		return error_no_memory();
	const char *value = getenv(name);
	struct error *err = NULL;
	if (value == NULL)
		err = error_new(ERR_USAGE, "-o: the environment has no variable %s for %%q{%s}",
				name, name);
	else
		fputs(value, out);
	free(name);
	return err;
}

/* 0 would be a lie, by which all ranks of a launcher that is not known here wrote one file. */
static struct error *expand_rank(const struct job_rank *rank, unsigned digits, FILE *out)
{
	if (rank == NULL || rank->launcher == NULL)
		return error_new(
			ERR_USAGE,
			"-o: %%r is the rank in a parallel program, and no launcher (mpirun, srun "
			"and so on) says one here; %%q{VAR} takes it from any variable");
	fprintf(out, "%0*" PRIu64, (int)digits, rank->rank);
	return NULL;
}

/* One folder or file is meant. */
static void put_word(const char *text, FILE *out)
{
	for (; *text != '\0'; text++)
		fputc(*text == '/' ? '_' : *text, out);
}

static struct error *expand_job(const struct job_rank *rank, FILE *out)
{
	if (rank == NULL || rank->job == NULL)
		return error_new(ERR_USAGE,
				 "-o: %%j is the number of a job, and neither a batch system "
				 "(Slurm, PBS, LSF, Flux) nor a launcher says one here; %%q{VAR} "
				 "takes it from any variable");
	put_word(rank->job, out);
	return NULL;
}

/* The digits before a field: srun(1) has them, too. */
static size_t read_digits(const char *text, unsigned *ret)
{
	size_t length = strspn(text, "0123456789");

	*ret = length > 0 ? (unsigned)strtoul(text, NULL, 10) : 0;
	return length;
}

/* @text is behind a percent sign; *@ret_length is how much of it is the field. */
static struct error *expand_field(const char *text, const struct output_writer *writer, FILE *out,
				  size_t *ret_length)
{
	unsigned digits;
	size_t before = read_digits(text, &digits);

	*ret_length = before + 1;
	if (before > 0 && text[before] == 'r' && digits <= DIGITS_MOST)
		return expand_rank(writer->rank, digits, out);
	switch (*text) {
	case 'r':
		return expand_rank(writer->rank, 1, out);
	case 'j':
		return expand_job(writer->rank, out);
	case 'n':
		if (writer->rank == NULL)
			return expand_host(out);
		put_word(writer->rank->node, out);
		return NULL;
	case 'p':
		fprintf(out, "%d", writer->pid);
		return NULL;
	case 'h':
		return expand_host(out);
	case 'q':
		return expand_variable(text, out, ret_length);
	case '%':
		fputc('%', out);
		return NULL;
	default:
		return error_new(ERR_USAGE,
				 "-o: %%%.1s is no field; there are %%r (rank), %%j (job), %%n "
				 "(node), %%p (pid), %%h (host), %%q{VARIABLE} and %%%%",
				 text);
	}
}

/* The first @bytes of @pattern. */
static struct error *expand(const char *pattern, size_t bytes, const struct output_writer *writer,
			    char **ret)
{
	const char *end = pattern + bytes;
	char *name = NULL;
	size_t name_bytes, length;
	struct error *err = NULL;

	FILE *out = open_memstream(&name, &name_bytes);
	if (out == NULL)
		return error_no_memory();
	while (err == NULL && pattern < end) {
		if (*pattern != '%') {
			fputc(*pattern++, out);
			continue;
		}
		err = expand_field(pattern + 1, writer, out, &length);
		pattern += 1 + (err == NULL ? length : 0);
	}
	if (fclose(out) != 0 && err == NULL)
		err = error_no_memory();
	if (err != NULL)
		free(name);
	else
		*ret = name;
	return err;
}

/* Where in @pattern the first field with one of these letters stands; NULL: there is none. */
static const char *find_field(const char *pattern, const char *letters)
{
	while ((pattern = strchr(pattern, '%')) != NULL) {
		const char *letter = pattern + 1 + strspn(pattern + 1, "0123456789");
		if (*letter == '\0')
			return NULL;
		if (strchr(letters, *letter) != NULL)
			return pattern;
		pattern = letter + 1;
	}
	return NULL;
}

bool output_name_has_fields(const char *pattern)
{
	char letters[sizeof(OWN_FIELDS) + sizeof(PLACE_FIELDS) + 1];

	snprintf(letters, sizeof(letters), "%s%sj", OWN_FIELDS, PLACE_FIELDS);
	return find_field(pattern, letters) != NULL;
}

bool output_name_has_rank(const char *pattern)
{
	return find_field(pattern, "r") != NULL;
}

char *output_name_insert(const char *name, const char *text)
{
	const char *last = basename(name), *dot = strrchr(last, '.');
	size_t before = dot == NULL || dot == last ? strlen(name) : (size_t)(dot - name);
	char *made;

	return asprintf(&made, "%.*s%s%s", (int)before, name, text, name + before) < 0 ? NULL
										       : made;
}

struct error *output_name_expand(const char *pattern, const struct output_writer *writer,
				 char **ret)
{
	char rank[32], *name;

	struct error *err = expand(pattern, strlen(pattern), writer, &name);
	if (err != NULL || writer->rank == NULL || !job_rank_has_others(writer->rank) ||
	    writer->is_alone || find_field(pattern, OWN_FIELDS) != NULL) {
		if (err == NULL)
			*ret = name;
		return err;
	}
	snprintf(rank, sizeof(rank), ".%" PRIu64, writer->rank->rank);
	*ret = output_name_insert(name, rank);
	free(name);
	return *ret == NULL ? error_no_memory() : NULL;
}

struct error *output_name_folder(const char *pattern, const struct output_writer *writer,
				 char **ret)
{
	const char *text = pattern == NULL ? "" : pattern;
	const char *own = find_field(text, OWN_FIELDS);
	const char *place = find_field(text, PLACE_FIELDS);
	const char *end = own != NULL ? own : text + strlen(text);

	if (place != NULL && place < end)
		end = place;
	size_t bytes = (size_t)(end - text);
	while (bytes > 0 && text[bytes - 1] != '/')
		bytes--;
	if (bytes == 0)
		return (*ret = strdup(".")) == NULL ? error_no_memory() : NULL;
	return expand(text, bytes > 1 ? bytes - 1 : 1, writer, ret);
}
