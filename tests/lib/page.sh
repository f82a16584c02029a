# Helpers of the tests of plot -o x.html (sourced by tests/e2e/html/*.sh).
# shellcheck shell=sh

# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
unset DISPLAY

# Debian's own python3 has selenium.
need_browser()
{
	need_command chromium
	need_command chromedriver
	/usr/bin/python3 -c 'import selenium' 2>/dev/null || skip "python3-selenium is not installed"
	export PYTHONPATH="$TESTS/lib" PYTHONDONTWRITEBYTECODE=1
}

# A main process that grows from 10 to 110 MiB in 10 s, a child, and two functions; memory has no noise.
make_line()
{
	awk 'BEGIN {
		print "CMDLINE ./work --all\nFORMAT 3 mprof-trace\nMETRIC rss\nINTERVAL 0.01"
		print "PROC 100 1 1795310486.000000000 ./work --all\nPROC 101 100 1795310489.000000000 /usr/bin/helper -x"
		for (i = 0; i <= 1000; i++) {
			printf "MEM %.6f %.9f\n", 10 + i / 10, 1795310486 + i / 100
			if (i >= 300 && i <= 800) printf "CHLD 101 %.6f %.9f\n", 20 + (i % 7), 1795310486 + i / 100
		}
		print "FUNC load 30.0 1795310488.0 70.0 1795310492.0 0 100 100"
		print "FUNC load 80.0 1795310493.0 75.0 1795310493.5 0 100 100"
		print "FUNC parse 40.0 1795310489.0 50.0 1795310490.0 1 100 100"
		print "CHFUNC load 20.0 1795310490.0 26.0 1795310490.25 0 101 101"
		print "DONE 101 1795310494.000000000 0\nPEAK 101 27.500000 1795310494.000000000"
		print "PEAK 100 111.000000 1795310496.000000000\nDONE 100 1795310496.000000000 3"
	}'
}
