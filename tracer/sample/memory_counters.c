/* The kernel's counters of a process's memory; see memory_parts.h. Sample layer. */
#include "tracer/sample/memory_parts.h"

#include "tracer/proc/proc_file.h"
#include "tracer/proc/proc_text.h"

struct error *memory_counters_read(pid_t pid, struct memory_counters *ret)
{
	/* The groups of a user, in front of what we look for, are the longest line. */
	enum { TEXT_BYTES = 16 * 1024 };
	static const char *const fields[PART_COUNTERS] = {
		[PART_ANON] = "RssAnon", [PART_FILE] = "RssFile",	  [PART_SHMEM] = "RssShmem",
		[PART_SWAP] = "VmSwap",	 [PART_HUGETLB] = "HugetlbPages",
	};
	char text[TEXT_BYTES];
	bool is_any = false;

	*ret = (struct memory_counters){ 0 };
	struct error *err = proc_read(text, sizeof(text), "/proc/%d/status", pid);
	for (int i = 0; err == NULL && i < PART_COUNTERS; i++)
		is_any = proc_text_add_kib(text, fields[i], &ret->bytes[i]) || is_any;
	if (err == NULL && !is_any)
		err = error_new(ERR_GONE, "process %d has no memory any more", pid);
	return err;
}
