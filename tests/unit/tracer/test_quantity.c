/* Unit tests of base/quantity: amounts of a command line. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/base/quantity.h"

static void assert_is(enum quantity quantity, const char *text, double expected)
{
	double value = -1;
	struct error *err = quantity_parse(quantity, text, &value);

	if (err != NULL)
		fail_msg("%s: %s", text, error_message(err));
	if (fabs(value - expected) > fabs(expected) * 1e-12)
		fail_msg("%s: %.17g, not %.17g", text, value, expected);
}

static void assert_refused(enum quantity quantity, const char *text)
{
	double value;
	struct error *err = quantity_parse(quantity, text, &value);

	if (err == NULL)
		fail_msg("\"%s\" was taken as %.17g", text, value);
	assert_int_equal(error_code(err), ERR_USAGE);
	assert_ptr_equal(strstr(error_message(err), text), error_message(err));
	error_free(err);
}

static void test_memory(void **state)
{
	(void)state;
	assert_is(QUANTITY_MEMORY, "500M", 500);
	assert_is(QUANTITY_MEMORY, "1.5GiB", 1536);
	assert_is(QUANTITY_MEMORY, "12K", 12 / 1024.);
	assert_is(QUANTITY_MEMORY, "1MB", 1e6 / 1048576);
	assert_is(QUANTITY_MEMORY, "4096B", 4096 / 1048576.);
	assert_is(QUANTITY_MEMORY, "-2M", -2);
	assert_is(QUANTITY_MEMORY, "+.5M", 0.5);
	assert_is(QUANTITY_MEMORY, "2T", 2 * 1048576.);
	assert_is(QUANTITY_MEMORY, "0", 0);
	static const char *const refused[] = { "",    "M",    "500",  "500m",	"500 M", "0x10M",
					       "nan", "infM", "1e3M", "1.2.3M", "--1M",	 "5%",
					       "5MM", "5M/s", ".M",   "500Mib" };
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_refused(QUANTITY_MEMORY, refused[i]);
}

static void test_others(void **state)
{
	(void)state;
	assert_is(QUANTITY_TIME, "2s", 2e9);
	assert_is(QUANTITY_TIME, "300ms", 3e8);
	assert_is(QUANTITY_TIME, "1.5min", 90e9);
	assert_is(QUANTITY_TIME, "7us", 7000);
	assert_is(QUANTITY_TIME, "7\xc2\xb5s", 7000);
	assert_refused(QUANTITY_TIME, "2");
	assert_refused(QUANTITY_TIME, "2M");
	assert_is(QUANTITY_RATE, "1M/s", 1);
	assert_is(QUANTITY_RATE, "36MiB/h", 0.01);
	assert_is(QUANTITY_RATE, "-60K/min", -1 / 1024.);
	assert_refused(QUANTITY_RATE, "1M");
	assert_refused(QUANTITY_RATE, "1M/");
	assert_refused(QUANTITY_RATE, "1/s");
	assert_refused(QUANTITY_RATE, "1M/s/s");
	assert_is(QUANTITY_COUNT, "10", 10);
	assert_refused(QUANTITY_COUNT, "1.5");
	assert_refused(QUANTITY_COUNT, "10k");
	/* More digits than a double has room for. */
	char digits[400];
	memset(digits, '9', sizeof(digits) - 1);
	digits[sizeof(digits) - 1] = '\0';
	assert_refused(QUANTITY_COUNT, digits);
}

static void test_percent(void **state)
{
	(void)state;
	double value;

	assert_true(quantity_parse_percent("+5%", &value));
	assert_float_equal(value, 5, 0);
	assert_true(quantity_parse_percent("-0.5%", &value));
	assert_float_equal(value, -0.5, 0);
	assert_false(quantity_parse_percent("5", &value));
	assert_false(quantity_parse_percent("%", &value));
	assert_false(quantity_parse_percent("5%%", &value));
}

/* What is written is read as no less, and as no more than a tenth of a percent above. */
static void test_written_is_read(void **state)
{
	(void)state;
	static const double values[] = { 0,    1,	10,	 347.123, 0.00012, 99999.5, -3.1415,
					 1e-3, 1023.99, 1048576, 7.77e9,  5e12,	   1. / 3 };

	for (enum quantity quantity = 0; quantity <= QUANTITY_COUNT; quantity++) {
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			char text[QUANTITY_TEXT_BYTES];
			double back, value = values[i];
			if (quantity == QUANTITY_COUNT)
				value = fabs(ceil(value));
			if (quantity == QUANTITY_TIME)
				value *= 1e6;
			quantity_write(quantity, value, text);
			assert_null(quantity_parse(quantity, text, &back));
			if (back < value - fabs(value) * 1e-8 || back > value + fabs(value) * 1e-3)
				fail_msg("%.17g became %s, %.17g", value, text, back);
		}
	}
	char text[QUANTITY_TEXT_BYTES];
	quantity_write(QUANTITY_MEMORY, 550, text);
	assert_string_equal(text, "550M");
	quantity_write(QUANTITY_TIME, 2e9, text);
	assert_string_equal(text, "2s");
	quantity_write(QUANTITY_COUNT, 11, text);
	assert_string_equal(text, "11");
}

static void test_whole(void **state)
{
	(void)state;
	static const char *const none[] = { "",
					    "-1",
					    "+1",
					    " 1",
					    "1 ",
					    "1k",
					    "0x1",
					    "9223372036854775808",
					    "99999999999999999999" };
	uint64_t number;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(quantity_parse_whole(none[i], &number));
	assert_true(quantity_parse_whole("0", &number) && number == 0);
	assert_true(quantity_parse_whole("0012", &number) && number == 12);
	assert_true(quantity_parse_whole("922337203685477580", &number) &&
		    number == 922337203685477580);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_others),		cmocka_unit_test(test_percent),
		cmocka_unit_test(test_written_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
