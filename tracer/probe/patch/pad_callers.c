/* The table of return addresses whose returns are noticed; see pad_area.h. Probe layer. */
#include "tracer/probe/patch/pad_area_private.h"

static uint64_t return_at(uint32_t index)
{
	return offsetof(struct arch_pad_data, returns) + index * sizeof(uint64_t);
}

/* Where @value is in the table, of what may be @address's; ARCH_PAD_PROBES: nowhere. */
static uint32_t find_return(const uint64_t entries[ARCH_PAD_PROBES], uint64_t value)
{
	uint32_t i = 0;

	while (i < ARCH_PAD_PROBES && entries[i] != value)
		i++;
	return i;
}

/* The entry that holds @old becomes @new, if @new is in none of those where @address's may be. */
static struct error *area_replace_return(struct pad_area *area, const struct injected *injected,
					 taddr_t address, uint64_t old, uint64_t new,
					 enum pad_return *ret)
{
	const uint32_t index = arch_pad_return_index(address.value);
	uint64_t entries[ARCH_PAD_PROBES];

	*ret = PAD_RETURN_NO_ROOM;
	if (area->data.value == 0)
		return NULL;
	struct error *err = area_read(area, injected, return_at(index), entries, sizeof(entries));
	if (err != NULL)
		return err;
	if (new != 0 && find_return(entries, new) < ARCH_PAD_PROBES) {
		*ret = PAD_RETURN_KNOWN;
		return NULL;
	}
	uint32_t i = find_return(entries, old);
	if (i == ARCH_PAD_PROBES)
		return NULL;
	*ret = PAD_RETURN_ADDED;
	return area_write(area, injected, return_at(index + i), &new, sizeof(new));
}

struct error *pad_area_add_return(struct pad_area *area, const struct injected *injected,
				  taddr_t return_address, enum pad_return *ret)
{
	return area_replace_return(area, injected, return_address, 0, return_address.value, ret);
}

struct error *pad_area_remove_return(struct pad_area *area, const struct injected *injected,
				     taddr_t return_address)
{
	enum pad_return ignored;

	return area_replace_return(area, injected, return_address, return_address.value, 0,
				   &ignored);
}
