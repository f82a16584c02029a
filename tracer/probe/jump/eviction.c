/* The instruction behind a punned jump makes way; see eviction.h. Probe layer. */
#include "tracer/probe/jump/eviction.h"

#include <assert.h>
#include <string.h>

#include "tracer/base/log.h"
#include "tracer/probe/jump/site_pad.h"
#include "tracer/probe/jump/trampoline.h"
#include "tracer/probe/site.h"

enum {
	/* With so many prefixes each: different bytes that the two share; so often the first gets a place for nothing. */
	TRIES = 32,
	PLACES_MOST = 8,
};

/* Both instructions, with others between them perhaps, and the jump that the second one gets. */
struct pair {
	taddr_t first_at, second_at;
	unsigned gap_bytes; /* of the instructions between them, which stay as they are */
	const struct jump_window *first;
	struct jump_window second;
	uint8_t jump[ARCH_JUMP_BYTES_MAX]; /* of the second, and what is behind it */
	uint8_t prefix_bytes;		   /* of it, */
	uint8_t prefix;			   /* of arch_jump_prefixes */
	taddr_t trampoline;		   /* of it */
	const struct proc_maps *maps;	   /* as they were lately */
	/* Another will need the first's bytes: whatever prefixes that gets, it leads up, or whatever it gets, down. */
	bool is_link;
};

/*
 * Of the second: a jump over it alone, whole or punned. It must be known to be an instruction: behind a return or a jump
 * there may be padding, with which an instruction of the next function seems to begin earlier than it does.
 */
static struct error *find_second(struct jump_store *store, const struct image *image,
				 struct pair *pair, bool *ret)
{
	const struct site second = { .address = pair->second_at };
	const char *refusal;

	*ret = false;
	if (image_site(image, pair->second_at) != NULL)
		return NULL;
	struct error *err = NULL;
	for (int punned = 0; err == NULL && !*ret && punned <= 1; punned++) {
		err = jump_site_window(store, image, &second, punned == 1, &pair->second, &refusal);
		*ret = err == NULL && refusal == NULL && pair->second.is_single &&
		       pair->second.is_known;
	}
	return err;
}

/* So many bytes of the second jump are written. */
static unsigned second_bytes(const struct pair *pair)
{
	return pair->second.bytes < ARCH_JUMP_BYTES ? pair->second.bytes : ARCH_JUMP_BYTES;
}

/* The first instruction, and the second's jump behind it. */
static void first_code(const struct pair *pair, uint8_t ret[2 * ARCH_JUMP_BYTES_MAX])
{
	const unsigned before = pair->first->bytes + pair->gap_bytes;

	memcpy(ret, pair->first->code, before);
	memcpy(ret + before, pair->jump, sizeof(pair->jump));
}

/* Whether the first jump, with @prefixes, may lead to where a page can be mapped. */
static bool first_may_be(const struct image *image, const struct pair *pair, unsigned prefixes)
{
	uint8_t code[2 * ARCH_JUMP_BYTES_MAX];

	first_code(pair, code);
	return trampoline_may_be(&image->injected, pair->maps, pair->first_at, code,
				 pair->first->bytes, prefixes, 0);
}

/* Likewise the second, whose distance begins with @shared given bytes. */
static bool second_may_be(const struct image *image, const struct pair *pair, unsigned own_bytes,
			  unsigned shared)
{
	return trampoline_may_be(&image->injected, pair->maps, pair->second_at, pair->jump,
				 own_bytes, pair->prefix_bytes, shared);
}

/* Whether a page is mapped where the first jump, with so many @prefixes at most, may lead; it is found there again. */
static struct error *first_has_place(struct image *image, struct tracee *tracee,
				     const struct pair *pair, unsigned prefixes, bool *ret)
{
	uint8_t code[2 * ARCH_JUMP_BYTES_MAX], prefix_bytes;
	const struct pad_window window = {
		.code = code,
		.bytes = pair->first->bytes,
		.code_bytes = (uint8_t)(ARCH_JUMP_BYTES + prefixes),
	};
	taddr_t place;

	first_code(pair, code);
	struct error *err = trampoline_find(&image->injected, tracee, pair->first_at, &window,
					    &place, &prefix_bytes);
	*ret = err == NULL;
	return error_ignore(err, ERR_FORMAT);
}

/*
 * A jump for the second whose distance begins with @shared bytes that the first jump has, too: scattered over what these
 * may be. A whole jump's highest byte is chosen likewise: it leads up or down as the first does, for the program's heap
 * grows in one of these directions.
 */
