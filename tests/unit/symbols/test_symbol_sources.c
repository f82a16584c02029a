/* Unit tests of where symbols come from: searches that end-to-end tests do not see the inside of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "symbols/elf/dwfl_session.h"
#include "tests/unit/symbol_samples.h"

static const char source[] =
	"struct shared { int a, b, c; struct shared *next; };\n"
	"static int hidden(struct shared *s) { return s->a + s->b; }\n"
	"int exported(struct shared *s) { return hidden(s) + s->c; }\n"
	"int main(void) { struct shared s = { 1, 2, 3, &s }; return exported(&s); }\n";

static struct dwfl_session *session_open(const struct elf_place *place,
					 const struct symbol_sources *sources)
{
	struct dwfl_session *session;
	int fd = open(place->path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_null(dwfl_session_open(fd, place, sources, &session));
	return session;
}

/* The file that two debug files share is found by its build-id in a directory that only we know. */
static void test_shared_debug_file(void **state)
{
	(void)state;
	char path[128], dir[128];
	uint64_t bias;

	if (system("command -v dwz >/dev/null") != 0)
		skip();
	fixture_compile(
		source, "s.c",
		"cc -g -O0 -Wl,--build-id s.c -o s1 && cc -g -O0 -DX -Wl,--build-id s.c -o s2 && "
		"objcopy --only-keep-debug s1 s1.debug && objcopy --only-keep-debug s2 s2.debug && "
		"dwz -m common -M /nowhere/common s1.debug s2.debug");
	fixture_run("strip s1 && objcopy --add-gnu-debuglink=s1.debug s1 && "
		    "id=$(readelf -n common | sed -n 's/.*Build ID: //p') && "
		    "dir=tree/.build-id/$(echo $id | cut -c 1-2) && mkdir -p $dir && "
		    "mv common $dir/$(echo $id | cut -c 3-).debug");
	strcpy(path, fixture_path("s1"));
	strcpy(dir, fixture_path("tree"));
	const struct elf_place place = { path, path, "", 0 };
	for (int known = 0; known < 2; known++) {
		const struct symbol_sources sources = { .debug_dirs = known ? dir : NULL };
		struct dwfl_session *session = session_open(&place, &sources);
		Dwarf *dwarf = dwfl_session_dwarf(session, &bias);
		assert_non_null(dwarf);
		assert_int_equal(dwarf_getalt(dwarf) != NULL, known);
		dwfl_session_close(session);
	}
}

/* Below the root that a process has, before ours. */
static void test_root(void **state)
{
	(void)state;
	char root[128], path[160];
	int errnum;

	fixture_compile(
		source, "r.c",
		"cc -g -O0 -Wl,--build-id r.c -o r && mkdir -p root/opt && "
		"objcopy --only-keep-debug r root/opt/r.debug && "
		"strip -o root/opt/r r && objcopy --add-gnu-debuglink=root/opt/r.debug root/opt/r");
	strcpy(root, fixture_path("root"));
	snprintf(path, sizeof(path), "%s/opt/r", root);
	const struct symbol_sources sources = { 0 };
	const struct elf_place places[] = { { path, "/opt/r", "", 0 },
					    { path, "/opt/r", root, 0 } };
	for (int rooted = 0; rooted < 2; rooted++) {
		struct dwfl_session *session = session_open(&places[rooted], &sources);
		assert_true(dwfl_session_symbol_count(session) > 0);
		const char *debug_path = dwfl_session_debug_path(session, &errnum);
		assert_int_equal(debug_path != NULL, rooted);
		if (rooted)
			assert_string_equal(strrchr(debug_path, '/'), "/r.debug");
		dwfl_session_close(session);
	}
}

/* What cannot be read is not tried again for each process that maps it. */
static void test_failure_is_kept(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();
	const struct symbol_file *file;
	const char *path = fixture_path("cut");

	fixture_write("cut", "\177ELF\2\1\1", 7);
	struct error *err = symbol_store_get(store, path, path, &file);
	assert_non_null(err);
	error_free(err);
	assert_null(symbol_store_get(store, path, path, &file));
	assert_null(file);
	/* It is another file once it has changed. */
	fixture_write("cut", "\177ELF\2\1\1\0", 8);
	err = symbol_store_get(store, path, path, &file);
	assert_non_null(err);
	error_free(err);
	symbol_store_destroy(store);
}

/* A file that has another's name is not that one. */
static void test_inode(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();
	const struct symbol_file *file;
	struct stat status;

	fixture_compile(source, "i.c", "cc -g -O0 i.c -o i");
	const char *path = fixture_path("i");
	assert_int_equal(stat(path, &status), 0);
	struct elf_place place = { path, path, "", status.st_ino };
	assert_null(symbol_store_get_at(store, &place, &file));
	assert_non_null(file);
	place.inode++;
	for (int i = 0; i < 2; i++) {
		struct error *err = symbol_store_get_at(store, &place, &file);
		assert_non_null(err);
		assert_int_equal(error_code(err), ERR_FAILED);
		error_free(err);
	}
	symbol_store_destroy(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared_debug_file),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_failure_is_kept),
		cmocka_unit_test(test_inode),
	};
	return cmocka_run_group_tests_name("symbol_sources", tests, fixture_setup,
					   fixture_teardown);
}
