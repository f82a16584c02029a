/* --probe, --memory-age and --max-overhead; see probe_option.h. CLI layer. */
#include "tracer/cli/record/probe_option.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/arch/arch.h"
#include "tracer/base/machine.h"
#include "tracer/base/quantity.h"

struct error *probe_option_check(const char *what)
{
	if (arch_has_probes)
		return NULL;
	return error_new(ERR_USAGE,
			 "%s needs probes, which are not there on %s yet: memory is recorded "
			 "without it",
			 what, MACHINE_NAME);
}

struct error *probe_option_parse(const char *text, enum probe_mode *ret)
{
	static const char *const names[] = {
		[PROBE_AUTO] = "auto",
		[PROBE_BREAKPOINT] = "breakpoint",
		[PROBE_PAD] = "pad",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) == 0) {
			*ret = (enum probe_mode)i;
			return NULL;
		}
	}
	return error_new(ERR_USAGE, "--probe %s: say auto, breakpoint or pad", text);
}

struct error *probe_option_parse_age(const char *text, int64_t *ret_ns)
{
	enum { MOST_US = 1000000, NS_PER_US = 1000 };
	uint64_t age_us;

	if (!quantity_parse_whole(text, &age_us) || age_us > MOST_US)
		return error_new(ERR_USAGE,
				 "--memory-age %s: give microseconds, a whole number from 0 to %d",
				 text, MOST_US);
	*ret_ns = (int64_t)age_us * NS_PER_US;
	return NULL;
}

struct error *probe_option_parse_overhead(const char *text, double *ret)
{
	static const double LEAST = 0.1, MOST = 1000;
	char *end;

	double percent = strtod(text, &end);
	if (end == text || *end != '\0' || !(percent >= LEAST && percent <= MOST))
		return error_new(ERR_USAGE, "--max-overhead %s: give percent from %g to %g", text,
				 LEAST, MOST);
	*ret = percent / 100;
	return NULL;
}
