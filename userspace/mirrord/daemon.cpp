// SPDX-License-Identifier: GPL-2.0-or-later
#include "daemon.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include <imon/error.hpp>
#include <spdlog/spdlog.h>

#include "quote.hpp"
#include "settings_change.hpp"
#include "terminal.hpp"

namespace imon::mirrord {

namespace fs = std::filesystem;

// How long a running rsync may go on after the daemon was told to end.
static constexpr auto grace = std::chrono::seconds(10);

/// What a running daemon adds to what was asked for: its own folder, and whoever
/// uses ssh as it is set up here shares one connection per host for all batches,
/// as to make one takes longer than most batches.
static mirror_settings at_home(mirror_settings m, const std::string &socket)
{
	const std::string folder = fs::path(socket).parent_path();
	// Files in the source would be changes to be looked at.
	for (replica_settings &r : m.replicas)
		r.scratch = folder;
	// rsync splits the command at blanks.
	if (folder.empty() ||
	    folder.find_first_of(" '\"%") != std::string::npos)
		return m;
	for (replica_settings &r : m.replicas)
		if (r.rsh.starts_with(replica_settings().rsh))
			r.rsh += " -oControlMaster=auto -oControlPersist=30"
				 " -oControlPath=" +
				 folder + "/ssh-%C";
	return m;
}

static void make_folder(const fs::path &folder)
{
	std::error_code e;
	fs::create_directories(folder, e);
	if (e)
		throw error(e.value(), "cannot make " + quote(folder.string()) +
					       ": " + e.message() +
					       "; see --state and --socket");
}

static std::string journal_file(const settings &all, const mirror_settings &m)
{
	make_folder(all.state_directory);
	make_folder(fs::path(all.control_socket).parent_path());
	return all.state_directory + '/' + m.name + ".journal";
}

static journal open_journal(const std::string &file)
{
	try {
		return journal(file);
	} catch (const journal_error &e) {
		throw error(EIO, "cannot open the journal " + quote(file) +
					 ": " + e.what() +
					 "; see 'imon-mirror status'");
	}
}

daemon::station::station(const mirrord::settings &all,
			 const mirror_settings &wanted, poller &loop)
	: settings(at_home(wanted, all.control_socket))
	, tree(settings.root)
	, store(open_journal(journal_file(all, settings)))
	, programs(loop, tree)
	, work(settings, tree, watch(settings, tree), store, loop, programs)
{
}

daemon::daemon(const settings &wanted, std::function<settings()> again,
	       poller &loop)
	: settings_(wanted)
	, log_(wanted.instance)
	, again_(std::move(again))
	, loop_(loop)
{
	for (const mirror_settings &m : settings_.mirrors)
		add(m);
}

void daemon::add(const mirror_settings &wanted)
{
	stations_.push_back(
		std::make_unique<station>(settings_, wanted, loop_));
	if (is_terminal())
		stations_.back()->work.show_progress(
			[this] { draw_progress(); });
}

std::optional<std::string> daemon::run()
{
	manager_.ready();
	while (!stopping_) {
		turn();
		if (stopping_ || all_halted())
			break;
		loop_.wait(deadline());
	}
	wind_up();
	return all_halted();
}

void daemon::turn()
{
	for (auto &s : stations_)
		s->work.turn(stopping_);
	unsaid_ = log_.catch_up(clock::now());
	manager_.status(status());
	for (auto &s : stations_)
		s->work.acknowledge();
	if (turned_)
		turned_();
}

/// Lets what runs come to its end, within bounds.
void daemon::wind_up()
{
	const auto why = all_halted();
	manager_.stopping(why ? "halted: " + *why : "stopping");
	const auto patience = clock::now() + grace;
	while (busy() && clock::now() < patience)
		loop_.wait(patience);
	for (auto &s : stations_)
		s->work.terminate();
	while (busy() && clock::now() < patience + grace)
		loop_.wait(patience + grace);
	for (auto &s : stations_) {
		s->work.turn(true);
		s->work.save();
		s->work.acknowledge();
	}
}

bool daemon::busy() const
{
	return std::any_of(stations_.begin(), stations_.end(),
			   [](const auto &s) { return s->work.busy(); });
}

/// Why, when none is left that does anything.
std::optional<std::string> daemon::all_halted() const
{
	std::optional<std::string> why;
	for (const auto &s : stations_) {
		if (!s->work.halted())
			return std::nullopt;
		why = why.value_or(*s->work.halted());
	}
	return why;
}

std::optional<clock::time_point> daemon::deadline()
{
	auto first = manager_.alive(clock::now());
	const auto at = [&first](std::optional<clock::time_point> due) {
		if (due)
			first = std::min(first.value_or(*due), *due);
	};
	at(unsaid_);
	for (const auto &s : stations_)
		at(s->work.deadline());
	return first;
}

std::string daemon::status() const
{
	if (stations_.size() == 1)
		return stations_.front()->work.status();
	std::string text;
	bool all = true;
	for (const auto &s : stations_) {
		all &= s->work.status() == "in sync";
		text += (text.empty() ? "" : "; ") + s->work.name() + ": " +
			s->work.status();
	}
	return all ? "in sync" : text;
}

void daemon::draw_progress() const
{
	std::string line;
	for (const auto &s : stations_)
		for (const replica &r : s->work.replicas())
			if (!r.progress().empty())
				line += (line.empty() ? "" : " | ") + r.name() +
					" " + r.progress();
	std::fprintf(stderr, "%s%.200s", clear_line, line.c_str());
}

std::vector<mirror_report> daemon::report()
{
	std::vector<mirror_report> all;
	for (const auto &s : stations_)
		all.push_back(s->work.report());
	return all;
}

std::vector<path_report> daemon::why(const std::string &path)
{
	std::vector<path_report> all;
	for (const auto &s : stations_)
		for (path_report &p : s->work.why(path))
			all.push_back(std::move(p));
	return all;
}

bookmark daemon::now()
{
	bookmark all;
	for (const auto &s : stations_)
		all[s->work.name()] = s->work.now();
	return all;
}

std::size_t daemon::each(const selection &which,
			 const std::function<void(mirror &, replica &)> &what)
{
	std::size_t n = 0;
	for (const auto &s : stations_) {
		if (!which.mirror.empty() && which.mirror != s->work.name())
			continue;
		for (replica &r : s->work.replicas()) {
			if (!which.replica.empty() && which.replica != r.name())
				continue;
			what(s->work, r);
			n++;
		}
	}
	return n;
}

steering::count daemon::holding(const bookmark &upto, const selection &which)
{
	count c;
	c.meant = each(which, [&](mirror &m, replica &r) {
		const auto mark = upto.find(m.name());
		c.holding += mark == upto.end() || m.holds(r, mark->second);
	});
	return c;
}

std::size_t daemon::pause(const selection &which)
{
	return each(which, [](mirror &, replica &r) { r.pause(true); });
}

std::size_t daemon::resume(const selection &which)
{
	return each(which, [](mirror &, replica &r) { r.pause(false); });
}

std::size_t daemon::flush(const selection &which)
{
	return each(which, [](mirror &, replica &r) { r.hurry(); });
}

std::size_t daemon::verify(const selection &which)
{
	return each(which, [](mirror &m, replica &r) { m.verify(r); });
}

std::size_t daemon::approve(const selection &which)
{
	std::size_t held = 0;
	each(which, [&](mirror &, replica &r) { held += r.approve(); });
	return held;
}

std::size_t daemon::reject(const selection &which)
{
	std::size_t held = 0;
	each(which, [&](mirror &, replica &r) { held += r.reject(); });
	return held;
}

std::string daemon::reload()
{
	if (!settings_.configuration)
		return "no configuration file is in use; start it with --config";
	manager_.reloading();
	std::string wrong;
	try {
		take_over(again_());
	} catch (const error &e) {
		wrong = e.sentence();
	} catch (const std::exception &e) {
		wrong = e.what();
	}
	if (wrong.empty())
		log_.write(spdlog::level::info, about::reloaded,
			   "the configuration was read again");
	else
		log_.write(spdlog::level::err,
			   "the configuration stays as it was: {}", wrong);
	manager_.ready();
	return wrong;
}

/// What cannot be begun leaves the mirror as it was.
void daemon::add_or_keep(const mirror_settings &wanted)
{
	try {
		add(wanted);
	} catch (const std::exception &) {
		for (const mirror_settings &before : settings_.mirrors)
			if (before.name == wanted.name)
				add(before);
		throw;
	}
}

/// A mirror that is set differently is built anew: its monitor and its journal
/// go on, so that this is no resync.
void daemon::take_over(const settings &wanted)
{
	const settings_change change = compare(settings_, wanted);
	for (const std::string &line : describe(change))
		spdlog::info("{}", line);
	for (const mirror_change &m : change.mirrors) {
		stations_.remove_if([&](const auto &s) {
			if (s->work.name() != m.name)
				return false;
			s->work.save();
			return true;
		});
		if (m.what == difference::removed)
			continue;
		for (const mirror_settings &now : wanted.mirrors)
			if (now.name == m.name)
				add_or_keep(now);
	}
	settings_.mirrors = wanted.mirrors;
}

} // namespace imon::mirrord
