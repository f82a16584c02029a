/* Unit tests of proc/cgroup: where a process's memory controller is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/proc/groups/cgroup.h"
#include "tracer/proc/groups/cgroup_place.h"

static void assert_path(const char *text, const char *path, bool is_v2)
{
	bool found_v2;
	const char *found = cgroup_parse_path(text, &found_v2);

	if (path == NULL) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_true(strncmp(found, path, strlen(path)) == 0);
	assert_true(found[strlen(path)] == '\n' || found[strlen(path)] == '\0');
	assert_int_equal(found_v2, is_v2);
}

static void test_path(void **state)
{
	(void)state;
	assert_path("0::/user.slice/a b\n", "/user.slice/a b", true);
	assert_path("9:name=systemd:/\n4:memory:/job:7\n0::/\n", "/job:7", false);
	assert_path("0::/x\n5:cpu,memory,cpuacct:/both\n", "/both", false);
	/* Others have the word in their names. */
	assert_path("3:hugememory:/a\n2:name=memory:/b\n0::/c", "/c", true);
	assert_path("3:cpuset:/memory\n", NULL, false);
	assert_path("", NULL, false);
	assert_path("memory\n\n::\n:memory:\n", "", false);
}

static void assert_mount(const char *line, bool is_v2, const char *root, const char *point)
{
	const char *found_root, *found_point;

	if (root == NULL) {
		assert_false(cgroup_parse_mount(line, is_v2, &found_root, &found_point));
		return;
	}
	assert_true(cgroup_parse_mount(line, is_v2, &found_root, &found_point));
	assert_true(strncmp(found_root, root, strlen(root)) == 0 &&
		    found_root[strlen(root)] == ' ');
	assert_true(strncmp(found_point, point, strlen(point)) == 0 &&
		    found_point[strlen(point)] == ' ');
}

static void test_mount(void **state)
{
	(void)state;
	static const char v1[] =
		"35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n";
	static const char v2[] =
		"41 31 0:38 /top /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";

	assert_mount(v1, false, "/", "/sys/fs/cgroup/memory");
	assert_mount(v1, true, NULL, NULL);
	assert_mount(v2, true, "/top", "/sys/fs/cgroup");
	assert_mount(v2, false, NULL, NULL);
	assert_mount("35 31 0:32 / /m rw - cgroup cgroup rw,memory_recursiveprot\n", false, NULL,
		     NULL);
	assert_mount("35 31 0:32 / /m rw - tmpfs tmpfs rw,memory\n", false, NULL, NULL);
	assert_mount("35 31 0:32 /", false, NULL, NULL);
	assert_mount("35 31 0:32 / /m rw - cgroup", false, NULL, NULL);
	assert_mount("", true, NULL, NULL);
}

/* @rest: NULL: @path is not in a mount of @root. */
static void assert_within(const char *path, const char *root, const char *rest, unsigned unknown)
{
	const char *found_rest;
	unsigned found_unknown;

	if (rest == NULL) {
		assert_false(cgroup_place_within(path, root, &found_rest, &found_unknown));
		return;
	}
	assert_true(cgroup_place_within(path, root, &found_rest, &found_unknown));
	assert_string_equal(found_rest, rest);
	assert_int_equal(found_unknown, unknown);
}

static void test_within(void **state)
{
	(void)state;
	assert_within("/", "/", "", 0);
	assert_within("/a/b", "/", "/a/b", 0);
	assert_within("/a/b", "/a", "/b", 0);
	assert_within("/a/b", "/a/b", "", 0);
	assert_within("/a", "/a/b", NULL, 0);
	assert_within("/ab", "/a", NULL, 0);
	assert_within("/b", "/a", NULL, 0);
	/* In a cgroup namespace: what is above its root, and beside. */
	assert_within("/..", "/", NULL, 0);
	assert_within("/../b", "/", NULL, 0);
	assert_within("/../../b", "/..", NULL, 0);
	assert_within("/../b", "/..", "/b", 0);
	assert_within("/../../b/c", "/../..", "/b/c", 0);
	assert_within("/../../b/c", "/../../b", "/c", 0);
	assert_within("/../../b", "/../../c", NULL, 0);
	/* A mount of more: names between are not known. */
	assert_within("/../b", "/../../..", "/b", 2);
	assert_within("/a/b", "/../..", "/a/b", 2);
	assert_within("/", "/..", "", 1);
	assert_within("/..", "/../..", "", 1);
	assert_within("/a/../b", "/", NULL, 0);
	assert_within("", "", "", 0);
	assert_within("/...", "/", "/...", 0);
}

