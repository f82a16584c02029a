/* Text for people; see text.h. Plot layer. */
#include "plot/text/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tracer/base/utf8.h"

static const char REPLACEMENT[] = "\xef\xbf\xbd"; /* U+FFFD */
static const char ELLIPSIS[] = "\xe2\x80\xa6";	  /* U+2026 */
enum { NO_BREAK_SPACE = 0xa0 };

bool text_is_utf8(const char *text, size_t bytes)
{
	uint32_t c;

	for (size_t at = 0, length; at < bytes; at += length) {
		length = utf8_decode(text + at, bytes - at, &c);
		if (length == 0)
			return false;
	}
	return true;
}

char *text_clean(const char *text, size_t bytes)
{
	char *clean = malloc(bytes * (sizeof(REPLACEMENT) - 1) + 1);
	size_t out = 0;

	if (clean == NULL)
		return NULL;
	for (size_t at = 0; at < bytes;) {
		uint32_t c;
		size_t length = utf8_decode(text + at, bytes - at, &c);
		if (length == 0) {
			memcpy(clean + out, REPLACEMENT, sizeof(REPLACEMENT) - 1);
			out += sizeof(REPLACEMENT) - 1;
			at++;
			continue;
		}
		if (character_is_bidi(c)) {
			memcpy(clean + out, REPLACEMENT, sizeof(REPLACEMENT) - 1);
			out += sizeof(REPLACEMENT) - 1;
		} else if (character_is_control(c) || c == NO_BREAK_SPACE) {
			clean[out++] = ' ';
		} else {
			memcpy(clean + out, text + at, length);
			out += length;
		}
		at += length;
	}
	clean[out] = '\0';
	return clean;
}

/* Advance widths of DejaVu Sans, U+0020 to U+007E, in hundredths of an em. */
static const unsigned char ascii_widths[] = {
	32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36,	 32, 34, 64, 64, 64,
	64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63,
	58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63,	 61, 73, 68, 99, 69,
	61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35,	 63, 63, 28, 28, 58,
	28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59,	 52, 64, 34, 64, 84,
};

static double character_width_em(uint32_t c)
{
	if (c >= 0x20 && c < 0x20 + sizeof(ascii_widths))
		return ascii_widths[c - 0x20] / 100.0;
	if (c >= 0x300 && c < 0x370)
		return 0; /* combining marks */
	if (c >= 0x200b && c <= 0x200f)
		return 0; /* joiners and marks of direction */
	/* Latin, Greek, Cyrillic, Hebrew, Arabic; what comes later may fill its whole em. */
	return c < 0x0900 ? 0.7 : 1.0;
}

double text_width_em(const char *text)
{
	size_t bytes = strlen(text);
	double width = 0;

	for (size_t at = 0; at < bytes;) {
		uint32_t c = 0xfffd;
		size_t length = utf8_decode(text + at, bytes - at, &c);
		width += character_width_em(c);
		at += length == 0 ? 1 : length;
	}
	return width;
}

bool text_has_right_to_left(const char *text)
{
	size_t bytes = strlen(text);
	uint32_t c = 0;

	for (size_t at = 0, length; at < bytes; at += length == 0 ? 1 : length) {
		length = utf8_decode(text + at, bytes - at, &c);
		if (length > 0 && ((c >= 0x590 && c < 0x900) || (c >= 0xfb1d && c < 0xff00)))
			return true;
	}
	return false;
}

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

char *text_shorten(const char *text, double width_em)
{
	size_t bytes = strlen(text);

	if (text_width_em(text) <= width_em)
		return strdup(text);
	char *kept = malloc(bytes + sizeof(ELLIPSIS));
	if (kept == NULL)
		return NULL;

	/* Takes from both ends in turn, so that the end of a command line stays as well. */
	size_t head = 0, tail = bytes;
	double left = width_em - 1.0; /* the ellipsis */
	for (bool from_head = true; head < tail; from_head = !from_head) {
		uint32_t c = 0xfffd;
		size_t at = head;
		if (!from_head) {
			for (at = tail - 1; at > head && is_continuation(text[at]);)
				at--;
		}
		size_t length = utf8_decode(text + at, tail - at, &c);
		left -= character_width_em(c);
		if (left < 0)
			break;
		if (from_head)
			head += length == 0 ? 1 : length;
		else
			tail = at;
	}
	/* It may be cut beside one that was there. */
	size_t mark = sizeof(ELLIPSIS) - 1;
	if (bytes - tail >= mark && memcmp(text + tail, ELLIPSIS, mark) == 0)
		tail += mark;
	if (head >= mark && memcmp(text + head - mark, ELLIPSIS, mark) == 0)
		head -= mark;
	memcpy(kept, text, head);
	memcpy(kept + head, ELLIPSIS, sizeof(ELLIPSIS) - 1);
	memcpy(kept + head + sizeof(ELLIPSIS) - 1, text + tail, bytes - tail + 1);
	return kept;
}

