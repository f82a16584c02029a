/*
 * What the patterns of funcs ask for and the list does not show (cli layer).
 */
#ifndef CLI_FUNCS_FUNCS_MISSING_H
#define CLI_FUNCS_FUNCS_MISSING_H

#include "symbols/pattern/pattern.h"
#include "tracer/base/error.h"
#include "tracer/cli/funcs/funcs_list.h"

/* Fails with ERR_FAILED when a pattern matches nothing; says why, and what is nearest. */
struct error *funcs_list_check_missing(const struct funcs_list *list,
				       const struct pattern_set *patterns) MUST_CHECK;

/* Logs the calls of listed functions that have no entry. */
struct error *funcs_list_tell_inlined(const struct funcs_list *list,
				      const struct pattern_set *patterns) MUST_CHECK;

#endif
