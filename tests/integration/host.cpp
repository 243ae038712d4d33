// SPDX-License-Identifier: GPL-2.0-or-later
#include "host.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>
#include <utility>

#include "tap.hpp"

static void name_address(const std::string &name, const std::string &address)
{
	std::ifstream before("/etc/hosts");
	std::string after = address + '\t' + name + '\n';
	for (std::string line; std::getline(before, line);)
		if (!line.ends_with('\t' + name))
			after += line + '\n';
	write_file("/etc/hosts", after);
}

host::host(std::string name, int number, const fs::path &folder,
	   const fs::path &path)
	: name_(std::move(name))
{
	const std::string network = "10.0." + std::to_string(number) + '.';
	const std::string address = network + '2';
	run({"modprobe", "veth"});
	make_network(network);
	name_address(name_, address);
	fs::create_directories(path);
	ssh_ = std::make_unique<ssh_server>(
		address, [this, folder, path] { enter(folder, path); });
}

void host::make_network(const std::string &network) const
{
	run({"ip", "netns", "add", name_});
	run({"ip", "link", "add", name_, "type", "veth", "peer", "name", "eth0",
	     "netns", name_});
	run({"ip", "address", "add", network + "1/24", "dev", name_});
	run({"ip", "-n", name_, "address", "add", network + "2/24", "dev",
	     "eth0"});
	run({"ip", "-n", name_, "link", "set", "lo", "up"});
	run({"ip", "-n", name_, "link", "set", "eth0", "up"});
	plug_in(true);
}

/// In a process that is to be of this host.
void host::enter(const fs::path &folder, const fs::path &path) const
{
	const int network =
		open(("/run/netns/" + name_).c_str(), O_RDONLY | O_CLOEXEC);
	if (setns(network, CLONE_NEWNET) < 0 || unshare(CLONE_NEWNS) < 0 ||
	    mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) < 0 ||
	    mount(folder.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) < 0)
		_exit(126);
}

host::~host()
{
	ssh_.reset();
	try {
		run({"ip", "netns", "delete", name_});
	} catch (const std::exception &e) {
		tap::note(e.what());
	}
}

void host::plug_in(bool yes) const
{
	run({"ip", "link", "set", name_, yes ? "up" : "down"});
}
