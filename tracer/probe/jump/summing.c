/* Which calls pads sum up; see summing.h. Probe layer. */
#include "tracer/probe/jump/summing.h"

#include "tracer/base/array.h"

bool image_may_sum(const struct image *image, const struct site *entry)
{
	if (image->has_no_sums || entry->roles != SITE_ENTRY || entry->patch.pad == NULL ||
	    entry->variant > 0 || entry->has_ret_sites || entry->lines != NULL)
		return false;
	return entry->is_scanned && !entry->traits.reenters && !entry->traits.leaves_by_jump &&
	       entry->traits.popped_bytes == 0;
}

static struct error *image_add_sum(struct image *image, struct site *entry)
{
	const size_t number = image->sum_count == 0 ? 1 : image->sum_count;

	if (number >= RING_SUMS)
		return NULL;
	struct error *err =
		array_reserve(&image->sum_probes, &image->sum_capacity, number + 1, sizeof(void *));
	if (err != NULL)
		return err;
	image->sum_probes[number] = entry->probe;
	image->sum_count = number + 1;
	entry->sum = (uint16_t)number;
	return NULL;
}

struct error *image_sum_calls(struct image *image, struct site *entry)
{
	struct error *err = NULL;

	if (entry->sum == 0)
		err = image_add_sum(image, entry);
	return err != NULL || entry->sum == 0
		       ? err
		       : pad_set_word(entry->patch.pad, image->space, ring_sums_word(entry->sum));
}

/* Whether the word at @slot holds the address of @function. */
static bool slot_leads_to(const struct image *image, taddr_t slot, taddr_t function)
{
	uint64_t word;

	return address_space_read_some(image->space, slot, &word, sizeof(word)) == sizeof(word) &&
	       word == function.value;
}

static bool call_goes_to(const struct image *image, const struct arch_call *call, taddr_t function)
{
	uint8_t code[ARCH_JUMP_SLOT_BYTES];
	taddr_t slot;

	if (call->is_through)
		return slot_leads_to(image, call->target, function);
	if (taddr_equal(call->target, function))
		return true;
	size_t bytes = image_read_code(image, call->target, code, sizeof(code));
	return arch_jump_slot(code, bytes, call->target, &slot) &&
	       slot_leads_to(image, slot, function);
}

/* Whether the call that returns to @behind goes to @function: that its bytes say so by chance is as good as impossible. */
static bool returns_from(const struct image *image, taddr_t behind, taddr_t function)
{
	struct arch_call calls[ARCH_CALLS_BEFORE_MAX];
	uint8_t code[ARCH_CALL_BYTES_MAX];
	bool goes = false;

	if (image_read_code(image, taddr(behind.value - sizeof(code)), code, sizeof(code)) !=
	    sizeof(code))
		return false;
	size_t count = arch_calls_before(code, sizeof(code), behind, calls);
	for (size_t i = 0; i < count; i++)
		goes = goes || call_goes_to(image, &calls[i], function);
	return goes;
}

struct error *image_sum_returns(const struct image *image, const struct site *entry,
				struct site *behind, bool *ret_is_new)
{
	struct pad *pad = behind->patch.pad;

	*ret_is_new = false;
	if (pad == NULL || behind->roles != SITE_RETURN || pad->word != 0 || behind->is_sum_refused)
		return NULL;
	if (pad->offset_bytes >
	    0) /* it knows where its jump is, which is not where the call returns */
		return NULL;
	behind->is_sum_refused = !returns_from(image, behind->address, entry->address);
	*ret_is_new = !behind->is_sum_refused;
	return behind->is_sum_refused ? NULL
				      : pad_set_word(pad, image->space, ring_sums_word(entry->sum));
}

struct error *image_end_sums(struct image *image)
{
	size_t cursor = 0;
	struct site *site;
	struct error *err = NULL;

	image->has_no_sums = true;
	while ((site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (site->patch.pad != NULL && site->patch.pad->word != 0)
			err = error_first(err, pad_set_word(site->patch.pad, image->space, 0));
	}
	return err;
}

struct probe *image_sum_probe(const struct image *image, uint32_t number)
{
	return number < image->sum_count ? image->sum_probes[number] : NULL;
}
