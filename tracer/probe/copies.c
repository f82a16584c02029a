/* Patches in copies of code; see copies.h. Probe layer. */
#include "tracer/probe/copies.h"

#include <string.h>

#include "symbols/file/inlined.h"
#include "tracer/probe/jump/site_pad.h"
#include "tracer/probe/code/copied_code.h"
#include "tracer/probe/site.h"

/* So many addresses are remembered, which are of use again at once or never. */
enum { REMEMBERED_MAX = 1024 };

static struct error *remember(struct addr_map *map, uint64_t key, struct image *image)
{
	if (map->count >= REMEMBERED_MAX)
		addr_map_deinit(map);
	return addr_map_put(map, key, image);
}

/* What lies in front of @address may be another mapping, or none. */
static void view_read(const struct image *image, taddr_t address, struct code_view *ret)
{
	const uint64_t page = address.value & ~((uint64_t)ARCH_PAGE_BYTES - 1);
	const uint64_t near_start = address.value - CODE_REACH_BYTES;
	const uint64_t starts[] = { near_start, near_start > page ? near_start : page };

	*ret = (struct code_view){ .start = CODE_REACH_BYTES, .end = CODE_REACH_BYTES };
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		size_t offset = (size_t)(starts[i] - near_start);
		size_t got = address_space_read_some(image->space, taddr(starts[i]),
						     ret->bytes + offset, CODE_VIEW_BYTES - offset);
		if (offset + got <= CODE_REACH_BYTES)
			continue;
		ret->start = (uint8_t)offset;
		ret->end = (uint8_t)(offset + got);
		return;
	}
}

/* The jumps in @copy, of what lies around @site, become the program's own code; traps stay. */
static void hide_jumps(const struct image *image, const struct site *site, struct code_view *copy)
{
	const uint64_t from = site->address.value - CODE_REACH_BYTES;

	for (size_t i = copy->start; i < copy->end; i++) {
		const struct site *it = image_site(image, taddr(from + i));
		if (it != NULL)
			patch_hide_jump(&it->patch, copy->bytes + i, (size_t)(copy->end - i));
	}
}

/* Its code as it is now; where that is there no more, what is kept of it. */
static void source_read(const struct image *image, const struct site *site, struct code_source *ret)
{
	const struct patch *patch = &site->patch;
	const uint64_t from = site->address.value - CODE_REACH_BYTES;
	const struct pad *pad = patch->pad;
	const uint8_t extent_bytes = pad != NULL ? pad_extent_bytes(pad) : 0;

	*ret = (struct code_source){
		.displaced_bytes = extent_bytes > patch->displaced_bytes ? extent_bytes
									 : patch->displaced_bytes,
		.function_bytes = site->roles & SITE_ENTRY ? site->function_bytes : 0,
	};
	view_read(image, site->address, &ret->code);
	image_hide_patches(image, taddr(from + ret->code.start), ret->code.bytes + ret->code.start,
			   (size_t)(ret->code.end - ret->code.start));
	uint8_t *own = ret->code.bytes + CODE_REACH_BYTES;
	if (ret->code.end - CODE_REACH_BYTES < patch->code_bytes ||
	    memcmp(own, patch->code, patch->code_bytes) != 0) {
		if (pad != NULL)
			memcpy(own + pad->offset_bytes, pad->window,
			       (size_t)extent_bytes - pad->offset_bytes);
		memcpy(own, patch->code, patch->code_bytes);
		const uint8_t kept_bytes =
			extent_bytes > patch->code_bytes ? extent_bytes : patch->code_bytes;
		ret->code.start = CODE_REACH_BYTES;
		ret->code.end = (uint8_t)(CODE_REACH_BYTES + kept_bytes);
	}
	for (size_t i = ret->code.start; i < ret->code.end; i++)
		ret->may_be_trap[i] = image_site(image, taddr(from + i)) != NULL;
}

/* Whether @copy may be a copy of what is at @site. */
static bool is_copy_of(const struct image *image, const struct site *site,
		       const struct code_view *copy, struct code_source *ret_source)
{
	struct code_view own = *copy;

	source_read(image, site, ret_source);
	hide_jumps(image, site, &own);
	return copied_code_is_of(&own, ret_source);
}

/* Within an instruction there is no other trap: most sites are ruled out by that. */
static bool is_ruled_out(const struct site *site, const struct code_view *copy)
{
	const struct patch *patch = &site->patch;
	const size_t first = arch_trap_insn_bytes, bytes = patch->displaced_bytes;
	uint8_t code[ARCH_INSN_BYTES_MAX];
	size_t rest = (size_t)(copy->end - CODE_REACH_BYTES);

	if (rest < bytes)
		return true;
	rest = rest < sizeof(code) ? rest : sizeof(code);
	memcpy(code, copy->bytes + CODE_REACH_BYTES, rest);
	patch_hide_jump(patch, code, rest);
	return memcmp(code + first, patch->code + first, bytes - first) != 0;
}

