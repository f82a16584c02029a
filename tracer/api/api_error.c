/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors as callers get them; see api_error.h. Api layer. */
#include "tracer/api/api_error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct mprof_error {
	enum mprof_error_code code;
	int errnum;
	const char *text; /* behind it */
};

static const struct mprof_error no_memory = { MPROF_ERROR_MEMORY, ENOMEM, "out of memory" };

static enum mprof_error_code code_of(const struct error *err)
{
	const int errnum = error_errno(err);

	if (errnum == EACCES || errnum == EPERM)
		return MPROF_ERROR_PERMISSION;
	if (errnum == ENOMEM)
		return MPROF_ERROR_MEMORY;
	switch (error_code(err)) {
	case ERR_GONE:
		return MPROF_ERROR_GONE;
	case ERR_USAGE:
		return MPROF_ERROR_USAGE;
	case ERR_MEMORY:
		return MPROF_ERROR_MEMORY;
	case ERR_NOT_FOUND:
	case ERR_NOT_EXEC:
		return MPROF_ERROR_COMMAND;
	default:
		return MPROF_ERROR_FAILED;
	}
}

struct mprof_error *api_error(struct error *err)
{
	return err == NULL ? NULL : api_error_as(err, code_of(err));
}

struct mprof_error *api_error_as(struct error *err, enum mprof_error_code code)
{
	if (err == NULL)
		return NULL;
	const size_t bytes = strlen(error_message(err)) + 1;
	struct mprof_error *error = malloc(sizeof(*error) + bytes);
	if (error == NULL) {
		error_free(err);
		return (struct mprof_error *)&no_memory; /* nobody writes to it */
	}
	*error = (struct mprof_error){ code, error_errno(err),
				       memcpy(error + 1, error_message(err), bytes) };
	error_free(err);
	return error;
}

enum mprof_error_code mprof_error_code(const struct mprof_error *error)
{
	return error->code;
}

int mprof_error_errno(const struct mprof_error *error)
{
	return error->errnum;
}

const char *mprof_error_text(const struct mprof_error *error)
{
	return error->text;
}

void mprof_error_free(struct mprof_error *error)
{
	if (error != &no_memory)
		free(error);
}
