// SPDX-License-Identifier: GPL-2.0-or-later
#include "event_output.hpp"

#include <optional>

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "file_name.hpp"
#include "kinds.hpp"

namespace imon::tools {

namespace {

const char *type_name(std::uint32_t type)
{
	switch (type & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "symlink";
	case S_IFBLK:
		return "block-device";
	case S_IFCHR:
		return "character-device";
	case S_IFIFO:
		return "fifo";
	case S_IFSOCK:
		return "socket";
	default:
		return nullptr;
	}
}

/// The side of a rename that lies outside of the tree has no name.
std::string place(const std::optional<std::string> &path,
		  const std::string &root, bool directory)
{
	if (!path)
		return "(outside)";
	std::string whole = root;
	if (!path->empty())
		whole +=
			(root.empty() || root.back() == '/' ? "" : "/") + *path;
	if (directory && (whole.empty() || whole.back() != '/'))
		whole += '/';
	return quoted_name(whole);
}

} // namespace

std::string as_text(const event &e, const std::string &root)
{
	std::string line;
	for (const auto &kind : kinds_of(e.mask))
		line += (line.empty() ? "" : ",") + kind;
	const bool directory = S_ISDIR(e.type);
	line += ' ' + place(e.path, root, directory);
	if (e.new_path || e.mask & IMON_EVENT_RENAME)
		line += " -> " + place(e.new_path, root, directory);
	if (e.who)
		line += " (pid " + std::to_string(e.who->pid) + ", uid " +
			std::to_string(e.who->uid) + ", " +
			quoted_name(e.who->comm) + ')';
	return line;
}

std::string as_json(const event &e, const std::string &root)
{
	nlohmann::ordered_json out;
	out["seq"] = e.seq;
	out["watch"] = e.watch;
	put_name(out, "root", root);
	out["events"] = kinds_of(e.mask);
	if (const char *type = type_name(e.type))
		out["type"] = type;
	out["ino"] = e.ino;
	if (e.path)
		put_name(out, "path", *e.path);
	if (e.new_path)
		put_name(out, "new_path", *e.new_path);
	if (e.who) {
		out["pid"] = e.who->pid;
		out["uid"] = e.who->uid;
		put_name(out, "comm", e.who->comm);
	}
	return out.dump();
}

} // namespace imon::tools
