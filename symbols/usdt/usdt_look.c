/* A look at a program's static probes; see usdt_look.h. Symbols layer. */
#include "symbols/usdt/usdt_look.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "symbols/elf/isolate.h"
#include "symbols/elf/usdt_notes.h"

static const struct isolate_limits LOOK_LIMITS = { .cpu_s = 5, .memory_bytes = 256ULL << 20 };

static bool table_has_marks(const struct usdt_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		if (strncmp(usdt_name(table, &table->probes[i]), USDT_MARK_PROVIDER,
			    strlen(USDT_MARK_PROVIDER)) == 0)
			return true;
	}
	return false;
}

/* In the child: a byte where there are marks, nothing where there are none. */
static struct error *look_in_child(void *context, FILE *out)
{
	const int *fd = context;
	struct usdt_table table = { 0 };

	if (elf_version(EV_CURRENT) == EV_NONE)
		return error_new(ERR_FAILED, "libelf is of another time");
	Elf *elf = elf_begin(*fd, ELF_C_READ_MMAP, NULL);
	if (elf == NULL)
		return error_new(ERR_FORMAT, "%s", elf_errmsg(-1));
	struct error *err = usdt_table_read(&table, elf);
	if (err == NULL && table_has_marks(&table))
		fputc(1, out);
	usdt_table_deinit(&table);
	elf_end(elf);
	return err;
}

bool usdt_look_has_marks(const char *path)
{
	struct isolated sent = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return false;
	struct error *err = isolate_run(look_in_child, &fd, &LOOK_LIMITS, &sent);
	bool has_marks = err == NULL && sent.bytes > 0;
	error_free(err);
	isolated_deinit(&sent);
	close(fd);
	return has_marks;
}
