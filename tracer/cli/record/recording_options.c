/* The options that all commands which record share; see recording_options.h. Cli layer. */
#include "tracer/cli/record/recording_options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/base/memory/companion.h"
#include "tracer/base/quantity.h"
#include "tracer/cli/record/backend_option.h"
#include "tracer/cli/record/probe_option.h"

/* Keys of options without a letter; those of the commands themselves lie below. */
enum {
	OPTION_NO_FOLLOW = 512,
	OPTION_PROBE,
	OPTION_MEMORY_AGE,
	OPTION_MAX_CALLS,
	OPTION_MAX_OVERHEAD,
	OPTION_ALLOW_MISSING,
	OPTION_STRICT,
	OPTION_BACKEND,
	OPTION_SURVIVAL,
	OPTION_INLINED,
	OPTION_LIVE,
};

static const struct argp_option argp_options[] = {
	{ "functions", 'f', "PATTERN[,...]", 0,
	  "Record when functions that match are entered and left: a name, a C++ name, a glob "
	  "such as 'parse_*', /REGEX/, LIBRARY!PATTERN, FILE.c:NAME, FILE.c:LINE, 0xADDRESS; "
	  "!PATTERN leaves out, @FILE lists; may be repeated",
	  0 },
	{ "inlined", OPTION_INLINED, NULL, 0,
	  "Record calls of functions where they are inlined, too; needs debugging information", 0 },
	{ "interval", 'T', "S", 0, "Sample memory every S seconds (0.001 to 86400; default 0.1)",
	  0 },
	{ "include-children", 'C', NULL, 0, "The main line is the sum over all processes", 0 },
	{ "multiprocess", 'M', NULL, 0, "A line for each child (the default; with -C: both)", 0 },
	{ "no-follow", OPTION_NO_FOLLOW, NULL, 0, "Record the first process only", 0 },
	{ "output", 'o', "FILE", 0,
	  "Write FILE, replacing it, unless it may be another rank's; %r is the rank, %j the job, "
	  "%n the node, %p the pid, %h the host, %q{VAR} a variable, %% a percent sign (default: "
	  "mprofile_YYYYMMDDhhmmss.dat, never replacing one)",
	  0 },
	{ "timeout", 't', "S", 0,
	  "End the recording after S seconds; the program goes on, unrecorded", 0 },
	{ "max-calls", OPTION_MAX_CALLS, "N", 0,
	  "Record N single calls of each function, then sums (default 200000)", 0 },
	{ "max-overhead", OPTION_MAX_OVERHEAD, "PCT", 0,
	  "Let recording cost PCT percent of the program's own time at most (0.1 to 1000): the "
	  "most expensive functions are condensed, or not recorded any more, and the end says "
	  "which",
	  0 },
	{ "probe", OPTION_PROBE, "HOW", 0,
	  "How functions are probed: auto (the default: those called often by jumps), breakpoint "
	  "or "
	  "pad (all by jumps, as far as it is safe)",
	  0 },
	{ "memory-age", OPTION_MEMORY_AGE, "US", 0,
	  "Where a jump records a call, its memory may be US microseconds old (default 10; 0: read "
	  "at "
	  "each)",
	  0 },
	{ "allow-missing", OPTION_ALLOW_MISSING, NULL, 0,
	  "Do not fail when no function has matched by the end", 0 },
	{ "strict", OPTION_STRICT, NULL, 0,
	  "Fail at once, before the program runs any code of its own, when a pattern matches "
	  "nothing "
	  "in it and its libraries",
	  0 },
	{ "backend", OPTION_BACKEND, "NAME", 0,
	  "What is measured: rss (the default; also psutil, posix), pss (psutil_pss), uss "
	  "(psutil_uss), vms, swap, anon, rss+huge or cgroup",
	  0 },
	{ "survival", OPTION_SURVIVAL, "yes|no", 0,
	  "Whether processes get a SIGTRAP handler that keeps them alive should mprof-trace itself "
	  "be "
	  "killed (default: yes with attach, no with run)",
	  0 },
	{ "live", OPTION_LIVE, NULL, 0,
	  "Show the recording on the terminal while it is made, as the live command does", 0 },
	{ "quiet", 'q', NULL, 0, "Print errors only", 0 },
	{ "verbose", 'v', NULL, 0, "Also print what is probed, and what cannot be", 0 },
	{ 0 },
};

struct error *parse_seconds(const char *option, const char *text, double max_s, int64_t *ret_ns)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end != '\0' || !(seconds >= 0.001 && seconds <= max_s))
		return error_new(ERR_USAGE, "--%s %s: give seconds from 0.001 to %.0f", option,
				 text, max_s);
	*ret_ns = llround(seconds * (double)NS_PER_S);
	return NULL;
}

static struct error *parse_max_calls(const char *text, uint64_t *ret)
{
	if (quantity_parse_whole(text, ret))
		return NULL;
	return error_new(ERR_USAGE, "--max-calls %s: give a whole number, 0 or more", text);
}

static struct error *parse_survival(struct recording_options *recording, const char *text)
{
	bool is_yes = strcmp(text, "yes") == 0;

	recording->has_survival = true;
	recording->session.survives = is_yes;
	if (is_yes || strcmp(text, "no") == 0)
		return NULL;
	return error_new(ERR_USAGE, "--survival %s: say yes or no", text);
}