static void begin_jump(struct pair *pair, unsigned shared, unsigned try)
{
	enum { STEP = 37, SIGN = 0x80 }; /* an odd step: every value comes */
	const unsigned opcode_at = pair->prefix_bytes;
	const uint32_t hash = (uint32_t)(pair->first_at.value * UINT64_C(0x9e3779b97f4a7c15) >> 32);
	uint8_t *distance = pair->jump + opcode_at + 1;
	const uint8_t scattered = (uint8_t)(hash + try * STEP);

	memcpy(pair->jump, pair->second.code, sizeof(pair->jump));
	pair->prefix = try % ARCH_JUMP_PREFIXES;
	memset(pair->jump, arch_jump_prefixes[pair->prefix], opcode_at);
	pair->jump[opcode_at] = ARCH_JUMP_FIRST_BYTE;
	if (second_bytes(pair) == ARCH_JUMP_BYTES)
		distance[3] = (uint8_t)((scattered & SIGN) | ((hash >> 16) + try) % SIGN);
	memcpy(distance, &hash, shared);
	if (shared > 0)
		distance[shared - 1] = scattered;
	for (unsigned i = 0; pair->is_link && i < shared; i++)
		distance[i] = (uint8_t)((distance[i] & (SIGN - 1)) | (scattered & SIGN));
}

/* Where the second jump leads, which begins with @shared given bytes of its distance. *@ret: there is a place. */
static struct error *find_second_place(struct image *image, struct tracee *tracee,
				       struct pair *pair, unsigned own_bytes, unsigned shared,
				       bool *ret)
{
	struct error *err =
		trampoline_find_given(&image->injected, tracee, pair->second_at, pair->jump,
				      own_bytes, pair->prefix_bytes, shared, &pair->trampoline);
	*ret = err == NULL && pair->trampoline.value != 0 &&
	       arch_jump_build_prefixed(pair->second_at, pair->prefix_bytes, pair->prefix,
					pair->trampoline, pair->jump);
	return err;
}

/*
 * A place for both, the first's jump with @prefixes: *@ret. What the first shares with the second is chosen at the
 * outset, so its own place is looked for before the other.
 */
static struct error *try_prefixes(struct image *image, struct tracee *tracee, struct pair *pair,
				  unsigned prefixes, bool *ret)
{
	const unsigned written = second_bytes(pair), opcode_bytes = pair->prefix_bytes + 1U;
	const unsigned own_bytes = written == ARCH_JUMP_BYTES ? ARCH_JUMP_BYTES - 1 : written;
	const unsigned needed = ARCH_JUMP_BYTES + prefixes - pair->first->bytes - pair->gap_bytes;
	const unsigned free_bytes = own_bytes - opcode_bytes;
	const unsigned beyond = needed > opcode_bytes ? needed - opcode_bytes : 0;
	const unsigned shared = pair->is_link || beyond > free_bytes ? free_bytes : beyond;
	const bool is_choice = shared > 0 || written == ARCH_JUMP_BYTES || pair->prefix_bytes > 0;
	struct error *err = NULL;
	unsigned places = 0;

	for (unsigned try = 0; err == NULL && !*ret && try < (is_choice ? TRIES : 1); try++) {
		begin_jump(pair, shared, try);
		if (places >= PLACES_MOST || !first_may_be(image, pair, prefixes) ||
		    !second_may_be(image, pair, own_bytes, shared))
			continue;
		err = first_has_place(image, tracee, pair, prefixes, ret);
		if (err != NULL || !*ret)
			continue;
		places++;
		err = find_second_place(image, tracee, pair, own_bytes, shared, ret);
	}
	return err;
}

/* So many prefixes may be in front of a jump over @window. */
static unsigned prefixes_most(const struct jump_window *window)
{
	const unsigned by_code = window->code_bytes - ARCH_JUMP_BYTES, by_own = window->bytes - 1U;

	if (window->bytes >= ARCH_JUMP_BYTES) /* a whole one leads anywhere */
		return 0;
	return by_code < by_own ? by_code : by_own;
}

static struct error *try_all_prefixes(struct image *image, struct tracee *tracee, struct pair *pair,
				      bool *ret)
{
	struct error *err = NULL;

	for (unsigned second = 0; second <= prefixes_most(&pair->second); second++) {
		pair->prefix_bytes = (uint8_t)second;
		for (unsigned first = 0; first <= prefixes_most(pair->first); first++) {
			if (ARCH_JUMP_BYTES + first <= pair->first->bytes + pair->gap_bytes)
				continue; /* it does not share anything with the second */
			err = try_prefixes(image, tracee, pair, first, ret);
			if (err != NULL || *ret)
				return err;
		}
	}
	return NULL;
}

static struct error *find_places(struct image *image, struct tracee *tracee, struct pair *pair,
				 bool *ret)
{
	struct proc_maps maps;

	*ret = false;
	struct error *err = trampoline_read_maps(&image->injected, tracee, &maps);
	if (err != NULL)
		return err;
	pair->maps = &maps;
	err = try_all_prefixes(image, tracee, pair, ret);
	proc_maps_deinit(&maps);
	pair->maps = NULL;
	return err;
}

