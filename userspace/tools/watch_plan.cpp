// SPDX-License-Identifier: GPL-2.0-or-later
#include "watch_plan.hpp"

#include <cerrno>

#include <imon/error.hpp>

namespace imon::tools {

watch_calls watch_calls_of(admin &module, std::uint32_t monitor)
{
	return {.add =
			[&module, monitor](int fd, const watch_options &o) {
				return module.add(monitor, fd, o);
			},
		.exclude =
			[&module, monitor](std::uint32_t watch, int dirfd) {
				module.exclude(monitor, watch, dirfd);
			}};
}

watch_plan::watch_plan(const watch_arguments &args)
	: scope_(args.scope)
	, mask_(args.mask)
	, targets_(open_targets(args.paths, args.scope))
	, excludes_(open_targets(args.excludes, IMON_SCOPE_DIR))
{
}

std::uint32_t watch_plan::add(const watch_calls &calls, const target &t) const
{
	const bool tree = scope_ == IMON_SCOPE_TREE;
	try {
		return calls.add(t.fd.get(),
				 {.scope = scope_,
				  .mask = mask_,
				  .label = tree ? t.label : std::string()});
	} catch (const error &e) {
		if (e.code().value() != EPERM || !tree)
			throw;
		throw error(EPERM, e.sentence() +
					   "; as a user, watch directories one "
					   "by one with --scope dir");
	}
}

std::vector<watch_plan::armed> watch_plan::carry_out(
	const watch_calls &calls) const
{
	std::vector<armed> all;
	std::vector<std::uint32_t> watches;
	for (const auto &t : targets_) {
		watches.push_back(
			with_target(t, [&] { return add(calls, t); }));
		all.push_back({watches.back(), t.name});
	}
	for (const auto &directory : excludes_)
		for_trees_around(directory, watches, calls.exclude);
	return all;
}

void for_trees_around(
	const target &directory, const std::vector<std::uint32_t> &watches,
	const std::function<void(std::uint32_t watch, int dirfd)> &call)
{
	// The module knows which trees it is in, also through links and other
	// mounts: these say that it is not, or that it is done already.
	const auto not_for_this = [](int code) {
		return code == EINVAL || code == ENOENT || code == EEXIST;
	};
	with_target(directory, [&] {
		error refusal(ENOENT, "no tree is watched; see: imon list");
		bool done = false;
		for (const auto watch : watches) {
			try {
				call(watch, directory.fd.get());
				done = true;
			} catch (const error &e) {
				if (!not_for_this(e.code().value()))
					throw;
				refusal = e;
			}
		}
		if (!done)
			throw refusal;
	});
}

} // namespace imon::tools
