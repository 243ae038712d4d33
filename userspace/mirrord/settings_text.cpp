// SPDX-License-Identifier: GPL-2.0-or-later
#include "settings_text.hpp"

#include <sstream>

#include "quantity.hpp"
#include "setting_values.hpp"
#include "toml.hpp"

namespace imon::mirrord {

namespace {

toml::array array_of(const std::vector<std::string> &words)
{
	toml::array all;
	for (const std::string &word : words)
		all.push_back(word);
	return all;
}

toml::table table_of(const replica_settings &r)
{
	return toml::table{
		{"to", r.where.name},
		{"rsync", r.rsync},
		{"rsh", r.rsh},
		{"rsync-options", array_of(r.rsync_options)},
		{"filters", array_of(r.filters)},
		{"bandwidth", rate_text(r.bandwidth)},
		{"trash", duration_text(r.trash)},
		{"apply", r.apply},
	};
}

toml::table table_of(const mirror_settings &m)
{
	toml::array replicas;
	for (const replica_settings &r : m.replicas)
		replicas.push_back(table_of(r));
	return toml::table{
		{"name", m.name},
		{"root", m.root},
		{"window", duration_text(m.window)},
		{"events", back_end_text(m.events)},
		{"initial-sync", m.initial_sync},
		{"create-root", m.create_root},
		{"submounts", m.submounts},
		{"guard",
		 toml::table{{"deletions",
			      static_cast<std::int64_t>(m.guard.deletions)},
			     {"percent",
			      static_cast<std::int64_t>(m.guard.percent)},
			     {"window", duration_text(m.guard.window)}}},
		{"verify", toml::table{{"every", duration_text(m.verify.every)},
				       {"heal", m.verify.heal}}},
		{"hooks", toml::table{{"before", array_of(m.hooks.before)},
				      {"after", array_of(m.hooks.after)}}},
		{"replica", replicas},
	};
}

toml::table table_of(const settings &all)
{
	toml::array mirrors;
	for (const mirror_settings &m : all.mirrors)
		mirrors.push_back(table_of(m));
	toml::table table{
		{"instance", all.instance},
		{"state", all.state_directory},
		{"socket", all.control_socket},
		{"verbose", all.verbose},
		{"mirror", mirrors},
	};
	if (all.metrics)
		table.insert("metrics", *all.metrics);
	return table;
}

template <typename formatter>
std::string text_of(const settings &all)
{
	const toml::table table = table_of(all);
	std::ostringstream out;
	out << formatter(table) << '\n';
	return out.str();
}

} // namespace

std::string as_toml(const settings &all)
{
	return text_of<toml::toml_formatter>(all);
}

std::string as_json_text(const settings &all)
{
	return text_of<toml::json_formatter>(all);
}

} // namespace imon::mirrord
