/* What a page is; see page_look.h. Proc layer. */
#include "tracer/proc/page_look.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tracer/proc/proc_file.h"

/*
 * PAGEMAP_SCAN of Linux 6.7 (include/uapi/linux/fs.h, Documentation/admin-guide/mm/pagemap.rst), which headers of
 * older systems lack.
 */
struct scan_argument {
	uint64_t size, flags, start, end, walk_end, regions, region_count, max_pages;
	uint64_t inverted, mask, any_of, wanted;
};

struct scan_region {
	uint64_t start, end, categories;
};

enum { SCAN_FILE = 1 << 2, SCAN_PRESENT = 1 << 3, SCAN_ZERO = 1 << 5, SCAN_HUGE = 1 << 6 };

/* pagemap.rst: of the word of a page. */
static const uint64_t WORD_PRESENT = UINT64_C(1) << 63, WORD_FILE = UINT64_C(1) << 61;

uint64_t page_huge_bytes(void)
{
	const uint64_t usual_bytes = UINT64_C(2) << 20;
	uint64_t bytes = 0;
	FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "re");

	if (file == NULL)
		return usual_bytes;
	bool is_read = fscanf(file, "%ju", (uintmax_t *)&bytes) == 1;
	fclose(file);
	return is_read && bytes > 0 ? bytes : usual_bytes;
}

/* Whether the kernel's choice for huge pages is @word, in brackets. */
static bool huge_choice_is(const char *word, bool without_kernel)
{
	char text[128] = "";
	FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "re");

	if (file == NULL) /* a kernel without them */
		return without_kernel;
	size_t got = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	return got == 0 ? without_kernel : strstr(text, word) != NULL;
}

bool page_huge_is_possible(void)
{
	return !huge_choice_is("[never]", true);
}

bool page_huge_is_usual(void)
{
	return huge_choice_is("[always]", false);
}

static enum page_kind kind_of(uint64_t categories)
{
	if ((categories & SCAN_PRESENT) == 0)
		return PAGE_UNKNOWN;
	if ((categories & SCAN_ZERO) != 0)
		return PAGE_ZERO;
	if ((categories & SCAN_HUGE) != 0)
		return PAGE_HUGE;
	return (categories & SCAN_FILE) != 0 ? PAGE_OF_FILE : PAGE_SMALL;
}

/* False: this kernel has no such call. */
static bool scan_page(int fd, uint64_t page, uint64_t page_bytes, enum page_kind *ret)
{
	struct scan_region region = { 0 };
	struct scan_argument argument = {
		.size = sizeof(argument),
		.start = page,
		.end = page + page_bytes,
		.regions = (uintptr_t)&region,
		.region_count = 1,
		.wanted = SCAN_FILE | SCAN_PRESENT | SCAN_ZERO | SCAN_HUGE,
	};
	int found = ioctl(fd, _IOWR('f', 16, struct scan_argument), &argument);

	if (found < 0 && (errno == ENOTTY || errno == EINVAL))
		return false;
	*ret = found > 0 ? kind_of(region.categories) : PAGE_UNKNOWN;
	return true;
}

static enum page_kind read_page(int fd, uint64_t page, uint64_t page_bytes)
{
	uint64_t word;

	if (pread(fd, &word, sizeof(word), (off_t)(page / page_bytes * sizeof(word))) !=
		    sizeof(word) ||
	    (word & WORD_PRESENT) == 0)
		return PAGE_UNKNOWN;
	return (word & WORD_FILE) != 0 ? PAGE_OF_FILE : PAGE_SMALL;
}

enum page_kind page_look_at(struct page_look *look, pid_t pid, uint64_t address)
{
	const uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	const uint64_t page = address - address % page_bytes;
	enum page_kind kind;
	char path[64];

	if (look->pid != pid) {
		page_look_end(look);
		snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
		look->pid = pid;
		look->fd = proc_openat(-1, path, O_RDONLY | O_CLOEXEC);
	}
	if (look->fd < 0)
		return PAGE_UNKNOWN;
	if (!look->is_old_kernel && scan_page(look->fd, page, page_bytes, &kind))
		return kind;
	look->is_old_kernel = true;
	return read_page(look->fd, page, page_bytes);
}

bool page_look_resident(pid_t pid, uint64_t *ret_all, uint64_t *ret_shared)
{
	char text[128];

	struct error *err = proc_read(text, sizeof(text), "/proc/%d/statm", pid);
	bool is_read =
		err == NULL && sscanf(text, "%*s %" SCNu64 " %" SCNu64, ret_all, ret_shared) == 2;
	error_free(err);
	return is_read;
}

void page_look_end(struct page_look *look)
{
	if (look->pid != 0 && look->fd >= 0)
		close(look->fd);
	look->pid = 0;
}
