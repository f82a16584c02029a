/*
 * What a stop means (loop layer). Pure: no system call, unit-tested. dispatch.c acts on it.
 */
#ifndef LOOP_DISPATCH_STOP_DECISION_H
#define LOOP_DISPATCH_STOP_DECISION_H

#include <stdbool.h>

#include "tracer/loop/dispatch/stop.h"

/* What is known of the thread that reports the stop. */
struct stop_facts {
	bool is_traced;	      /* it is a tracee that we know; else the rest but the next is false */
	bool is_untraced;     /* its pid is that of a process that is sampled, not traced */
	bool is_unfollowed;   /* its process is not followed, and in no memory but its own */
	bool is_leaving_exec; /* the exit of its execve is to come */
	bool is_unread;	      /* its calls at attach are not known yet */
	bool is_in_transfer;  /* it makes the rest of a transfer for us */
	bool awaits_sigreturn; /* the return of a handler is awaited */
};

enum stop_act {
	ACT_RESUME,	     /* nothing to be done */
	ACT_EXEC,	     /* its process runs another program */
	ACT_EXEC_LEFT,	     /* that program is mapped: probes can be inserted */
	ACT_NEW_TRACEE,	     /* it has made a thread or a process */
	ACT_EXIT,	     /* the last look at its memory */
	ACT_END,	     /* it is gone */
	ACT_END_UNTRACED,    /* a process that was sampled only is gone */
	ACT_KEEP_EARLY,	     /* nothing is known of it yet: the stop waits until there is */
	ACT_FORGET_EARLY,    /* gone before anything was known */
	ACT_LISTEN,	     /* a group-stop: it stays stopped until SIGCONT */
	ACT_LEAVE,	     /* it is detached from */
	ACT_AFTER_INTERRUPT, /* it runs on as if it had not been interrupted, if it was */
	ACT_TRANSFER,	     /* a call for the rest of its transfer begins or ends */
	ACT_SIGRETURN,	     /* perhaps the return of a handler */
	ACT_TRAP,	     /* a site of ours, or else a SIGTRAP of the program's own */
	ACT_SIGNAL,	     /* it gets a signal */
};

struct stop_decision {
	enum stop_act act;
	int signal;	     /* of ACT_TRAP and ACT_SIGNAL: to be delivered */
	bool is_vfork;	     /* of ACT_NEW_TRACEE */
	bool reads_calls;    /* before that, its calls at attach can be read now */
	bool tells_transfer; /* before that, its transfer continues or ends here */
};

struct stop_decision stop_decide(const struct stop *stop, const struct stop_facts *facts);

#endif
