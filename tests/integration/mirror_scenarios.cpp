// SPDX-License-Identifier: GPL-2.0-or-later
//
// What imon was first written for: a web server that has a twin, and an FTP
// host whose tree four web servers have as well. Each host has a network and
// a file system of its own.
#include <sys/mount.h>

#include <cerrno>
#include <list>
#include <system_error>

#include "host.hpp"
#include "mirrord.hpp"
#include "tap.hpp"

namespace {

/// A folder of the stage that is elsewhere, too.
class place {
public:
	place(const fs::path &folder, fs::path at)
		: at_(std::move(at))
	{
		fs::create_directories(at_);
		if (mount(folder.c_str(), at_.c_str(), nullptr, MS_BIND,
			  nullptr) < 0)
			throw std::system_error(errno, std::generic_category(),
						"mount");
	}
	place(const place &) = delete;
	~place() { umount(at_.c_str()); }

private:
	fs::path at_;
};

void publish(const fs::path &site, const std::string &release)
{
	fs::create_directories(site / "next/images");
	for (int i = 0; i < 20; i++)
		write_file(site / "next/images" / (std::to_string(i) + ".png"),
			   release + std::string(5000, 'p'));
	write_file(site / "next/index.html", release);
}

void web1_to_web2(const stage &s)
{
	const fs::path web1 = s.directory("web1"), web2 = s.directory("web2");
	const host other("web2", 1, web2, "/var/www");
	const place here(web1, "/var/www");
	write_file("/var/www/index.html", "hello");
	mirrord daemon("/var/www", {"web2"});
	daemon.await_caught_up();
	publish("/var/www", "first");
	fs::rename("/var/www/next", "/var/www/current");
	daemon.await_caught_up();
	publish("/var/www", "second");
	fs::rename("/var/www/current", "/var/www/previous");
	fs::rename("/var/www/next", "/var/www/current");
	fs::remove_all("/var/www/previous");
	daemon.await_caught_up();
	const std::string diff = differences(web1, web2);
	tap::ok(diff.empty(), "web1 to web2: /var/www is the same", diff);
}

void linuxftp1_to_linuxweb1_to_4(const stage &s)
{
	const fs::path site = "/var/ftp/pub", folder = s.directory("linuxftp1");
	std::list<host> servers;
	std::vector<std::string> names;
	for (int i = 1; i <= 4; i++) {
		names.push_back("linuxweb" + std::to_string(i));
		servers.emplace_back(names.back(), 10 + i,
				     s.directory(names.back()), site);
	}
	const place here(folder, site);
	publish(site, "kernel");
	mirrord daemon(site, names);
	daemon.await_caught_up();
	fs::rename(site / "next", site / "v6.1");
	publish(site, "another kernel");
	daemon.await_caught_up();
	for (const std::string &name : names) {
		const std::string diff = differences(folder, s.directory(name));
		tap::ok(diff.empty(), "linuxftp1 to " + name + ": the same",
			diff);
	}
}

} // namespace

int main()
{
	return tap::run(5, [] {
		const stage s("mirror_scenarios");
		tap::each({[&] { web1_to_web2(s); },
			   [&] { linuxftp1_to_linuxweb1_to_4(s); }});
	});
}
