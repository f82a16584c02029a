/*
 * Whether functions can be probed, how, and at what price: --probe, --memory-age and --max-overhead (cli layer).
 */
#ifndef CLI_RECORD_PROBE_OPTION_H
#define CLI_RECORD_PROBE_OPTION_H

#include "tracer/loop/state/session.h"

/*
 * Whether what is asked for can be had on this processor. ERR_USAGE: it needs probes, which a port may not have yet.
 * @what: how the user has asked for it.
 */
struct error *probe_option_check(const char *what) MUST_CHECK;

/* auto, breakpoint or pad. ERR_USAGE: another word. */
struct error *probe_option_parse(const char *text, enum probe_mode *ret) MUST_CHECK;

/* Microseconds, a whole number up to a million; 0: memory is read at each event. */
struct error *probe_option_parse_age(const char *text, int64_t *ret_ns) MUST_CHECK;

/* Percent, 0.1 to 1000; *@ret is a share, 1 being 100 %. */
struct error *probe_option_parse_overhead(const char *text, double *ret) MUST_CHECK;

#endif
