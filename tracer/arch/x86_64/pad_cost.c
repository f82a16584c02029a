/* x86-64: what passing pads takes, on this machine (arch layer). Runs pads in the process that calls it. */
#include "tracer/arch/pad.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "tracer/base/clock.h"

/*
 * A function whose window is followed by a fence, and a caller whose window lies behind the call. Without the fence the
 * processor would be in the next pads before it is out of the last ones, which a function that does something keeps it
 * from.
 */
static const uint8_t caller_code[] = { 0xe8, 0x3b, 0x00, 0x00, 0x00,	     /* call FUNCTION_AT */
				       0x0f, 0x1f, 0x44, 0x00, 0x00, 0xc3 }; /* nop; ret */
static const uint8_t function_code[] = { 0x0f, 0x1f, 0x44, 0x00, 0x00,	     /* nop */
					 0x0f, 0xae, 0xe8, 0xc3 };	     /* lfence; ret */

enum {
	CALLER_AT = 0,
	BEHIND_AT = CALLER_AT + 5,
	FUNCTION_AT = 64,
	/* In pages of their own, as in a program. */
	ENTRY_PAD_AT = 4096,
	RETURN_PAD_AT = 2 * 4096 + 1024,
	CODE_BYTES = 3 * 4096,

	SLOTS = 4 * ARCH_PAD_SEGMENT_RECORDS,
	SUM_NUMBER = 1,
	CALLS = SLOTS / 2 - 1, /* two records each: they fit into the ring */
	BATCHES = 32,
};

struct trial {
	uint8_t code[CODE_BYTES];
	struct arch_pad_data data;
	_Alignas(64) struct arch_pad_ring ring;
	struct arch_pad_record slots[SLOTS];
	struct arch_pad_sum sums[SUM_NUMBER + 1];
};

static uint64_t own_key(void)
{
	uint64_t key;

	__asm__("movq %%fs:0, %0" : "=r"(key));
	return key;
}

static taddr_t code_at(const struct trial *trial, size_t offset)
{
	return taddr((uintptr_t)trial->code + offset);
}

static void set_word(struct trial *trial, enum arch_pad_kind kind, size_t pad_at, uint32_t word)
{
	memcpy(trial->code + pad_at + arch_pad_layout(kind)->word_offset, &word, sizeof(word));
}

/* The code at @site_at jumps to a pad at @pad_at from now on. */
static struct error *plant(struct trial *trial, enum arch_pad_kind kind, size_t site_at,
			   size_t pad_at)
{
	struct arch_pad pad;

	struct error *err = arch_pad_build(kind, kind, trial->code + site_at, ARCH_JUMP_BYTES,
					   code_at(trial, site_at), taddr((uintptr_t)&trial->data),
					   code_at(trial, pad_at), &pad);
	if (err != NULL)
		return err;
	memcpy(trial->code + pad_at, pad.code, pad.code_bytes);
	return arch_jump_build(code_at(trial, site_at), code_at(trial, pad_at + pad.entry_offset),
			       trial->code + site_at)
		       ? NULL
		       : error_new(ERR_FORMAT, "a pad is out of reach");
}

static void begin(struct trial *trial)
{
	const uint64_t key = own_key();
	const uint64_t behind = code_at(trial, BEHIND_AT).value;

	memcpy(trial->code + CALLER_AT, caller_code, sizeof(caller_code));
	memcpy(trial->code + FUNCTION_AT, function_code, sizeof(function_code));
	trial->data.threads[arch_pad_thread_index(key)] =
		(struct arch_pad_thread){ key, (uintptr_t)&trial->ring };
	trial->data.returns[arch_pad_return_index(behind)] = behind;
	trial->ring.limit = SLOTS / ARCH_PAD_SEGMENT_RECORDS;
	trial->ring.fd = -1;
	trial->ring.memory_age = UINT64_MAX;
	trial->ring.mask = SLOTS - 1;
	trial->ring.sums = (uintptr_t)trial->sums;
	trial->sums[SUM_NUMBER].limit = UINT64_MAX;
}

/* The fastest of several batches: whatever else the processor does comes on top. */
static double call_ns(struct trial *trial)
{
	void (*const caller)(void) = (void (*)(void))(uintptr_t)(trial->code + CALLER_AT);
	int64_t least_ns = INT64_MAX;

	for (int batch = 0; batch < BATCHES; batch++) {
		trial->ring.published = trial->ring.head = 0;
		const int64_t start_ns = clock_now_ns();
		for (int i = 0; i < CALLS; i++)
			caller();
		const int64_t took_ns = clock_now_ns() - start_ns;
		least_ns = took_ns < least_ns ? took_ns : least_ns;
	}
	return (double)least_ns / CALLS;
}

static double above(double ns, double bare_ns)
{
	return ns > bare_ns ? ns - bare_ns : 0;
}

static struct error *measure(struct trial *trial, struct arch_pad_costs *ret)
{
	const uint32_t word = SUM_NUMBER * sizeof(struct arch_pad_sum);

	begin(trial);
	const double bare_ns = call_ns(trial);
	struct error *err = plant(trial, ARCH_PAD_CALLED, FUNCTION_AT, ENTRY_PAD_AT);
	if (err == NULL)
		err = plant(trial, ARCH_PAD_RETURNED, BEHIND_AT, RETURN_PAD_AT);
	if (err != NULL)
		return err;
	ret->record_ns = above(call_ns(trial), bare_ns) / 2;
	bool is_recorded = trial->ring.published == 2 * CALLS;
	set_word(trial, ARCH_PAD_CALLED, ENTRY_PAD_AT, word);
	set_word(trial, ARCH_PAD_RETURNED, RETURN_PAD_AT, word);
	ret->sum_ns = above(call_ns(trial), bare_ns);
	bool is_summed = trial->sums[SUM_NUMBER].count == (uint64_t)BATCHES * CALLS;
	return is_recorded && is_summed
		       ? NULL
		       : error_new(ERR_FORMAT, "pads do not record in this process");
}

struct error *arch_pad_measure(struct arch_pad_costs *ret)
{
	*ret = (struct arch_pad_costs){ 0 };
	struct trial *trial = mmap(NULL, sizeof(*trial), PROT_READ | PROT_WRITE | PROT_EXEC,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (trial == MAP_FAILED)
		return error_os(errno, "map memory for code");
	struct error *err = measure(trial, ret);
	munmap(trial, sizeof(*trial));
	return err;
}
