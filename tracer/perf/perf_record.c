/* Reads records of perf events; see perf_record.h. Perf layer. */
#include "tracer/perf/perf_record.h"

#include <string.h>
#include <sys/sysmacros.h>

#include <linux/perf_event.h>

#include "tracer/arch/perf_registers.h"

/* A record's body, read from left to right; one that runs over its end stays failed and reads zeros. */
struct cursor {
	const unsigned char *at, *end;
	bool is_failed;
};

/* PERF_RECORD_SAMPLE of perf_event_open(2): the fields that come before registers and stack. */
struct sample_head {
	uint64_t ip;
	uint32_t pid, tid;
	uint64_t time, address, event;
};

/* At the end of all other records, by sample_id_all. */
struct sample_id {
	uint32_t pid, tid;
	uint64_t time, event;
};

uint64_t perf_record_sample_type(void)
{
	/* With PERF_SAMPLE_PERIOD a software event writes all there is, whatever its period. */
	return PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_ADDR |
	       PERF_SAMPLE_ID | PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
}

static const unsigned char *cursor_skip(struct cursor *cursor, uint64_t bytes)
{
	const unsigned char *at = cursor->at;

	if (bytes > (uint64_t)(cursor->end - at)) {
		cursor->is_failed = true;
		cursor->at = cursor->end;
		return NULL;
	}
	cursor->at += bytes;
	return at;
}

static void cursor_read(struct cursor *cursor, void *ret, size_t bytes)
{
	const unsigned char *from = cursor_skip(cursor, bytes);

	if (from != NULL)
		memcpy(ret, from, bytes);
	else
		memset(ret, 0, bytes);
}

static uint64_t cursor_read_word(struct cursor *cursor)
{
	uint64_t word;

	cursor_read(cursor, &word, sizeof(word));
	return word;
}

static struct cursor cursor_of(const struct perf_event_header *header)
{
	const unsigned char *at = (const unsigned char *)header;

	return (struct cursor){ at + sizeof(*header), at + header->size, false };
}

int64_t perf_record_time(const struct perf_event_header *header)
{
	struct cursor cursor = cursor_of(header);
	struct sample_head head;
	struct sample_id id;

	if (header->type == PERF_RECORD_SAMPLE) {
		cursor_read(&cursor, &head, sizeof(head));
		return (int64_t)head.time;
	}
	if (cursor.end - cursor.at < (ptrdiff_t)sizeof(id))
		return 0;
	memcpy(&id, cursor.end - sizeof(id), sizeof(id));
	return (int64_t)id.time;
}

bool perf_record_is_fault(const struct perf_event_header *header)
{
	return header->type == PERF_RECORD_SAMPLE;
}

static void read_stack(struct cursor *cursor, struct perf_fault *fault)
{
	uint64_t bytes = cursor_read_word(cursor);
	if (bytes == 0)
		return;
	fault->stack = cursor_skip(cursor, bytes);
	uint64_t readable_bytes = cursor_read_word(cursor); /* of them: the rest is not mapped */
	if (!cursor->is_failed)
		fault->stack_bytes = readable_bytes < bytes ? readable_bytes : bytes;
}

static void read_sample(const struct perf_event_header *header, struct cursor *cursor,
			struct perf_record *ret)
{
	struct perf_fault *fault = &ret->fault;
	struct sample_head head;
	uint64_t words[ARCH_DWARF_REGISTERS];

	cursor_read(cursor, &head, sizeof(head));
	ret->pid = (pid_t)head.pid;
	ret->tid = (pid_t)head.tid;
	ret->event = head.event;
	fault->address = head.address;
	fault->is_in_kernel =
		(header->misc & PERF_RECORD_MISC_CPUMODE_MASK) == PERF_RECORD_MISC_KERNEL;
	uint64_t abi = cursor_read_word(cursor);
	if (abi != PERF_SAMPLE_REGS_ABI_NONE)
		cursor_read(cursor, words, sizeof(words));
	fault->has_registers = abi == arch_perf_register_abi() && !cursor->is_failed;
	if (fault->has_registers)
		arch_perf_dwarf_registers(words, fault->registers);
	read_stack(cursor, fault);
	ret->kind = PERF_FAULT;
}

/* PERF_RECORD_MMAP2; its path ends with a NUL. */
static void read_map(struct cursor *cursor, struct perf_record *ret)
{
	struct {
		uint32_t pid, tid;
		uint64_t start, bytes, offset_bytes;
		uint32_t major, minor;
		uint64_t inode, generation;
		uint32_t protection, flags;
	} map;

	cursor_read(cursor, &map, sizeof(map));
	size_t left = (size_t)(cursor->end - cursor->at);
	if (cursor->is_failed || memchr(cursor->at, '\0', left) == NULL)
		return;
	ret->kind = PERF_MAP;
	ret->map = (struct perf_map){
		.start = taddr(map.start),
		.bytes = map.bytes,
		.offset_bytes = map.offset_bytes,
		.device = makedev(map.major, map.minor),
		.inode = map.inode,
		.path = (const char *)cursor->at,
	};
}

/* PERF_RECORD_FORK and PERF_RECORD_EXIT, which are alike. */
static void read_task(const struct perf_event_header *header, struct cursor *cursor,
		      struct perf_record *ret)
{
	struct {
		uint32_t pid, parent_pid, tid, parent_tid;
		uint64_t time;
	} task;

	cursor_read(cursor, &task, sizeof(task));
	if (cursor->is_failed || task.pid != task.tid)
		return;
	ret->pid = (pid_t)task.pid;
	ret->tid = (pid_t)task.tid;
	ret->parent_pid = (pid_t)task.parent_pid;
	ret->kind = header->type == PERF_RECORD_FORK ? PERF_FORK : PERF_EXIT;
}

void perf_record_read(const struct perf_event_header *header, struct perf_record *ret)
{
	struct cursor cursor = cursor_of(header);
	struct sample_id id = { 0 };

	*ret = (struct perf_record){ .kind = PERF_OTHER, .time_ns = perf_record_time(header) };
	if (header->type == PERF_RECORD_SAMPLE) {
		read_sample(header, &cursor, ret);
		if (cursor.is_failed)
			ret->kind = PERF_OTHER;
		return;
	}
	if (cursor.end - cursor.at < (ptrdiff_t)sizeof(id))
		return;
	cursor.end -= sizeof(id);
	memcpy(&id, cursor.end, sizeof(id));
	ret->pid = (pid_t)id.pid;
	ret->tid = (pid_t)id.tid;
	ret->event = id.event;
	switch (header->type) {
	case PERF_RECORD_MMAP2:
		read_map(&cursor, ret);
		break;
	case PERF_RECORD_COMM:
		if ((header->misc & PERF_RECORD_MISC_COMM_EXEC) != 0)
			ret->kind = PERF_EXEC;
		break;
	case PERF_RECORD_FORK:
	case PERF_RECORD_EXIT:
		read_task(header, &cursor, ret);
		break;
	case PERF_RECORD_LOST:
		cursor_read_word(&cursor); /* of which event */
		ret->lost = cursor_read_word(&cursor);
		ret->kind = cursor.is_failed ? PERF_OTHER : PERF_LOST;
		break;
	default:
		break;
	}
}
