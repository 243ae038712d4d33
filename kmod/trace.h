/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM imon

#if !defined(_IMON_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _IMON_TRACE_H

#include <linux/fs.h>
#include <linux/tracepoint.h>

#include <uapi/linux/imon.h>

#include "event.h"
#include "queue.h"
#include "source.h"

#define show_imon_mask(mask)					\
	__print_flags(mask, "|",				\
		      { IMON_EVENT_CREATE, "create" },		\
		      { IMON_EVENT_DELETE, "delete" },		\
		      { IMON_EVENT_RENAME, "rename" },		\
		      { IMON_EVENT_MODIFY, "modify" },		\
		      { IMON_EVENT_CLOSE_WRITE, "close-write" }, \
		      { IMON_EVENT_ATTRIB, "attrib" },		\
		      { IMON_EVENT_LINK, "link" },		\
		      { IMON_EVENT_MULTILINK, "multilink" },	\
		      { IMON_EVENT_DIRTY, "dirty" },		\
		      { IMON_EVENT_RECURSIVE, "recursive" },	\
		      { IMON_EVENT_ROOT_DELETED, "root-deleted" }, \
		      { IMON_EVENT_ROOT_MOVED, "root-moved" },	\
		      { IMON_EVENT_UNMOUNT, "unmount" },	\
		      { IMON_EVENT_EXEC, "exec" },		\
		      { IMON_EVENT_EXIT, "exit" })

#define show_imon_step(step)					\
	__print_symbolic(step,					\
			 { IMON_STEP_OBJECT, "object" },	\
			 { IMON_STEP_DIR, "directory" },	\
			 { IMON_STEP_TOP, "subtree" },		\
			 { IMON_STEP_ROOT, "root" })

DECLARE_EVENT_CLASS(imon_told,
		    TP_PROTO(const struct imon_event *ev),
		    TP_ARGS(ev),
		    TP_STRUCT__entry(__field(dev_t, dev)
				     __field(u64, ino)
				     __field(u32, mask)),
		    TP_fast_assign(__entry->dev = ev->source->dev;
				   __entry->ino = ev->ino;
				   __entry->mask = ev->mask),
		    TP_printk("dev=%d:%d ino=%llu mask=%s",
			      MAJOR(__entry->dev), MINOR(__entry->dev), __entry->ino,
			      show_imon_mask(__entry->mask))
);

/* Something happened on a filesystem that is watched, wherever on it. */
DEFINE_EVENT(imon_told, imon_event,
	     TP_PROTO(const struct imon_event *ev),
	     TP_ARGS(ev)
);

/* Nobody knows where it happened: all trees of the filesystem are dirty. */
DEFINE_EVENT(imon_told, imon_unplaced,
	     TP_PROTO(const struct imon_event *ev),
	     TP_ARGS(ev)
);

DECLARE_EVENT_CLASS(imon_queue,
		    TP_PROTO(const struct imon_record *rec),
		    TP_ARGS(rec),
		    TP_STRUCT__entry(__field(u32, watch)
				     __field(u64, seq)
				     __field(u64, ino)
				     __field(u32, mask)),
		    TP_fast_assign(__entry->watch = rec->watch;
				   __entry->seq = rec->seq;
				   __entry->ino = rec->ino;
				   __entry->mask = rec->mask),
		    TP_printk("watch=%u seq=%llu ino=%llu mask=%s",
			      __entry->watch, __entry->seq, __entry->ino,
			      show_imon_mask(__entry->mask))
);

/* A record was made. */
DEFINE_EVENT(imon_queue, imon_queued,
	     TP_PROTO(const struct imon_record *rec),
	     TP_ARGS(rec)
);

/* An event has merged into a record. */
DEFINE_EVENT(imon_queue, imon_merged,
	     TP_PROTO(const struct imon_record *rec),
	     TP_ARGS(rec)
);

/* A record was handed to the reader. */
DEFINE_EVENT(imon_queue, imon_delivered,
	     TP_PROTO(const struct imon_record *rec),
	     TP_ARGS(rec)
);

/* There was no room for an event as it is. */
TRACE_EVENT(imon_degraded,
	    TP_PROTO(const struct imon_slot *slot, enum imon_step step),
	    TP_ARGS(slot, step),
	    TP_STRUCT__entry(__field(u32, watch)
			     __field(u32, step)),
	    TP_fast_assign(__entry->watch = slot->root.watch;
			   __entry->step = step),
	    TP_printk("watch=%u to=%s", __entry->watch,
		      show_imon_step(__entry->step))
);

/* The reader was told that records wait. */
TRACE_EVENT(imon_wake,
	    TP_PROTO(u32 monitor, u32 port, u64 seq),
	    TP_ARGS(monitor, port, seq),
	    TP_STRUCT__entry(__field(u32, monitor)
			     __field(u32, port)
			     __field(u64, seq)),
	    TP_fast_assign(__entry->monitor = monitor;
			   __entry->port = port;
			   __entry->seq = seq),
	    TP_printk("monitor=%u port=%u seq=%llu", __entry->monitor,
		      __entry->port, __entry->seq)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
