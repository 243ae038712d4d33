// SPDX-License-Identifier: GPL-2.0
/*
 * Where the next events of an object go. Who makes a file writes and closes it
 * then, and who writes one does so again and again: all but the first few events
 * end here, before any walk.
 *
 * A note says: "an event of these kinds of this dentry changes no queue", since
 * what each would say of it waits there already, or nobody watches the place; and,
 * if the object is in one watch only, in a queue of mode "state": "what else
 * happens goes into this record". It is made by an event that went all the way
 * and found it so, and learns from those that went into the record; each processor
 * has a few of its own. It holds as long as all of this does:
 *
 * THE DENTRY IS THE SAME. Nobody holds it, so another may have its address by
 * now. But a dentry is freed after a grace period of RCU, and whoever makes
 * the note has the dentry in hand: until a grace period has passed since, the
 * address is that dentry's. Inode numbers and generations need not be known: the
 * inode is compared for what a record says of it, when a file was made anew.
 *
 * IT IS WHERE IT WAS. Names move under rename_lock, and its sequence is still
 * the one of the walk. The caller looks whether it has that name still, and the
 * object has no other.
 *
 * THE RECORDS ARE STILL THERE. The epoch is still the one from before the event
 * that made the note. It changes, under the lock of the queue, when a record
 * that a note may stand for (struct imon_named.noted) leaves the queue's index:
 * it is pulled, folded, or no longer the newest of its name; and when a rename
 * ends the merging into all records of a watch. So with the lock held, and the
 * epoch the same, a noted record may be written to.
 *
 * NOBODY ELSE WATCHES. The epoch also changes when a watch or an
 * exclusion was added or removed. A file that was just made is where its CREATE has
 * been told, and can be no root of its own. A watch and its monitor are freed only
 * after a grace period that begins after that: whoever finds the epoch unchanged
 * may go to them until his section of RCU ends.
 *
 * The writer of a repeated event does not take the queue's lock, so this is what
 * orders him and the reader:
 *
 *	writer				reader
 *	changes the file		imon_repeat_forget() (a full barrier)
 *	smp_mb()			gets the record
 *	reads the epoch			looks at the file
 *
 * Either the writer sees the new epoch, and his event goes all the way, to a
 * record that the reader has not got; or the reader sees the change. It is the
 * same with who adds a watch, and then scans.
 *
 * LOCKING: Events come in task context, and a processor's notes are for whoever
 * runs on it with preemption off. Nothing here sleeps or waits.
 */
#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/hash.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/seqlock.h>

#include "repeat.h"

#define NOTES_BITS 4

/**
 * struct note - events that change nothing, or no more than one record
 * @carrier: of which object; @dentry is only compared, and NULL if nothing is
 *	noted; the record is only looked at as the above allows
 * @inode: the object; only compared
 * @mask: IMON_EVENT_* bits that change nothing
 * @grace: a point in time when the dentry was in use
 */
struct note {
	struct imon_carrier carrier;
	const struct inode *inode;
	u32 mask;
	struct rcu_gp_seq grace;
};

static DEFINE_PER_CPU(struct note[1 << NOTES_BITS], notes);
static atomic64_t epoch_now ____cacheline_aligned_in_smp;

/* With preemption off. */
static struct note *note_of(const struct dentry *dentry)
{
	return this_cpu_ptr(&notes[hash_ptr(dentry, NOTES_BITS)]);
}

/** imon_repeat_epoch() - to be had before an event looks at anything */
u64 imon_repeat_epoch(void)
{
	/* What a watch was before that epoch is seen after it. */
	return atomic64_read_acquire(&epoch_now);
}

/** imon_repeat_forget() - no note holds any more */
void imon_repeat_forget(void)
{
	/* A full barrier, before and after. */
	atomic64_inc_return(&epoch_now);
}

/* Whether a note of a dentry that is in use is true. What was changed is there to see. */
static bool note_holds(struct note *note)
{
	/* Before the epoch is read. */
	smp_mb();
	return note->carrier.epoch == atomic64_read(&epoch_now) &&
	       !read_seqretry(&rename_lock, note->carrier.seq) &&
	       !poll_state_synchronize_rcu_full(&note->grace);
}

static bool note_is_of(const struct note *note, const struct dentry *dentry)
{
	return note->carrier.dentry == dentry &&
	       note->inode == READ_ONCE(dentry->d_inode);
}

/**
 * imon_repeat() - what is known of an event
 * @dentry: where it happened: a hashed name, and the only one
 * @mask: one bit of IMON_EVENT_REPEATS
 */
enum imon_repeat imon_repeat(const struct dentry *dentry, u32 mask)
{
	enum imon_repeat known = IMON_REPEAT_NOT;
	struct note *note;

	preempt_disable();
	note = note_of(dentry);
	if (note_is_of(note, dentry)) {
		if (!(note->mask & mask))
			known = note->carrier.named ? IMON_REPEAT_CARRIER :
						      IMON_REPEAT_NOT;
		else if (note_holds(note))
			known = IMON_REPEAT_NO_NEWS;
	}
	preempt_enable();
	return known;
}

/**
 * imon_repeat_carrier() - where an event goes
 * @carrier: the result; RCU is held as long as it is looked at
 * @dentry: where it happened: a hashed name, and the only one
 *
 * Return: whether that is known.
 */
bool imon_repeat_carrier(struct imon_carrier *carrier, const struct dentry *dentry)
{
	struct note *note;
	bool known;

	preempt_disable();
	note = note_of(dentry);
	known = note_is_of(note, dentry) && note->carrier.named && note_holds(note);
	if (known)
		*carrier = note->carrier;
	preempt_enable();
	return known;
}

/**
 * imon_repeat_note() - where the next events of an object go
 * @carrier: what is known of that: @dentry, which somebody has in use, @named,
 *	and @epoch and @seq from before the event that found it
 * @mask: some of IMON_EVENT_REPEATS, which tell nothing new
 */
void imon_repeat_note(const struct imon_carrier *carrier, u32 mask)
{
	const struct inode *inode = READ_ONCE(carrier->dentry->d_inode);
	struct note *note;

	preempt_disable();
	note = note_of(carrier->dentry);
	/* The grace period of the older one is over sooner. */
	if (note->carrier.dentry == carrier->dentry && note->inode == inode &&
	    note->carrier.epoch == carrier->epoch &&
	    note->carrier.seq == carrier->seq &&
	    !poll_state_synchronize_rcu_full(&note->grace)) {
		note->mask |= mask;
	} else {
		note->mask = mask;
		note->inode = inode;
		get_state_synchronize_rcu_full(&note->grace);
	}
	note->carrier = *carrier;
	preempt_enable();
}

/**
 * imon_repeat_add() - an event has gone into a record: its like tells nothing new
 * @carrier: from imon_repeat_carrier(); somebody has @dentry in use
 * @mask: one bit of IMON_EVENT_REPEATS
 */
void imon_repeat_add(const struct imon_carrier *carrier, u32 mask)
{
	struct note *note;

	preempt_disable();
	note = note_of(carrier->dentry);
	if (note_is_of(note, carrier->dentry) &&
	    note->carrier.epoch == carrier->epoch &&
	    note->carrier.seq == carrier->seq)
		note->mask |= mask;
	preempt_enable();
}
