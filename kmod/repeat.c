// SPDX-License-Identifier: GPL-2.0
/*
 * Events that tell nothing new: what each queue would say of them waits there
 * already, or nobody watches the place. Who writes a file does so again and
 * again, and all but the first few events end here, before any walk or lock.
 *
 * A note says: "an event of these kinds of this dentry changes no queue". It is
 * made by an event that went all the way and changed none; each processor has
 * a few of its own. It holds as long as all of this does:
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
 * ends the merging into all records of a watch.
 *
 * NOBODY ELSE WATCHES. The epoch also changes when a watch was added, and when
 * an exclusion has gone. What ends needs no such care: of what is watched no
 * longer there is nothing to say.
 *
 * The writer does not take the queue's lock, so this is what orders him and
 * the reader:
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
 * struct note - events that change nothing
 * @dentry: the object's name; only compared. NULL: nothing is noted
 * @inode: the object; only compared
 * @mask: IMON_EVENT_* bits
 * @seq: rename_lock's sequence
 * @epoch: see above
 * @grace: a point in time when @dentry was in use
 */
struct note {
	const struct dentry *dentry;
	const struct inode *inode;
	u32 mask;
	unsigned int seq;
	u64 epoch;
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

/**
 * imon_repeat() - whether an event tells nothing new
 * @dentry: where it happened: a hashed name, and the only one
 * @mask: one bit of IMON_EVENT_REPEATS
 */
bool imon_repeat(const struct dentry *dentry, u32 mask)
{
	struct note *note;
	bool known;

	preempt_disable();
	note = note_of(dentry);
	known = note->dentry == dentry && note->mask & mask &&
		note->inode == READ_ONCE(dentry->d_inode);
	if (known) {
		/* What was changed is there to see before the epoch is read. */
		smp_mb();
		known = note->epoch == atomic64_read(&epoch_now) &&
			!read_seqretry(&rename_lock, note->seq) &&
			!poll_state_synchronize_rcu_full(&note->grace);
	}
	preempt_enable();
	return known;
}

/**
 * imon_repeat_note() - an event has told nothing new, nor will its like
 * @dentry: where it happened; somebody has it in use
 * @mask: some of IMON_EVENT_REPEATS
 * @epoch: from before it
 * @seq: rename_lock's sequence from before it
 */
void imon_repeat_note(const struct dentry *dentry, u32 mask, u64 epoch,
		      unsigned int seq)
{
	const struct inode *inode = READ_ONCE(dentry->d_inode);
	struct note *note;

	preempt_disable();
	note = note_of(dentry);
	/* The grace period of the older one is over sooner. */
	if (note->dentry == dentry && note->inode == inode &&
	    note->epoch == epoch && note->seq == seq &&
	    !poll_state_synchronize_rcu_full(&note->grace)) {
		note->mask |= mask;
	} else {
		note->dentry = dentry;
		note->inode = inode;
		note->mask = mask;
		note->seq = seq;
		note->epoch = epoch;
		get_state_synchronize_rcu_full(&note->grace);
	}
	preempt_enable();
}
