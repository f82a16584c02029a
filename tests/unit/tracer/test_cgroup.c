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

#include "tracer/proc/cgroup.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_mount),
		cmocka_unit_test(test_figures),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
