// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "login.hpp"
#include "mirrord/quote.hpp"
#include "request.hpp"
#include "trash.hpp"
#include "tree.hpp"

using namespace imon::apply;

namespace {

enum status { all = 0, some = 1, none = 2, refused = 3, other_version = 4 };

constexpr const char *usage =
	"usage: imon-apply [--] DIR\n"
	"       imon-apply --forced DIR [PROGRAM ARGUMENT...]\n"
	"Executes what imon-mirrord asks for on standard input, inside DIR and "
	"nowhere else;\nsee imon-apply(8).\n";

/// What became of one operation.
struct verdict {
	bool done = false;
	std::string text; ///< details, or why it was not done
};

verdict judge(std::string why)
{
	return {why.empty(), std::move(why)};
}

bool in_path(const std::string &name)
{
	const char *path = std::getenv("PATH");
	std::string_view rest = path ? path : "/usr/bin:/bin";
	while (!rest.empty()) {
		const std::size_t colon = std::min(rest.find(':'), rest.size());
		const auto folder = std::string(rest.substr(0, colon));
		if (access((folder + '/' + name).c_str(), X_OK) == 0)
			return true;
		rest.remove_prefix(std::min(colon + 1, rest.size()));
	}
	return false;
}

struct executor {
	int root;

	verdict operator()(const move &m) const
	{
		return judge(execute(root, m));
	}

	verdict operator()(const expire &e) const
	{
		const expiry result = expire_trash(root, e.older_than);
		if (!result.why.empty())
			return {false, result.why};
		return {true, "removed=" + std::to_string(result.removed)};
	}

	verdict operator()(const probe &) const
	{
		struct statvfs fs {};
		if (!open_beneath(root, ".", O_PATH) || fstatvfs(root, &fs) < 0)
			return {false, in_words(errno)};
		std::string text = "version=" IMON_VERSION " free=" +
				   std::to_string(std::uint64_t{fs.f_bavail} *
						  fs.f_frsize);
		// Some filesystems make them as they are needed.
		if (fs.f_files)
			text += " inodes=" + std::to_string(fs.f_favail);
		return {true,
			text + " rsync=" + (in_path("rsync") ? "yes" : "no") +
				" time=" + std::to_string(std::time(nullptr))};
	}
};

/// Each line leaves at once: whatever happens, it is known how far this came.
void say(const std::string &line)
{
	std::printf("%s\n", line.c_str());
	if (std::fflush(stdout) != 0)
		std::exit(some);
}

std::string read_request()
{
	std::string input;
	std::array<char, 65536> buffer;
	ssize_t n;
	while ((n = read(STDIN_FILENO, buffer.data(), buffer.size())) > 0) {
		input.append(buffer.data(), static_cast<std::size_t>(n));
		if (input.size() > request_max)
			throw refusal("the list is too long");
	}
	if (n < 0)
		throw refusal("the list cannot be read");
	return input;
}

status carry_out(const request &list, const char *directory)
{
	const descriptor root(
		open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC));
	const std::string unusable =
		root ? "" : "cannot open the directory: " + in_words(errno);
	for (std::size_t i = 0; i < list.size(); i++) {
		const verdict v =
			root ? std::visit(executor{root.get()}, list[i])
			     : judge(unusable);
		say(std::to_string(i) + (v.done ? " ok" : " failed") +
		    (v.text.empty() ? "" : ' ' + imon::mirrord::quote(v.text)));
		if (!v.done)
			return i > 0 ? some : none;
	}
	return all;
}

status serve(const char *directory)
{
	say(std::string(program) + ' ' + version);
	try {
		return carry_out(parse_request(read_request()), directory);
	} catch (const refusal &r) {
		std::fprintf(stderr, "imon-apply: %s\n", r.what());
		std::printf("refused %s\n", r.what());
		return r.other_version ? other_version : refused;
	}
}

[[noreturn]] void refuse(const std::string &why)
{
	std::fprintf(stderr, "imon-apply: %s\n", why.c_str());
	std::exit(refused);
}

/// @param rest  what to run for other wishes; ends with a null pointer
status serve_login(const char *directory, char **rest)
{
	const char *command = std::getenv("SSH_ORIGINAL_COMMAND");
	if (!command)
		refuse("this key is no login; it is for imon-mirrord");
	switch (understand(command, directory)) {
	case wish::this_program:
		return serve(directory);
	case wish::elsewhere:
		refuse("this key is only for " +
		       imon::mirrord::quote(directory));
	default:
		break;
	}
	if (!*rest)
		refuse("this key is only for imon-apply; to let it run rsync "
		       "as well, see imon-apply(8)");
	execvp(*rest, rest);
	refuse(imon::mirrord::quote(*rest) + ": " + std::strerror(errno));
}

[[noreturn]] void tell(const std::string &text)
{
	std::fputs(text.c_str(), stdout);
	std::exit(std::fflush(stdout) == 0 ? all : refused);
}

} // namespace

int main(int argc, char **argv)
{
	const std::string_view first = argc > 1 ? argv[1] : "";
	if (argc == 2 && first == "--help")
		tell(usage);
	if (argc == 2 && first == "--version")
		tell("imon-apply " IMON_VERSION "\n");
	if (argc > 2 && first == "--forced")
		return serve_login(argv[2], argv + 3);
	if (argc == 3 && first == "--")
		return serve(argv[2]);
	if (argc == 2 && !first.starts_with('-'))
		return serve(argv[1]);
	std::fputs(usage, stderr);
	return refused;
}
