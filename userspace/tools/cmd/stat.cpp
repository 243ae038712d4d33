// SPDX-License-Identifier: GPL-2.0-or-later
#include <iomanip>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <imon/admin.hpp>

#include "../command.hpp"
#include "../monitor_output.hpp"
#include "../named_monitor.hpp"
#include "../standard_output.hpp"

namespace imon::tools {

namespace {

std::string json_of(const module_info &module,
		    const std::vector<monitor_info> &monitors)
{
	nlohmann::ordered_json out;
	out["version"] = module.version;
	out["instance"] = module.instance;
	out["watches"] = module.watches;
	out["filesystems"] = module.filesystems;
	out["events"] = module.events;
	out["unplaced"] = module.unplaced;
	out["memory_failures"] = module.memory_failures;
	out["monitors"] = nlohmann::ordered_json::array();
	for (const auto &m : monitors)
		out["monitors"].push_back(as_json(m));
	return out.dump(2) + '\n';
}

template <typename info>
struct counter {
	const char *name;
	std::uint64_t info::*value;
};

template <typename info, std::size_t count>
void put_counters(std::ostream &out, const info &of,
		  const counter<info> (&counters)[count])
{
	for (const auto &c : counters)
		out << "  " << std::left << std::setw(16) << c.name
		    << std::right << std::setw(14) << of.*c.value << '\n';
}

void put_monitor(std::ostream &out, const monitor_info &m)
{
	constexpr counter<monitor_info> counters[] = {
		{"waiting", &monitor_info::pending},
		{"in flight", &monitor_info::in_flight},
		{"queued", &monitor_info::queued},
		{"merged", &monitor_info::merged},
		{"degraded", &monitor_info::degraded},
		{"  to directory", &monitor_info::degraded_dir},
		{"  to subtree", &monitor_info::degraded_subtree},
		{"  to root", &monitor_info::degraded_root},
		{"memory failures", &monitor_info::memory_failures},
		{"delivered", &monitor_info::delivered},
		{"redelivered", &monitor_info::redelivered},
		{"bytes now", &monitor_info::bytes},
		{"bytes at most", &monitor_info::bytes_high},
		{"bytes bound", &monitor_info::queue_bytes},
	};
	out << title_of(m) << '\n';
	put_counters(out, m, counters);
}

void put_module(std::ostream &out, const module_info &module)
{
	constexpr counter<module_info> counters[] = {
		{"events", &module_info::events},
		{"unplaced", &module_info::unplaced},
		{"memory failures", &module_info::memory_failures},
	};
	out << "imon module " << module.version << ": " << module.monitors
	    << " monitors, " << module.watches << " watches, "
	    << module.filesystems << " filesystems\n";
	put_counters(out, module, counters);
}

struct arguments {
	std::string name;
	bool json = false;
};

int stat_module(admin &link, bool json)
{
	const auto module = link.module();
	const auto monitors = link.monitors();
	if (json) {
		print(json_of(module, monitors));
		return success;
	}
	std::ostringstream out;
	put_module(out, module);
	for (const auto &m : monitors)
		put_monitor(out << '\n', m);
	print(out.str());
	return success;
}

int stat_monitor(admin &link, const std::string &name, bool json)
{
	const auto monitor = find_monitor(link, name);
	std::ostringstream out;
	put_monitor(out, monitor);
	print(json ? as_json(monitor).dump(2) + '\n' : out.str());
	return success;
}

int stat(const arguments &args)
{
	admin link;
	const int code = args.name.empty()
				 ? stat_module(link, args.json)
				 : stat_monitor(link, args.name, args.json);
	flush();
	return code;
}

} // namespace

action declare_stat(CLI::App &app)
{
	auto args = std::make_shared<arguments>();
	app.add_option("NAME", args->name,
		       "Of this monitor only (default: the module and all)");
	app.add_flag("--json", args->json, "Print JSON");
	return [args] { return stat(*args); };
}

} // namespace imon::tools
