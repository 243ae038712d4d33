// SPDX-License-Identifier: GPL-2.0-or-later
#include "mirror.hpp"

#include <poll.h>

#include <algorithm>
#include <utility>

#include <imon/error.hpp>

#include "file_list.hpp"
#include "quote.hpp"
#include "survey.hpp"

namespace imon::mirrord {

using level = spdlog::level::level_enum;

// Events that are kept in memory while the journal cannot be written; then the
// kernel keeps them.
static constexpr std::size_t unwritten_max = 100'000;
static constexpr auto write_again_after = std::chrono::seconds(1);

mirror::mirror(const mirror_settings &m, const source_tree &tree, watched watch,
	       journal &store, poller &loop, launcher &programs)
	: settings_(m)
	, log_(m.name, m.root)
	, tree_(tree)
	, events_(std::move(watch.events))
	, store_(store)
	, mounts_(tree, *events_, m.submounts, store.submounts())
	, kept_mounts_(mounts_.known())
	, loop_(loop)
	, launcher_(programs)
{
	restore(watch);
	reading_ =
		loop_.add(events_->fd(), POLLIN, [this] { readable_ = true; });
	mounting_ =
		loop_.add(mounts_.fd(), POLLPRI, [this] { mounted_ = true; });
}

/// The rules that decide what of the tree is mirrored.
static std::string rules(const replica_settings &how)
{
	std::string all;
	for (const auto *list : {&how.filters, &how.rsync_options})
		for (const std::string &rule : *list)
			all.append(rule).push_back('\0');
	return all;
}

/// Goes on where the last daemon ended; or begins anew, when events may have
/// gone unseen since.
void mirror::restore(const watched &watch)
{
	const auto before = store_.begun();
	if (!store_.damaged().empty())
		reconciled_ = "the journal was damaged, it is kept as " +
			      quote(store_.damaged());
	else if (!before)
		reconciled_ = "this is the first start";
	else
		reconciled_ = what_differs(*before, watch.now);
	if (reconciled_.empty() && (watch.fresh || watch.head < store_.last()))
		reconciled_ = "its monitor in the kernel was deleted";
	if (!reconciled_.empty()) {
		store_.begin(watch.now);
		mounts_.forget_watches();
		kept_mounts_ = mounts_.known();
	}
	last_ = written_ = store_.last();

	std::vector<std::string> names;
	for (const replica_settings &how : settings_.replicas) {
		const std::string &name = how.where.name;
		names.push_back(name);
		auto where = store_.replica(name);
		tasks todo = store_.todo(name);
		if (!where) {
			where.emplace();
			where->position = last_;
			where->initial = settings_.initial_sync;
			where->filters = rules(how);
		}
		if (where->initial || where->filters != rules(how))
			todo[""].tree = true;
		where->filters = rules(how);
		add_replica(how, names.size(), *where, std::move(todo));
	}
	store_.keep_only(names);
	const auto now = clock::now();
	store_.replay(0, [&](const event &e) { planner_.take_in(e, now); });
	// From now on: to execute again what may have been executed is not safe.
	for (replica &r : replicas_)
		r.execute_renames();
	log_.write(level::info, about::started, "{}",
		   reconciled_.empty()
			   ? "goes on with " + std::to_string(store_.size()) +
				     " event(s) of the journal"
			   : "everything is compared, as " + reconciled_);
}

void mirror::add_replica(const replica_settings &how, std::uint_fast32_t seed,
			 const standing &where, tasks todo)
{
	backlog &work = planner_.add_replica(seed, where.position);
	for (auto &[path, t] : todo) {
		t.since = where.position;
		t.born = clock::now();
		work.add(path, t);
	}
	replica &r = replicas_.emplace_back(settings_, how, work, launcher_,
					    where, seed);
	store_.keep(r.name(), where, todo);
	kept_[r.name()] = {where, std::move(todo)};
}

void mirror::show_progress(const std::function<void()> &changed)
{
	for (replica &r : replicas_)
		r.show_progress(changed);
}

/// Whatever happened until a batch ended is taken in before the batch is
/// settled: a path that was renamed or removed under rsync's eyes is pending
/// again by then.
void mirror::turn(bool stopping)
{
	const bool finished =
		std::any_of(replicas_.begin(), replicas_.end(),
			    [](const replica &r) { return r.finished(); });
	if (readable_ || finished || !unwritten_.empty())
		drain();
	if (finished && !halted_)
		settle();
	if (!stopping && !halted_) {
		start_verifications();
		start_batches();
	}
	save_some(clock::now());
	catch_up_log(clock::now());
}

void mirror::drain()
{
	constexpr std::uint32_t root_gone =
		IMON_EVENT_ROOT_DELETED | IMON_EVENT_UNMOUNT;
	if (halted_ || unwritten_.size() > unwritten_max)
		return write();
	readable_ = false;
	const auto now = clock::now();
	bool all_dirty = false;
	const dispatch_result result = events_->dispatch([&](event e) {
		if (!mounts_.place(e))
			return;
		if (e.mask & root_gone)
			halt(e.mask & IMON_EVENT_UNMOUNT ? "source unmounted"
							 : "source removed");
		// What the journal has already comes again after a crash.
		if (e.seq <= last_)
			return;
		last_ = e.seq;
		taken_in_++;
		overflows_ += (e.mask & IMON_EVENT_DIRTY) != 0;
		all_dirty |= (e.mask & IMON_EVENT_DIRTY) && e.path &&
			     e.path->empty();
		planner_.take_in(e, now);
		unwritten_.push_back(e);
	});
	std::string lost = result.lost;
	if (lost.empty() && all_dirty)
		lost = "more happened than the kernel's queue holds";
	if (!lost.empty())
		log_.write(level::warn, about::rescan,
			   "everything is compared, as {}", lost);
	if (result.gone)
		halt("the watch ended, the imon module may have been unloaded");
	if (const auto why = tree_.lost())
		halt(*why);
	write();
}

/// What cannot be written now stays with the kernel as well, unacknowledged.
void mirror::write()
{
	const auto now = clock::now();
	if (unwritten_.empty() || now < write_again_)
		return;
	try {
		store_.append(unwritten_);
		written_ = unwritten_.back().seq;
		unwritten_.clear();
		if (!journal_trouble_.empty())
			log_.write(level::info,
				   "the journal can be written again");
		journal_trouble_.clear();
	} catch (const journal_error &e) {
		write_again_ = now + write_again_after;
		if (std::exchange(journal_trouble_, e.what()) != e.what())
			log_.write(level::err,
				   "cannot write the journal: {}; nothing is "
				   "lost, but make room for it",
				   e.what());
	}
}

void mirror::settle()
{
	for (replica &r : replicas_) {
		if (r.finished())
			r.settle(clock::now());
		if (r.would_be_emptied())
			return halt("source is empty, but its replica " +
				    r.name() + " is not");
	}
}

void mirror::acknowledge()
{
	if (written_ <= acknowledged_ || halted_)
		return;
	try {
		events_->ack(written_);
		acknowledged_ = written_;
	} catch (const error &e) {
		halt(e.sentence());
	}
}

void mirror::start_verifications()
{
	const auto now = std::chrono::system_clock::now();
	for (replica &r : replicas_)
		if (const auto due = r.verification_due(); due && *due <= now)
			verify(r);
}

void mirror::start_batches()
{
	const auto now = clock::now();
	const auto ready = [&](const replica &r) {
		return r.due() && *r.due() <= now;
	};
	if (!mounted_ &&
	    std::none_of(replicas_.begin(), replicas_.end(), ready))
		return;
	const descriptor root = tree_.open();
	if (!root)
		return halt(
			tree_.lost().value_or("source replaced for a moment"));
	if (std::exchange(mounted_, false) || !settings_.submounts)
		look_at_mounts(root.get());
	find_linked_names(root.get());
	const auto held = mounts_.hold(root.get());
	const auto hidden = mounts_.hidden();
	for (replica &r : replicas_)
		if (ready(r))
			r.start(root.get(), hidden, now);
}

/// What has been mounted since is compared, if need be by the next daemon: that
/// it came is no event. The journal remembers it, so that it is missed when it
/// is gone.
void mirror::look_at_mounts(int root)
{
	for (const std::string &path : mounts_.look(root))
		for (replica &r : replicas_) {
			record &kept = kept_.at(r.name());
			const task all{.tree = true,
				       .since = kept.where.position,
				       .born = clock::now()};
			r.work().add(path, all);
			kept.todo.insert_or_assign(path, all);
		}
	if (mounts_.known() == kept_mounts_)
		return;
	try {
		for (const auto &[name, kept] : kept_)
			store_.keep(name, kept.where, kept.todo);
		store_.keep_submounts(mounts_.known());
		kept_mounts_ = mounts_.known();
	} catch (const journal_error &e) {
		mounted_ = true;
		log_.write(level::debug, "cannot save what is mounted: {}",
			   e.what());
	}
}

void mirror::find_linked_names(int root)
{
	if (planner_.linked().empty())
		return;
	std::set<std::uint64_t> inodes;
	for (const auto &[ino, t] : planner_.linked())
		inodes.insert(ino);
	planner_.pend_names(names_of(root, inodes));
}

/// The first reason stays: the others follow from it.
void mirror::halt(const std::string &why)
{
	if (!halted_) {
		halted_ = why;
		log_.write(level::err, about::halted,
			   "halted: {}; nothing was deleted because of it; "
			   "check with 'findmnt -T {}' and start imon-mirrord "
			   "again",
			   why, quote(tree_.path()));
	}
	reading_.cancel(); // what comes now stays unread
}

bool mirror::busy() const
{
	return std::any_of(replicas_.begin(), replicas_.end(),
			   [](const replica &r) { return r.running(); });
}

void mirror::terminate()
{
	for (replica &r : replicas_)
		r.terminate();
}

std::optional<clock::time_point> mirror::deadline() const
{
	if (halted_)
		return std::nullopt;
	std::optional<clock::time_point> first;
	const auto at = [&first](clock::time_point t) {
		first = std::min(first.value_or(t), t);
	};
	for (const replica &r : replicas_) {
		if (const auto due = r.due())
			at(*due);
		if (const auto due = r.verification_due())
			at(clock::now() +
			   std::chrono::duration_cast<clock::duration>(
				   *due - std::chrono::system_clock::now()));
	}
	if (!unwritten_.empty())
		at(write_again_);
	if (unsaid_)
		at(*unsaid_);
	return first;
}

} // namespace imon::mirrord