/* Three digits or so: the eye compares no more. */
static int decimals_for(double value)
{
	return value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
}

void text_format_duration(char buffer[static TEXT_FIGURE_BYTES], int64_t duration_ns)
{
	static const struct {
		double ns; /* of one unit */
		double up_to;
		const char *name;
	} units[] = {
		{ 1e3, 1000, "\xc2\xb5s" }, { 1e6, 1000, "ms" }, { 1e9, 120, "s" },
		{ 60e9, 120, "min" },	    { 3600e9, 48, "h" }, { 86400e9, INFINITY, "d" },
	};
	double ns = (double)duration_ns;

	if (duration_ns == 0 || (duration_ns < 1000 && duration_ns > -1000)) {
		snprintf(buffer, TEXT_FIGURE_BYTES, "%.0f %s", ns, duration_ns == 0 ? "s" : "ns");
		return;
	}
	size_t i = 0;
	while (fabs(ns) / units[i].ns >= units[i].up_to * 0.9995)
		i++;
	double value = ns / units[i].ns;
	snprintf(buffer, TEXT_FIGURE_BYTES, "%.*f %s", decimals_for(fabs(value)), value,
		 units[i].name);
}

void text_format_memory(char buffer[static TEXT_FIGURE_BYTES], double mib)
{
	if (mib < 1 && mib > 0)
		snprintf(buffer, TEXT_FIGURE_BYTES, "%.1f KiB", mib * 1024);
	else if (mib < 4096)
		snprintf(buffer, TEXT_FIGURE_BYTES, "%.1f MiB", mib);
	else if (mib < 4096.0 * 1024)
		snprintf(buffer, TEXT_FIGURE_BYTES, "%.2f GiB", mib / 1024);
	else
		snprintf(buffer, TEXT_FIGURE_BYTES, "%.2f TiB", mib / 1024 / 1024);
}

bool text_is_no_memory(double change_mib)
{
	static const double least_mib = 0.05 / 1024;

	return fabs(change_mib) < least_mib;
}

void text_format_rate(char buffer[static TEXT_FIGURE_BYTES], double mib_per_s)
{
	static const double slow_mib_per_s = 0.01, s_per_h = 3600;
	bool is_slow = mib_per_s > 0 && mib_per_s < slow_mib_per_s;
	char memory[TEXT_FIGURE_BYTES];

	/* A leak that shows after days is so much an hour. */
	text_format_memory(memory, is_slow ? mib_per_s * s_per_h : mib_per_s);
	snprintf(buffer, TEXT_FIGURE_BYTES, "%.*s/%c", TEXT_FIGURE_BYTES - 3, memory,
		 is_slow ? 'h' : 's');
}

const char *text_sign(double change)
{
	return change < 0 ? "\xe2\x88\x92" : "+";
}

void text_format_slope(char buffer[static TEXT_FIGURE_BYTES], double mib_per_s, double span_ns)
{
	static const double hour_s = 3600, hour_ns = 3600e9;
	bool is_long = span_ns >= hour_ns;

	snprintf(buffer, TEXT_FIGURE_BYTES, "%+.4g MiB/%s", mib_per_s * (is_long ? hour_s : 1),
		 is_long ? "h" : "s");
}

void text_format_count(char buffer[static TEXT_FIGURE_BYTES], double count)
{
	static const char *const units[] = { "", " k", " M", " G", " T" };
	size_t i = 0;

	while (i < 4 && fabs(count) >= (i == 0 ? 9999.5 : 999.5)) {
		count /= 1000;
		i++;
	}
	bool is_whole = i == 0 && count == floor(count);
	snprintf(buffer, TEXT_FIGURE_BYTES, "%.*f%s",
		 is_whole || count >= 999.5 ? 0 : decimals_for(fabs(count)), count, units[i]);
}

void text_format_date(char buffer[static TEXT_DATE_BYTES], int64_t epoch_ns)
{
	static const int64_t least_ns = 100000000 * (int64_t)1000000000; /* 1973 */
	time_t seconds = (time_t)(epoch_ns / 1000000000);
	struct tm local;

	buffer[0] = '\0';
	if (epoch_ns >= least_ns && localtime_r(&seconds, &local) != NULL)
		strftime(buffer, TEXT_DATE_BYTES, "%Y-%m-%d %H:%M:%S", &local);
}