static void write_figure(const char *directory, const char *name, const char *text)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void test_figures(void **state)
{
	char top[] = "/tmp/mprof_trace_test.XXXXXX", inner[64];
	struct cgroup cgroup = { .is_v2 = true };
	uint64_t bytes;

	(void)state;
	assert_non_null(mkdtemp(top));
	snprintf(inner, sizeof(inner), "%s/job", top);
	assert_int_equal(mkdir(inner, 0700), 0);
	cgroup.directory = strdup(inner);
	cgroup.root_bytes = strlen(top);
	write_figure(inner, "memory.current", "12345678901\n");
	write_figure(inner, "memory.max", "max\n");
	assert_null(cgroup_read(&cgroup, CGROUP_USAGE, &bytes));
	assert_true(bytes == UINT64_C(12345678901));
	assert_null(cgroup_read(&cgroup, CGROUP_LIMIT, &bytes));
	assert_true(bytes == CGROUP_NO_LIMIT);
	assert_true(cgroup_limit(&cgroup) == CGROUP_NO_LIMIT);
	/* That of the one above holds, too. */
	write_figure(top, "memory.max", "4096000\n");
	assert_true(cgroup_limit(&cgroup) == 4096000);
	write_figure(inner, "memory.max", "8192000\n");
	assert_true(cgroup_limit(&cgroup) == 4096000);
	write_figure(inner, "memory.max", "2048000\n");
	assert_true(cgroup_limit(&cgroup) == 2048000);
	struct error *err = cgroup_read(&cgroup, CGROUP_PEAK, &bytes);
	assert_non_null(err);
	error_free(err);
	cgroup.is_v2 = false;
	write_figure(inner, "memory.limit_in_bytes", "9223372036854771712\n");
	assert_true(cgroup_limit(&cgroup) == CGROUP_NO_LIMIT);
	static const char *const names[] = { "job/memory.current", "job/memory.max", "memory.max",
					     "job/memory.limit_in_bytes" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[128];
		snprintf(path, sizeof(path), "%s/%s", top, names[i]);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(inner), 0);
	assert_int_equal(rmdir(top), 0);
	cgroup_deinit(&cgroup);
}

static void make_directory(const char *top, const char *below, const char *pids)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", top, below);
	assert_int_equal(mkdir(path, 0700), 0);
	if (pids != NULL)
		write_figure(path, "cgroup.procs", pids);
}

static void assert_searched(const char *top, unsigned unknown, const char *rest, pid_t pid,
			    const char *below)
{
	char expected[128];
	char *found;

	cgroup_place_search(top, unknown, rest, pid, &found);
	if (below == NULL) {
		assert_null(found);
		return;
	}
	snprintf(expected, sizeof(expected), "%s%s", top, below);
	assert_string_equal(found, expected);
	free(found);
}

static void test_search(void **state)
{
	char top[] = "/tmp/mprof_trace_test.XXXXXX", command[64];

	(void)state;
	assert_non_null(mkdtemp(top));
	make_directory(top, "one", NULL);
	make_directory(top, "one/x", "11\n12\n");
	make_directory(top, "two", "1\n");
	make_directory(top, "two/x", "21\n22\n");
	make_directory(top, "two/x/y", "2\n23\n");
	assert_searched(top, 1, "/x", 12, "/one/x");
	assert_searched(top, 1, "/x", 22, "/two/x");
	assert_searched(top, 1, "/x", 2, NULL);
	assert_searched(top, 2, "/y", 2, "/two/x/y");
	assert_searched(top, 2, "", 11, "/one/x");
	assert_searched(top, 0, "/two", 1, "/two");
	assert_searched(top, 3, "/z", 23, NULL);
	assert_searched(top, 1000000, "/x", 12, NULL);
	assert_searched("/no/such/place", 2, "/x", 12, NULL);
	snprintf(command, sizeof(command), "rm -rf %s", top);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path),	cmocka_unit_test(test_mount),
		cmocka_unit_test(test_within),	cmocka_unit_test(test_search),
		cmocka_unit_test(test_figures),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
