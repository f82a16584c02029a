/* Finds r_brk; see linker_break.h. Probe layer. */
#include "tracer/probe/linker_break.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <unistd.h>

#include "tracer/base/log.h"
#include "tracer/proc/proc_file.h"
#include "tracer/probe/site.h"

/* Beyond what a linker makes; a program that runs may say anything. */
enum { HEADERS_MAX = 256, DYNAMIC_ENTRIES_MAX = 1024 };

/* What the kernel tells a program of itself (getauxval(3)); 0: not told. */
struct program_facts {
	taddr_t headers;
	uint64_t header_count;
	taddr_t entry;
};

static struct program_facts read_facts(pid_t pid)
{
	struct program_facts facts = { 0 };
	char path[32];
	Elf64_auxv_t entry;

	snprintf(path, sizeof(path), "/proc/%d/auxv", pid);
	int fd = proc_openat_soon(AT_FDCWD, path, O_RDONLY);
	if (fd < 0)
		return facts;
	while (read(fd, &entry, sizeof(entry)) == sizeof(entry)) {
		if (entry.a_type == AT_PHDR)
			facts.headers = taddr(entry.a_un.a_val);
		else if (entry.a_type == AT_PHNUM)
			facts.header_count = entry.a_un.a_val;
		else if (entry.a_type == AT_ENTRY)
			facts.entry = taddr(entry.a_un.a_val);
	}
	close(fd);
	return facts;
}

taddr_t program_entry_point(pid_t pid)
{
	return read_facts(pid).entry;
}

/* The program header of @type; *@ret_bias is what to add to addresses in headers. */
static bool find_header(const struct image *image, const struct program_facts *facts, uint32_t type,
			Elf64_Phdr *ret, uint64_t *ret_bias)
{
	bool found = false;
	Elf64_Phdr header;

	*ret_bias = 0;
	for (uint64_t i = 0; i < facts->header_count && i < HEADERS_MAX; i++) {
		taddr_t at = taddr_add(facts->headers, i * sizeof(header));
		if (address_space_read_some(image->space, at, &header, sizeof(header)) !=
		    sizeof(header))
			return false;
		if (header.p_type == PT_PHDR)
			*ret_bias = facts->headers.value - header.p_vaddr;
		if (header.p_type == type) {
			*ret = header;
			found = true;
		}
	}
	return found;
}

/* The address in DT_DEBUG; 0: there is none. */
static taddr_t find_r_debug(const struct image *image, const struct program_facts *facts)
{
	Elf64_Phdr header;
	Elf64_Dyn entry;
	uint64_t bias;

	if (!find_header(image, facts, PT_DYNAMIC, &header, &bias))
		return taddr(0);
	for (size_t i = 0; i < DYNAMIC_ENTRIES_MAX; i++) {
		taddr_t at = taddr(header.p_vaddr + bias + i * sizeof(entry));
		if (address_space_read_some(image->space, at, &entry, sizeof(entry)) !=
			    sizeof(entry) ||
		    entry.d_tag == DT_NULL)
			break;
		if (entry.d_tag == DT_DEBUG)
			return taddr(entry.d_un.d_ptr);
	}
	return taddr(0);
}

/* The address of r_brk; 0: the linker has not told it, or there is none. */
static taddr_t find_r_brk(const struct image *image, const struct program_facts *facts)
{
	taddr_t r_debug = find_r_debug(image, facts), r_brk = taddr(0);

	if (r_debug.value != 0)
		(void)address_space_read_some(image->space,
					      taddr_add(r_debug, offsetof(struct r_debug, r_brk)),
					      &r_brk.value, sizeof(r_brk.value));
	return r_brk;
}

bool linker_break_unloads(const struct image *image, pid_t pid)
{
	/* struct r_debug_extended of glibc 2.35 on: a list of name spaces, from r_version 2 on. */
	enum { NAME_SPACES_MAX = 64, VERSION_OF_LIST = 2 };
	struct {
		struct r_debug own;
		uint64_t next;
	} r_debug = { 0 };
	const struct program_facts facts = read_facts(pid);
	taddr_t at = find_r_debug(image, &facts);

	for (int i = 0; i < NAME_SPACES_MAX && at.value != 0; i++) {
		size_t got = address_space_read_some(image->space, at, &r_debug, sizeof(r_debug));
		if (got < sizeof(r_debug.own))
			return false;
		if (r_debug.own.r_state == RT_DELETE)
			return true;
		bool is_listed = r_debug.own.r_version >= VERSION_OF_LIST && got == sizeof(r_debug);
		at = taddr(is_listed ? r_debug.next : 0);
	}
	return false;
}

struct error *linker_break_find(struct image *image, struct tracee *tracee, bool *ret_found)
{
	const struct program_facts facts = read_facts(tracee->tid);
	taddr_t r_brk = find_r_brk(image, &facts);
	Elf64_Phdr header;
	uint64_t bias;
	struct site *site;

	*ret_found = true;
	if (r_brk.value != 0)
		return image_insert(image, tracee, r_brk, SITE_LINKER, &site);
	*ret_found =
		facts.entry.value != 0 && find_header(image, &facts, PT_INTERP, &header, &bias);
	return *ret_found ? image_insert(image, tracee, facts.entry, SITE_START, &site) : NULL;
}

struct error *linker_break_started(struct image *image, struct tracee *tracee)
{
	const struct program_facts facts = read_facts(tracee->tid);
	taddr_t r_brk = find_r_brk(image, &facts);
	struct site *site;

	if (r_brk.value != 0)
		return image_insert(image, tracee, r_brk, SITE_LINKER, &site);
	log_warning("the dynamic linker does not say when it loads a library: functions of "
		    "libraries that are loaded later are not found");
	return NULL;
}
