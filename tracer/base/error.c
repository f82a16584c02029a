/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors as values; see error.h. Base layer; prints nothing. */
#include "tracer/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct error {
	enum error_code code;
	int errnum;
	char *message;
};

static const struct error no_memory = { ERR_MEMORY, ENOMEM, (char *)"out of memory" };

struct error *error_no_memory(void)
{
	return (struct error *)&no_memory; /* nobody writes to it: see its uses below */
}

/* Takes @message. */
static struct error *error_create(enum error_code code, int errnum, char *message)
{
	struct error *err = malloc(sizeof(*err));
	if (err == NULL) {
		free(message);
		return error_no_memory();
	}
	*err = (struct error){ code, errnum, message };
	return err;
}

struct error *error_new(enum error_code code, const char *format, ...)
{
	char *message;
	va_list args;

	va_start(args, format);
	int length = vasprintf(&message, format, args);
	va_end(args);
	return length < 0 ? error_no_memory() : error_create(code, 0, message);
}

struct error *error_os(int errnum, const char *format, ...)
{
	char *what, *message, buffer[128];
	va_list args;

	va_start(args, format);
	int length = vasprintf(&what, format, args);
	va_end(args);
	if (length < 0)
		return error_no_memory();
	length = asprintf(&message, "%s: %s", what, strerror_r(errnum, buffer, sizeof(buffer)));
	free(what);
	if (length < 0)
		return error_no_memory();
	return error_create(errnum == ESRCH ? ERR_GONE : ERR_FAILED, errnum, message);
}

static struct error *error_vcontext(struct error *err, const char *format, va_list args)
{
	char *context, *message;

	if (err == NULL || err == &no_memory)
		return err;
	int length = vasprintf(&context, format, args);
	if (length < 0)
		return err;
	length = asprintf(&message, "%s: %s", context, err->message);
	free(context);
	if (length < 0)
		return err;
	free(err->message);
	err->message = message;
	return err;
}

struct error *error_context(struct error *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	err = error_vcontext(err, format, args);
	va_end(args);
	return err;
}

enum error_code error_code(const struct error *err)
{
	return err->code;
}

int error_errno(const struct error *err)
{
	return err->errnum;
}

const char *error_message(const struct error *err)
{
	return err->message;
}

struct error *error_first(struct error *err, struct error *other)
{
	if (err == NULL)
		return other;
	error_free(other);
	return err;
}

struct error *error_ignore(struct error *err, enum error_code code)
{
	if (err == NULL || error_code(err) != code)
		return err;
	error_free(err);
	return NULL;
}

bool error_take(struct error **err, enum error_code code, void (*tell)(const char *, ...),
		const char *format, ...)
{
	va_list args;

	if (*err == NULL || error_code(*err) != code)
		return false;
	va_start(args, format);
	*err = error_vcontext(*err, format, args);
	va_end(args);
	tell("%s", error_message(*err));
	error_free(*err);
	*err = NULL;
	return true;
}

void error_free(struct error *err)
{
	if (err == NULL || err == &no_memory)
		return;
	free(err->message);
	free(err);
}
