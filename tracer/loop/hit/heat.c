/* Which sites become jumps; see heat.h. Loop layer. */
#include "tracer/loop/hit/heat.h"

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/hit/pads_end.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/hit/thread_key.h"
#include "tracer/loop/signals/signal_frames.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/loop/state/tsc_look.h"
#include "tracer/probe/lines/joined_lines.h"
#include "tracer/probe/jump/promotion.h"
#include "tracer/probe/site.h"
#include "tracer/proc/thread_look.h"

/* A stop costs as much as hundreds of calls through a pad: what is hit so often has paid for one. */
enum { HITS_TO_JUMP = 32 };

/*
 * Of a module with so many stops in a second, the next hits are likely to be at sites that are hit again: there, few
 * suffice. Thousands of sites with some hits each cost as much as a single hot one.
 */
enum { WARM_STOPS = 256, HITS_TO_JUMP_WARM = 3 };

/* What keeps the whole memory from having pads, besides what is known of it already; NULL: nothing. */
static const char *space_refusal(const struct session *session, const struct image *image)
{
	if (image->is_go)
		return "frames of goroutines move";
	if (!arch_has_stable_tsc())
		return "the processor's time stamp counter is no clock";
	return session->tsc.is_unstable ? "the time stamp counter has run unevenly" : NULL;
}

static void tell_refusal(struct session *session, const struct site *site)
{
	session->counts.refused_jumps++;
	log_debug("%s at %#lx stays a trap: %s",
		  site->probe != NULL ? site->probe->name : "a return", /* */
		  (unsigned long)site->address.value, site->heat.refusal);
}

/*
 * Neither where the bytes of the jump will be, nor in a code block that leads there, and known not to return there from
 * a handler.
 */
static bool thread_is_clear(struct tracee *tracee, uint64_t since)
{
	struct thread_look look;

	if (tracee->is_exiting)
		return true;
	if (tracee->state->hit.clear_stop > since)
		return signal_frames_are_known(tracee);
	struct error *err = thread_look(tracee->process->pid, tracee->tid, &look);
	bool has_ended = err != NULL && error_code(err) == ERR_GONE;
	bool is_asleep = err == NULL && look.activity == THREAD_ASLEEP;
	error_free(err);
	if (is_asleep)
		signal_frames_read_asleep(tracee, look.sp);
	return has_ended || (is_asleep && signal_frames_are_known(tracee));
}

/* Whether a handler of a signal may return to within the window, whenever that is. */
static bool window_is_cut(const struct image *image, const struct site *site)
{
	const struct pad *pad = site->patch.pad;

	return image_is_cut(image, site->address, (size_t)pad->offset_bytes + pad->window_bytes);
}

static bool window_is_clear(const struct address_space *space, const struct tracee *but,
			    const struct site *site)
{
	if (!signal_frames_are_known(but))
		return false;
	for (const struct process *process = space->processes; process != NULL;
	     process = process->next_in_space) {
		if (process->is_untraced || process->is_launching)
			return false;
		for (struct tracee *it = process->threads; it != NULL; it = it->next) {
			if (it != but && !thread_is_clear(it, site->heat.since))
				return false;
		}
	}
	/* Last: to look at a sleeper may tell where its handlers return to. */
	return !window_is_cut(space->image, site);
}

static struct error *prepare(struct session *session, struct tracee *tracee, struct site *site)
{
	struct image *image = tracee->process->space->image;

	site->heat.refusal = space_refusal(session, image);
	if (site->heat.refusal != NULL)
		return NULL;
	struct error *err = image_prepare_jump(image, tracee, site, &session->jumps);
	site->heat.since = session->stop_number;
	return err;
}

/*
 * There may be threads in the window of @site. If that was so time and again, somebody is computing without ever being
 * seen: a punned jump displaces less, but costs a page.
 */
static struct error *displace_less(struct session *session, struct tracee *tracee,
				   struct site *site)
{
	enum { WAITS_MOST = 3 };
	struct image *image = tracee->process->space->image;
	struct site_heat *heat = &site->heat;

	if (heat->is_pun_tried || (++heat->waits < WAITS_MOST && !window_is_cut(image, site)))
		return NULL;
	heat->is_pun_tried = true;
	return image_pun_jump(image, tracee, site, &session->jumps);
}

/* The window of @site has no lines of others in it. *@ret_why: why its jump cannot be written all the same. */
static struct error *end_joined(struct session *session, struct image *image, struct site *site,
				const char **ret_why)
{
	bool are_gone;
	size_t count;

	/* What jumps there have recorded is theirs. */
	struct error *err = ring_hits_take_all(session, &count);
	if (err == NULL)
		err = joined_lines_end(image, site, &are_gone);
	if (err == NULL && !are_gone)
		site->heat.refusal = "a line that it tells of has other uses, too";
	*ret_why = site->heat.refusal;
	return err;
}

/*
 * The site has been hit often enough to be looked at. *@ret_why: what it stays a trap for, for now or, if the site
 * says so itself, for good; NULL: it is a jump from now on.
 */