static struct error *parse_word(struct recording_options *recording, int key, const char *arg)
{
	struct session_options *session = &recording->session;

	switch (key) {
	case 'f':
		return pattern_set_add(recording->patterns, arg);
	case 'T':
		return parse_seconds("interval", arg, 86400, &session->interval_ns);
	case 't':
		return parse_seconds("timeout", arg, 1e9, &session->timeout_ns);
	case OPTION_MAX_CALLS:
		return parse_max_calls(arg, &session->max_calls);
	case OPTION_MAX_OVERHEAD:
		return probe_option_parse_overhead(arg, &session->max_overhead);
	case OPTION_SURVIVAL:
		return parse_survival(recording, arg);
	case OPTION_PROBE:
		recording->has_probe = true;
		return probe_option_parse(arg, &session->probe_mode);
	case OPTION_MEMORY_AGE:
		return probe_option_parse_age(arg, &session->memory_age_ns);
	default:
		return backend_option_parse(arg, &session->metric);
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct recording_options *recording = state->input;
	struct session_options *session = &recording->session;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &recording->symbols;
		state->child_inputs[1] = &recording->parts;
		state->child_inputs[2] = &recording->lines;
		state->child_inputs[3] = &recording->stacks;
		state->child_inputs[4] = &recording->breaks;
		return 0;
	case 'f':
	case 'T':
	case 't':
	case OPTION_MAX_CALLS:
	case OPTION_MAX_OVERHEAD:
	case OPTION_BACKEND:
	case OPTION_SURVIVAL:
	case OPTION_PROBE:
	case OPTION_MEMORY_AGE:
		if (recording->err == NULL)
			recording->err = parse_word(recording, key, arg);
		return 0;
	case 'C':
		session->sums_tree = true;
		return 0;
	case 'M':
		recording->is_multiprocess = true;
		return 0;
	case OPTION_INLINED:
		session->wants_inlined = true;
		return 0;
	case OPTION_LIVE:
		recording->is_live = true;
		return 0;
	case OPTION_NO_FOLLOW:
		session->follows = false;
		return 0;
	case 'o':
		session->output = arg;
		return 0;
	case OPTION_ALLOW_MISSING:
		session->allows_missing = true;
		return 0;
	case OPTION_STRICT:
		session->is_strict = true;
		return 0;
	case 'q':
		log_set_level(LOG_QUIET);
		return 0;
	case 'v':
		log_set_level(LOG_VERBOSE);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child argp_children[] = {
	{ .argp = &symbol_argp }, { .argp = &parts_argp }, { .argp = &lines_argp },
	{ .argp = &stacks_argp }, { .argp = &break_argp }, { 0 }
};
const struct argp recording_argp = { argp_options,  parse_option, NULL, NULL,
				     argp_children, NULL,	  NULL };

struct error *recording_options_init(struct recording_options *ret)
{
	*ret = (struct recording_options){
		.session = {
			.interval_ns = NS_PER_S / 10,
			.max_calls = 200000,
			.memory_age_ns = 10000,
			.follows = true,
			.traces = true,
		},
	};
	struct error *err = job_rank_find(NULL, &ret->rank);
	if (err == NULL && job_rank_has_others(&ret->rank))
		log_set_rank(ret->rank.rank);
	if (err == NULL)
		err = pattern_set_create(&ret->patterns);
	if (err != NULL)
		job_rank_deinit(&ret->rank);
	return err;
}

void recording_options_deinit(struct recording_options *options)
{
	error_free(options->err);
	break_options_deinit(&options->breaks);
	job_rank_deinit(&options->rank);
	pattern_set_destroy(options->patterns);
}

struct error *recording_options_finish(struct recording_options *options)
{
	struct session_options *session = &options->session;
	struct error *err = options->err;

	options->err = NULL;
	session->patterns = options->patterns;
	session->rank = &options->rank;
	/* What a thousand ranks say alike, one of them says. */
	if (job_rank_has_others(&options->rank) && options->rank.rank > 0 && !log_is_verbose())
		log_set_level(LOG_QUIET);
	session->lists_children = options->is_multiprocess || !session->sums_tree;
	if (err == NULL)
		err = symbol_options_finish(&options->symbols);
	if (err == NULL)
		err = parts_options_check(&options->parts);
	session->split = options->parts.split;
	session->companions = options->parts.companions;
	/* How near to its limit it is, is what a cgroup's memory is looked at for. */
	if (metric_traits(session->metric)->is_cgroup)
		session->companions |= companion_bit(WITH_CGROUP_LIMIT);
	if (err == NULL)
		err = stacks_options_finish(&options->stacks, session);
	if (err == NULL)
		err = break_options_finish(&options->breaks, options->patterns, session);
	if (err == NULL)
		err = pattern_set_check(options->patterns);
	if (err == NULL && pattern_set_count(options->patterns) > 0)
		err = probe_option_check(options->breaks.in == NULL ? "-f" : "--break-in");
	if (err == NULL && session->is_strict && session->allows_missing)
		err = error_new(ERR_USAGE, "--strict and --allow-missing exclude each other");
	if (pattern_set_count(options->patterns) == 0)
		session->is_strict = false; /* there is nothing to be found */
	if (err == NULL)
		err = lines_options_apply(&options->lines, session);
	if (err == NULL)
		err = break_options_check(session, options->is_live);
	session->sources = options->symbols.sources;
	return err;
}
