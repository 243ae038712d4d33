// SPDX-License-Identifier: GPL-2.0-or-later
#include "stage.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include "tap.hpp"
#include "tree_walk.hpp"

bool without_module()
{
	const char *events = std::getenv("EVENTS");
	return events && std::string(events) == "fanotify";
}

stage::stage(const std::string &name)
	: root_("/mnt/ext4/" + name)
{
	if (!without_module())
		run({"insmod", "/lib/imon/imon.ko"});
	fs::create_directories(root_);
}

stage::~stage()
{
	std::error_code ignored;
	fs::remove_all(root_, ignored);
	try {
		if (!without_module())
			run({"rmmod", "imon"});
	} catch (const std::exception &e) {
		tap::note(e.what());
	}
}

fs::path stage::directory(const std::string &name) const
{
	const fs::path path = root_ / name;
	fs::create_directories(path);
	return path;
}

static bool answers(const std::string &host, std::uint16_t port)
{
	sockaddr_in address{};
	address.sin_family = AF_INET;
	address.sin_port = htons(port);
	inet_pton(AF_INET, host.c_str(), &address.sin_addr);
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const bool good = connect(fd, reinterpret_cast<sockaddr *>(&address),
				  sizeof address) == 0;
	close(fd);
	return good;
}

ssh_server::ssh_server(const std::string &address,
		       const std::function<void()> &prepare,
		       const std::string &command)
	: daemon_({"/usr/sbin/sshd", "-D", "-e", "-o",
		   "ListenAddress=" + address, "-o", "ForceCommand=" + command},
		  {}, prepare)
{
	await("sshd answers", [&] { return answers(address, 22); });
}

rsync_server::rsync_server(const stage &on, fs::path directory)
	: config_(on.directory("etc") / "rsyncd.conf")
{
	write_file(config_,
		   "port = 8730\naddress = 127.0.0.1\nreverse lookup = no\n"
		   "log file = /dev/null\n[replica]\n"
		   "path = " +
			   directory.string() +
			   "\n"
			   "read only = no\nuid = 0\ngid = 0\n");
	start();
}

void rsync_server::start()
{
	stop();
	daemon_ = std::make_unique<process>(
		std::vector<std::string>{"rsync", "--daemon", "--no-detach",
					 "--config=" + config_.string()});
	await("rsyncd answers", [] { return answers("127.0.0.1", 8730); });
}

std::uint32_t seed()
{
	const char *given = std::getenv("SEED");
	const std::uint32_t number =
		given ? static_cast<std::uint32_t>(
				std::strtoul(given, nullptr, 10))
		      : std::random_device{}();
	tap::note("SEED=" + std::to_string(number));
	return number;
}

void write_file(const fs::path &path, const std::string &contents)
{
	std::ofstream(path, std::ios::binary) << contents;
}

std::string differences(const fs::path &source, const fs::path &replica)
{
	const std::string text = compare_trees(source, replica);
	if (!text.empty())
		return text;
	return run({"rsync", "-n", "-i", "-aAXH", "--checksum", "--delete",
		    source.string() + "/", replica.string() + "/"});
}
