/* Why a window cannot be opened; see display_reason.h. Plot layer. */
#include "plot/window/display_reason.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "plot/text/text.h"

/* 0: somebody listens there; else errno. */
static int try_socket(long number)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int errnum = 0, fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	snprintf(address.sun_path, sizeof(address.sun_path), "/tmp/.X11-unix/X%ld", number);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
		errnum = errno;
	close(fd);
	return errnum;
}

/* Of a display on this machine, ":7" or ":7.0". */
static char *local_reason(const char *display, long number)
{
	int errnum = try_socket(number);
	char *text;

	if (errnum == ENOENT || errnum == ECONNREFUSED)
		errnum = asprintf(&text, "no X server has the display %s", display);
	else if (errnum == 0)
		errnum = asprintf(&text,
				  "the X server of the display %s lets this user open none: see "
				  "xauth(1)",
				  display);
	else
		errnum = asprintf(&text, "cannot reach the X server of the display %s: %s", display,
				  strerror(errnum));
	return errnum < 0 ? NULL : text;
}

static char *reason_without_display(void)
{
	const char *wayland = getenv("WAYLAND_DISPLAY");

	return strdup(wayland != NULL && wayland[0] != '\0'
			      ? "DISPLAY is not set: in a Wayland session Xwayland provides it"
			      : "DISPLAY is not set");
}

char *display_reason(void)
{
	const char *value = getenv("DISPLAY");

	if (value == NULL || value[0] == '\0')
		return reason_without_display();
	char *display = text_clean(value, strlen(value)), *text = NULL, *end;
	const char *colon = strrchr(value, ':');
	if (display == NULL)
		return NULL;
	long number = colon != NULL ? strtol(colon + 1, &end, 10) : -1;
	if (colon == NULL || end == colon + 1 || number < 0 || (*end != '\0' && *end != '.'))
		text = strdup("DISPLAY names none: its form is [HOST]:NUMBER");
	else if (colon == value || strncmp(value, "unix:", 5) == 0)
		text = local_reason(display, number);
	else if (asprintf(&text,
			  "the X server of the display %s cannot be reached, or lets this user "
			  "open none: see xauth(1)",
			  display) < 0)
		text = NULL;
	free(display);
	return text;
}
