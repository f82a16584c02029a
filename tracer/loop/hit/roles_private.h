/*
 * What the files that play the roles of a site share (loop layer, private to roles).
 */
#ifndef LOOP_HIT_ROLES_PRIVATE_H
#define LOOP_HIT_ROLES_PRIVATE_H

#include <stdbool.h>

#include "tracer/loop/calls/site_event.h"
#include "tracer/loop/state/session.h"

/* What is special about a hit. */
enum {
	HIT_RETURNS = 1 << 0, /* a call has returned here: nothing starts */
	HIT_RESUMES = 1 << 1, /* a signal came at the last one: the thread has been here before */
};

/* A hit whose roles are played one after the other. */
struct hit {
	struct session *session;
	struct tracee *tracee;
	struct image *image;
	struct site *site;
	struct site_event event; /* as far as it has been needed */
	bool has_return_address; /* of @event */
	bool has_goroutine;
	unsigned special; /* HIT_… */
	bool is_placed;	  /* see roles_play */
};

/* Functions of libc whose calls we must know of: what a program does to signals, processes, memory. */
struct error *hit_sigmask(struct hit *hit) MUST_CHECK;
struct error *hit_sigaction(struct hit *hit) MUST_CHECK;
struct error *hit_syscall(struct hit *hit) MUST_CHECK;
struct error *hit_clone(struct hit *hit) MUST_CHECK;
struct error *hit_ptrace(struct hit *hit) MUST_CHECK;
struct error *hit_exec(struct hit *hit) MUST_CHECK;
struct error *hit_prctl(struct hit *hit) MUST_CHECK;
struct error *hit_mlockall(struct hit *hit) MUST_CHECK;

#endif