static struct error *warm(struct session *session, struct tracee *tracee, struct site *site,
			  const char **ret_why)
{
	struct address_space *space = tracee->process->space;
	bool is_possible;

	*ret_why = space->image->pads.refusal;
	if (*ret_why != NULL)
		return NULL;
	*ret_why = "its thread had no thread pointer yet";
	struct error *err = thread_key_is_there(tracee, &is_possible);
	if (err == NULL && !is_possible && space_refusal(session, space->image) == NULL)
		err = thread_key_lend(tracee, &is_possible);
	if (err != NULL || !is_possible)
		return err;
	if (site->patch.pad == NULL)
		err = prepare(session, tracee, site);
	if (err == NULL && site->heat.refusal != NULL)
		tell_refusal(session, site);
	*ret_why = site->heat.refusal;
	if (err != NULL || site->heat.refusal != NULL)
		return err;
	*ret_why = "a thread might have been in front of it";
	if (site_wants_clear_window(site) && !window_is_clear(space, tracee, site)) {
		err = displace_less(session, tracee, site);
		if (err != NULL || site_wants_clear_window(site))
			return err;
	}
	*ret_why = NULL;
	if (site->heat.is_joined)
		err = end_joined(session, space->image, site, ret_why);
	if (err != NULL || *ret_why != NULL)
		return err;
	session->counts.jumps++;
	session->has_rings = true;
	err = image_write_jump(space->image, site);
	session->counts.punned_jumps += site->patch.kind == PATCH_PUNNED;
	return err;
}

/* So many hits of @site make it a jump. */
static uint32_t hits_to_jump(const struct session *session, struct image *image,
			     const struct site *site)
{
	struct module *module = image_module_at(image, site->address);

	if (session->options->probe_mode == PROBE_PAD)
		return 1;
	if (module == NULL)
		return HITS_TO_JUMP;
	if (!module->is_warm) {
		const int64_t now_ns = clock_now_ns();
		if (now_ns - module->stops_since_ns > NS_PER_S) {
			module->stops_since_ns = now_ns;
			module->stops = 0;
		}
		module->is_warm = ++module->stops >= WARM_STOPS;
	}
	return module->is_warm ? HITS_TO_JUMP_WARM : HITS_TO_JUMP;
}

/* As heat_hit, of a memory that may have pads. */
static struct error *heat_note(struct session *session, struct tracee *tracee, struct site *site,
			       const char **ret_why)
{
	struct site_heat *heat = &site->heat;

	if (!site_may_jump(site)) {
		*ret_why = heat->refusal != NULL ? heat->refusal : "it has other uses, too";
		return NULL;
	}
	const uint32_t next_try =
		heat->next_try != 0 ? heat->next_try
				    : hits_to_jump(session, tracee->process->space->image, site);
	if (++heat->hits < next_try) {
		*ret_why = heat->why != NULL ? heat->why : "it was not hit often";
		return NULL;
	}
	tsc_look(&session->tsc);
	if (!tsc_clock_is_known(&session->tsc) && !session->tsc.is_unstable) {
		heat->next_try = heat->hits + 1; /* the recording has just begun */
		*ret_why = "the recording had just begun";
		return NULL;
	}
	heat->next_try = 2 * heat->hits;
	return warm(session, tracee, site, ret_why);
}

struct error *heat_hit(struct session *session, struct tracee *tracee, struct site *site)
{
	struct image *image = tracee->process->space->image;
	const char *why = NULL;

	if (site->roles == SITE_EVICTED) /* nothing needs it any more */
		return patch_is_jump(&site->patch) ? NULL
						   : image_remove_role(image, site, SITE_EVICTED);
	if (tracee->process->state->calls.has_inner_stacks)
		return pads_give_up(tracee->process, "it has stacks within frames");
	if (session->options->probe_mode == PROBE_BREAKPOINT || session->is_releasing ||
	    image->defers_patches)
		return NULL;
	struct error *err = heat_note(session, tracee, site, &why);
	if (site->roles & SITE_OF_CALLS)
		trap_tally_note(&session->traps, image, site,
				why != NULL ? why : "it was not hit often");
	return err;
}

struct error *heat_line(struct session *session, struct tracee *tracee, struct site *site)
{
	struct image *image = tracee->process->space->image;
	struct site_heat *heat = &site->heat;
	bool is_joined;

	/* Who is in front of this one goes on to where the jump will be. */
	struct site *former =
		site->joined_to.value == 0 ? NULL : image_site(image, site->joined_to);
	if (former != NULL)
		former->heat.since = session->stop_number;
	if (site->roles != SITE_LINE || heat->refusal == NULL || heat->is_join_tried ||
	    site->joined_to.value != 0 || image->pads.refusal != NULL || session->is_releasing ||
	    image->defers_patches || image->pads.data.value == 0 ||
	    site->recorded_count++ < session->options->max_line_hits)
		return NULL;
	heat->is_join_tried = true;
	struct error *err = joined_lines_begin(image, tracee, site, &session->jumps, &is_joined);
	if (err != NULL || !is_joined)
		return err;
	heat->is_joined = heat->is_pun_tried = true; /* a jump that displaces less would not do */
	heat->refusal = NULL;
	heat->since = session->stop_number;
	heat->next_try = heat->hits + 1;
	return NULL;
}

void heat_signal(const struct tracee *tracee, taddr_t pc)
{
	const struct address_space *space = tracee->process->space;

	if (space != NULL && space->image != NULL)
		image_cut(space->image, pc);
}