/* The second instruction becomes a site, and that a jump. *@ret: it is one. */
static struct error *write_second(struct image *image, struct tracee *tracee,
				  const struct pair *pair, bool *ret)
{
	const struct jump_window *second = &pair->second;
	const struct pad_window window = {
		.code = second->code,
		.bytes = second->bytes,
		.run_bytes = second->run_bytes,
		.code_bytes = second->code_bytes,
		.prefix_bytes = pair->prefix_bytes,
		.prefix = pair->prefix,
		.trampoline = pair->trampoline,
	};
	struct site *site;

	struct error *err = image_insert(image, tracee, pair->second_at, SITE_EVICTED, &site);
	if (err == NULL)
		err = image_make_pad(image, tracee, site, &window);
	if (err == NULL)
		err = image_write_jump(image, site);
	*ret = err == NULL && patch_is_jump(&site->patch);
	return err;
}

/* As far as the bytes go that a jump of @window shares, the jump of @pair is there. */
static void share_jump(struct jump_window *window, const struct pair *pair)
{
	const unsigned before = window->bytes + pair->gap_bytes;
	const size_t shared = (size_t)window->code_bytes - before;

	assert(shared < ARCH_JUMP_BYTES); /* it shares no more, whatever its prefixes */
	memcpy(window->code + before, pair->jump, shared);
}

/* The instructions that a punned jump at @at shares with @window, one by one. False: there are no more. */
static bool pair_next(const struct image *image, taddr_t at, const struct jump_window *window,
		      struct pair *pair)
{
	uint8_t code[ARCH_INSN_BYTES_MAX];
	struct arch_insn insn;

	assert(window->bytes < ARCH_JUMP_BYTES);
	if (pair->first == NULL) {
		pair->gap_bytes = 0;
	} else {
		const size_t bytes = image_read_code(image, pair->second_at, code, sizeof(code));
		if (!arch_decode(code, bytes, pair->second_at, &insn))
			return false;
		pair->gap_bytes += insn.bytes;
	}
	pair->first = window;
	pair->first_at = at;
	pair->second_at = taddr_add(at, window->bytes + pair->gap_bytes);
	return window->bytes + pair->gap_bytes < window->code_bytes;
}

static bool is_same_place(taddr_t a, taddr_t b)
{
	return a.value < b.value + ARCH_TRAMPOLINE_BYTES_MAX &&
	       b.value < a.value + ARCH_TRAMPOLINE_BYTES_MAX;
}

static void tell(const struct pair *pair)
{
	log_debug("what is at %#lx has made way for the jump at %#lx",
		  (unsigned long)pair->second_at.value, (unsigned long)pair->first_at.value);
}

/*
 * A place for both, when what is behind the second makes way for that: *@ret, it has. Nothing is written before all of
 * them have a place.
 */
static struct error *find_linked(struct image *image, struct tracee *tracee,
				 struct jump_store *store, struct pair *pair, bool *ret)
{
	const struct jump_window own = pair->second;
	struct pair link = { .is_link = true };
	struct error *err = NULL;

	*ret = false;
	if (own.bytes >= ARCH_JUMP_BYTES)
		return NULL;
	while (err == NULL && !*ret && pair_next(image, pair->second_at, &own, &link)) {
		err = find_second(store, image, &link, ret);
		if (err == NULL && *ret)
			err = find_places(image, tracee, &link, ret);
		if (err != NULL || !*ret)
			continue;
		share_jump(&pair->second, &link);
		err = find_places(image, tracee, pair, ret);
		*ret = *ret && !is_same_place(link.trampoline, pair->trampoline);
		if (err == NULL && *ret)
			err = write_second(image, tracee, &link, ret);
		if (err == NULL && *ret)
			tell(&link);
		else
			pair->second = own;
	}
	return err;
}

/* Of the instructions that a punned jump at @at shares, with @window, one makes way for it. *@ret: it has. */
static struct error *evict(struct image *image, struct tracee *tracee, taddr_t at,
			   struct jump_store *store, struct jump_window *window, bool is_linked,
			   bool *ret)
{
	struct pair pair = { .first = NULL };
	struct error *err = NULL;

	*ret = false;
	while (err == NULL && !*ret && pair_next(image, at, window, &pair)) {
		err = find_second(store, image, &pair, ret);
		if (err == NULL && *ret)
			err = is_linked ? find_linked(image, tracee, store, &pair, ret)
					: find_places(image, tracee, &pair, ret);
		if (err == NULL && *ret)
			err = write_second(image, tracee, &pair, ret);
		*ret = *ret && err == NULL;
		err = error_ignore(err, ERR_FORMAT);
	}
	if (err != NULL || !*ret)
		return err;
	share_jump(window, &pair);
	tell(&pair);
	return NULL;
}

struct error *image_evict(struct image *image, struct tracee *tracee, const struct site *site,
			  struct jump_store *store, struct jump_window *window,
			  bool *ret_is_evicted)
{
	const taddr_t at = taddr_add(site->address, window->offset_bytes);

	*ret_is_evicted = false;
	if (site->roles & SITE_COPY)
		return NULL;
	struct error *err = evict(image, tracee, at, store, window, false, ret_is_evicted);
	/* What makes way may need that of another. */
	return err != NULL || *ret_is_evicted
		       ? err
		       : evict(image, tracee, at, store, window, true, ret_is_evicted);
}
