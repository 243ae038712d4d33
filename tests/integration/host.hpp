// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_HOST_HPP
#define IMON_TESTS_HOST_HPP

#include <memory>
#include <string>

#include "stage.hpp"

/// Another machine: a network of its own at the end of a cable, and a file
/// system where a folder of its own is at some path. It runs sshd.
class host {
public:
	/// @param number  of the network that its cable is
	/// @param folder  what it has at @p path
	host(std::string name, int number, const fs::path &folder,
	     const fs::path &path);
	host(const host &) = delete;
	~host();

	const ssh_server &ssh() const { return *ssh_; }
	void plug_in(bool yes) const;

private:
	void make_network(const std::string &network) const;
	void enter(const fs::path &folder, const fs::path &path) const;

	std::string name_;
	std::unique_ptr<ssh_server> ssh_;
};

#endif