/* All that @copy may be a copy of; the first of them is *@ret. */
static struct copy_verdict find_source(const struct image *image, const struct code_view *copy,
				       const struct site **ret)
{
	struct copy_verdict verdict = { 0 };
	size_t cursor = 0;
	const struct site *site;
	struct code_source source;

	*ret = NULL;
	while ((site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if ((site->roles & SITE_COPY) || is_ruled_out(site, copy) ||
		    !is_copy_of(image, site, copy, &source))
			continue;
		copy_verdict_add(&verdict, &source);
		*ret = *ret == NULL ? site : *ret;
	}
	return verdict;
}

/* Another thread may have executed the same trap meanwhile: see copies_mend. */
static struct error *write_back(struct image *image, taddr_t at, const struct site *site)
{
	struct error *err = remember(&image->mended_traps, at.value, image);
	return err != NULL ? err : patch_mend(&site->patch, image->space, at);
}

/* Whether that of @site may be in @copy, as a trap or as a jump. */
static bool may_have_patch(const struct site *site, const struct code_view *copy)
{
	const size_t jump_at =
		CODE_REACH_BYTES +
		(size_t)(site->patch.pad != NULL ? site->patch.pad->offset_bytes : 0);

	return copy->end > jump_at && (patch_may_begin_with(copy->bytes[CODE_REACH_BYTES]) ||
				       patch_may_begin_with(copy->bytes[jump_at]));
}

/* The patches of other sites that were copied together with that of @first, which is mended. */
static struct error *mend_others(struct image *image, const struct site *first, taddr_t at,
				 const struct mapping *m)
{
	const uint64_t distance = at.value - first->address.value;
	size_t cursor = 0;
	const struct site *site;
	struct code_source source;
	struct code_view copy;
	struct error *err = NULL;

	while (err == NULL && (site = addr_map_next(&image->sites, &cursor)) != NULL) {
		const taddr_t there = taddr_add(site->address, distance);
		if (there.value < m->start || there.value >= m->end ||
		    image_site(image, there) != NULL)
			continue;
		view_read(image, there, &copy);
		if (!may_have_patch(site, &copy))
			continue;
		if (is_copy_of(image, site, &copy, &source))
			err = write_back(image, there, site);
	}
	return err;
}

static struct error *find_mapping(pid_t pid, taddr_t at, struct mapping *ret)
{
	struct proc_maps maps;

	struct error *err = proc_maps_read(&maps, pid);
	if (err != NULL)
		return err;
	const struct mapping *m = proc_maps_find(&maps, at.value);
	*ret = m != NULL ? *m : (struct mapping){ 0 };
	ret->path = NULL;
	proc_maps_deinit(&maps);
	return NULL;
}

/*
 * The site of an earlier hit serves again if it stands for the same code: an instruction, or what the jump to @jumped,
 * the pad of @source, has displaced (NULL: it is a trap).
 */
static struct error *probe_copy(struct image *image, struct tracee *tracee, taddr_t at,
				const struct code_view *copy, const struct site *source,
				const struct pad *jumped, struct site **ret)
{
	struct site *known = image_site(image, at);
	struct code_view own = *copy;
	const uint8_t *code = own.bytes + CODE_REACH_BYTES;
	const uint8_t *window = code + (jumped != NULL ? jumped->offset_bytes : 0);
	const size_t rest = (size_t)(copy->end - CODE_REACH_BYTES);
	const size_t bytes = rest < ARCH_INSN_BYTES_MAX ? rest : ARCH_INSN_BYTES_MAX;

	hide_jumps(image, source, &own);
	own.bytes[CODE_REACH_BYTES] = source->patch.code[0];
	*ret = known;
	const struct pad *pad = known == NULL ? NULL : known->patch.pad;
	if (known != NULL && bytes >= known->patch.displaced_bytes &&
	    memcmp(known->patch.code, code, known->patch.displaced_bytes) == 0 &&
	    (pad == NULL || jumped == NULL ? pad == jumped
					   : pad_does(pad, window, jumped->window_bytes)))
		return NULL;
	if (known != NULL)
		image_forget_site(image, known);
	struct error *err = image_insert_copy(image, tracee, at, code, bytes, ret);
	if (err != NULL || jumped == NULL)
		return err;
	const struct pad_window displaced = {
		.code = window,
		.offset_bytes = jumped->offset_bytes,
		.bytes = jumped->window_bytes,
		.run_bytes = jumped->run_bytes,
	};
	return image_make_pad(image, tracee, *ret, &displaced);
}

static struct error *mend(struct image *image, struct tracee *tracee, taddr_t at,
			  const struct site *source, enum copy_end *ret, bool *ret_is_shared)
{
	struct mapping m;

	struct error *err = find_mapping(tracee->tid, at, &m);
	if (err != NULL)
		return err;
	*ret_is_shared = m.shared;
	if (m.shared)
		return NULL;
	*ret = COPY_MENDED;
	err = write_back(image, at, source);
	return err != NULL ? err : mend_others(image, source, at, &m);
}

bool copies_is_of_file(const struct image *image, taddr_t at)
{
	const struct module *module = image_module_at(image, at);
	uint8_t insn[8];

	if (module == NULL || module->file == NULL)
		return false;
	return symbol_file_read_code(module->file, taddr(at.value - module->bias), insn,
				     arch_trap_insn_bytes) == arch_trap_insn_bytes &&
	       memcmp(insn, arch_trap_insn, arch_trap_insn_bytes) == 0;
}

struct error *copies_mend(struct image *image, struct tracee *tracee, taddr_t at,
			  enum copy_end *ret, struct site **ret_site)
{
	const struct site *source;
	struct code_view copy;
	bool is_shared_copy = false;

	*ret = COPY_NONE;
	*ret_site = NULL;
	view_read(image, at, &copy);
	if (copy.end <= CODE_REACH_BYTES)
		return NULL;
	if (copy.bytes[CODE_REACH_BYTES] != arch_trap_insn[0]) {
		if (addr_map_get(&image->mended_traps, at.value) != NULL)
			*ret = COPY_MENDED;
		return NULL;
	}
	/* A program that executes traps of its own again and again is not searched each time. */
	uint64_t key = at.value ^ addr_map_text_key((const char *)copy.bytes, sizeof(copy.bytes));
	if (addr_map_get(&image->own_traps, key) != NULL)
		return NULL;
	struct copy_verdict verdict = find_source(image, &copy, &source);
	if (verdict.is_found && !verdict.is_unclear) {
		struct error *err = mend(image, tracee, at, source, ret, &is_shared_copy);
		if (err != NULL || !is_shared_copy)
			return err;
		*ret = COPY_PROBED;
		return probe_copy(image, tracee, at, &copy, source, NULL, ret_site);
	}
	if (verdict.is_unclear)
		*ret = COPY_UNCLEAR;
	return remember(&image->own_traps, key, image);
}

/* The site whose jump, copied with the code around it, leads to @landed; several may seem to. */
struct jump_source {
	const struct site *site; /* NULL: none */
	taddr_t at;		 /* the copy of its first instruction */
	struct code_view copy;
	bool is_mended; /* it was there until another thread came here */
	bool is_unclear;
};

static void look_for_jump(const struct image *image, const struct site *site, taddr_t at,
			  struct jump_source *found)
{
	const struct patch *patch = &site->patch;
	uint8_t jump[ARCH_JUMP_BYTES_MAX], there[ARCH_JUMP_BYTES_MAX];
	struct code_source source;
	struct code_view copy;

	const uint8_t offset = patch->pad->offset_bytes, length = pad_jump_length(patch->pad);
	if (!patch_jump(patch, jump) ||
	    address_space_read_some(image->space, taddr_add(at, offset), there, length) != length)
		return;
	bool is_there = memcmp(there, jump, length) == 0;
	bool is_mended = memcmp(there, patch->code + offset, length) == 0 &&
			 addr_map_get(&image->mended_traps, at.value) != NULL;
	if (!is_there && !is_mended)
		return;
	view_read(image, at, &copy);
	if (!is_copy_of(image, site, &copy, &source))
		return;
	if (found->site != NULL) {
		found->is_unclear = true;
		return;
	}
	*found = (struct jump_source){
		.site = site, .at = at, .copy = copy, .is_mended = is_mended
	};
}

static void find_jump(const struct image *image, taddr_t landed, struct jump_source *ret)
{
	*ret = (struct jump_source){ 0 };
	for (size_t i = 0; i < image->numbered_count; i++) {
		const struct site *site = image->numbered[i];
		if (site == NULL || (site->roles & SITE_COPY))
			continue;
		uint64_t way = pad_way_in(site->patch.pad).value - site->address.value;
		if (landed.value - way != site->address.value)
			look_for_jump(image, site, taddr(landed.value - way), ret);
	}
}

struct error *copies_mend_jump(struct image *image, struct tracee *tracee, taddr_t landed,
			       enum copy_end *ret, taddr_t *ret_at, struct site **ret_site)
{
	struct jump_source found;
	bool is_shared_copy = false;

	*ret = COPY_NONE;
	*ret_site = NULL;
	find_jump(image, landed, &found);
	*ret_at = found.at;
	if (found.site == NULL)
		return NULL;
	*ret = found.is_unclear ? COPY_UNCLEAR : COPY_MENDED;
	if (found.is_unclear || found.is_mended)
		return NULL;
	struct error *err = mend(image, tracee, found.at, found.site, ret, &is_shared_copy);
	if (err != NULL || !is_shared_copy)
		return err;
	*ret = COPY_PROBED;
	return probe_copy(image, tracee, found.at, &found.copy, found.site, found.site->patch.pad,
			  ret_site);
}
