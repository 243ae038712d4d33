// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <imon/error.hpp>

#include "contradictions.hpp"
#include "descriptor.hpp"
#include "instance.hpp"
#include "mistakes.hpp"
#include "quote.hpp"
#include "rsync_arguments.hpp"
#include "setting_values.hpp"
#include "toml_table.hpp"

namespace imon::mirrord {

namespace {

/// Where the file says it.
struct lines {
	unsigned mirror;
	std::vector<unsigned> replicas;
};

/// What may also be said once for all replicas.
void read_replica_defaults(toml_table &t, replica_settings &r)
{
	t.text("rsync", program_to(r.rsync));
	t.text("rsh", r.rsh);
	t.words("rsync-options", r.rsync_options, check_rsync_option);
	t.words("filters", r.filters, check_filter);
	t.text("bandwidth", rate_to(r.bandwidth));
	t.text("trash", seconds_to(r.trash));
	t.text("apply", r.apply);
}

void read_hook(toml_table &t, std::string_view key,
	       std::vector<std::string> &hook)
{
	t.words(key, hook);
	if (!hook.empty() && hook.front().empty())
		t.refuse(key, "'" + std::string(key) +
				      "' begins with no program's name");
}

/// What may also be said once for all mirrors.
void read_mirror_defaults(toml_table &t, mirror_settings &m)
{
	t.text("window", window_to(m.window));
	t.text("events", back_end_to(m.events));
	t.flag("initial-sync", m.initial_sync);
	t.flag("create-root", m.create_root);
	t.flag("submounts", m.submounts);
	t.table("guard", [&](toml_table &guard) {
		guard.number("deletions", m.guard.deletions, INT64_MAX);
		std::uint64_t percent = m.guard.percent;
		guard.number("percent", percent, 100);
		m.guard.percent = static_cast<unsigned>(percent);
		guard.text("window", seconds_to(m.guard.window));
	});
	t.table("verify", [&](toml_table &verify) {
		verify.text("every", seconds_to(m.verify.every));
		verify.flag("heal", m.verify.heal);
	});
	t.table("hooks", [&](toml_table &hooks) {
		read_hook(hooks, "before", m.hooks.before);
		read_hook(hooks, "after", m.hooks.after);
	});
}

void read_replica(toml_table &t, const std::string &root, replica_settings &r)
{
	read_replica_defaults(t, r);
	t.text("to", [&](const std::string &text) {
		r.where = parse_destination(text, root);
	});
	if (!t.has("to"))
		t.refuse("to", "this replica lacks 'to'; say where it is");
}

void read_root(toml_table &t, mirror_settings &m)
{
	t.text("root", path_to(m.root));
	if (!t.has("root"))
		t.refuse("root",
			 "this mirror lacks 'root'; say which tree it is of");
}

void read_mirror(toml_table &t, mirror_settings m, replica_settings defaults,
		 settings &all, std::vector<lines> &said)
{
	read_root(t, m);
	t.text("name", name_to(m.name));
	if (m.name.empty() && !m.root.empty())
		m.name = default_name(m.root);
	read_mirror_defaults(t, m);
	read_replica_defaults(t, defaults);
	lines here{t.line("root"), {}};
	t.tables("replica", [&](toml_table &inner) {
		replica_settings r = defaults;
		read_replica(inner, m.root, r);
		if (r.where.target.empty())
			return;
		m.replicas.push_back(std::move(r));
		here.replicas.push_back(inner.line("to"));
	});
	if (!t.has("replica"))
		t.refuse("replica", "this mirror has no replica; add a "
				    "[[mirror.replica]] with 'to'");
	if (m.root.empty())
		return;
	all.mirrors.push_back(std::move(m));
	said.push_back(std::move(here));
}

void read_top(toml_table &t, settings &all, std::vector<lines> &said)
{
	mirror_settings mirror;
	replica_settings replica;
	t.text("instance", name_to(all.instance));
	t.text("state", path_to(all.state_directory));
	t.text("socket", path_to(all.control_socket));
	t.text("metrics", metrics_to(all.metrics));
	t.flag("verbose", all.verbose);
	read_mirror_defaults(t, mirror);
	read_replica_defaults(t, replica);
	t.tables("mirror", [&](toml_table &inner) {
		read_mirror(inner, mirror, replica, all, said);
	});
	if (!t.has("mirror"))
		t.refuse("mirror", "there is no mirror; add a [[mirror]] with "
				   "'root'");
}

toml::table parse(std::string_view text, const std::string &file)
{
	try {
		return toml::parse(text);
	} catch (const toml::parse_error &e) {
		mistakes wrong(file);
		wrong.add(e.source().begin.line, quote(e.description()));
		wrong.raise();
		throw;
	} catch (const std::logic_error &) {
		throw error(EINVAL,
			    quote(file) + ": this is no TOML, and what reads "
					  "it cannot tell where; look for "
					  "brackets around no name, as in [[[");
	}
}

} // namespace

settings parse_config(std::string_view text, const std::string &file)
{
	const toml::table table = parse(text, file);
	mistakes wrong(file);
	settings all;
	std::vector<lines> said;
	toml_table::read(table, wrong,
			 [&](toml_table &t) { read_top(t, all, said); });
	for (const contradiction &c : contradictions(all)) {
		const lines &at = said[c.mirror];
		wrong.add(c.replica ? at.replicas[*c.replica] : at.mirror,
			  c.sentence);
	}
	wrong.raise();
	all.configuration = file;
	return all;
}

/// All of a file. Nobody writes a configuration longer than the limit: that is
/// another file, or a device.
static std::string contents_of(const std::string &file)
{
	constexpr std::size_t limit = 1 << 20;
	const descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
	std::string text(limit, '\0');
	std::size_t length = 0;
	ssize_t got = fd ? 1 : -1;
	while (got > 0 && length < limit) {
		got = ::read(fd.get(), text.data() + length, limit - length);
		length += got > 0 ? static_cast<std::size_t>(got) : 0;
	}
	if (got < 0)
		throw error(errno, quote(file) + ": " + std::strerror(errno) +
					   "; see mirrord.toml(5)");
	if (length == limit)
		throw error(EFBIG,
			    quote(file) + " is too long for a configuration");
	text.resize(length);
	return text;
}

settings read_config(const std::string &file)
{
	return parse_config(contents_of(file), file);
}

} // namespace imon::mirrord
