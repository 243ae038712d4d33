// SPDX-License-Identifier: GPL-2.0-or-later
#include "control_socket.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <imon/error.hpp>

#include "quote.hpp"

namespace imon::mirrord {

namespace fs = std::filesystem;

[[noreturn]] static void fail(const std::string &what, const std::string &path)
{
	const int why = errno;
	throw error(why, "cannot " + what + ' ' + quote(path) + ": " +
				 std::strerror(why));
}

static sockaddr_un address_of(const std::string &path)
{
	sockaddr_un address{};
	address.sun_family = AF_UNIX;
	if (path.size() >= sizeof address.sun_path)
		throw error(
			ENAMETOOLONG,
			quote(path) +
				" is too long for a socket; choose a path "
				"of at most " +
				std::to_string(sizeof address.sun_path - 1) +
				" bytes with --socket");
	std::memcpy(address.sun_path, path.c_str(), path.size());
	return address;
}

static descriptor lock(const std::string &path)
{
	const std::string name = path + ".lock";
	descriptor file(open(name.c_str(),
			     O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
	if (!file)
		fail("open", name);
	// Of the old kind, which tells who holds it.
	struct flock whole = {};
	whole.l_type = F_WRLCK;
	if (fcntl(file.get(), F_SETLK, &whole) == 0)
		return file;
	if (errno != EAGAIN && errno != EACCES)
		fail("lock", name);
	fcntl(file.get(), F_GETLK, &whole);
	const std::string instance = quote(fs::path(path).stem().string());
	throw error(EBUSY, "imon-mirrord " + instance + " runs already, pid " +
				   std::to_string(whole.l_pid) +
				   "; ask it: imon-mirror -i " + instance +
				   " status");
}

static void remove_stale(const std::string &path)
{
	struct stat there;
	if (lstat(path.c_str(), &there) < 0)
		return;
	if (!S_ISSOCK(there.st_mode))
		throw error(EEXIST, quote(path) +
					    " exists and is no socket; remove "
					    "it, or choose another with "
					    "--socket");
	if (unlink(path.c_str()) < 0)
		fail("remove", path);
}

static void let_in(const std::string &path)
{
	constexpr auto nobody_else = static_cast<uid_t>(-1);
	if (const group *readers = getgrnam("adm"))
		// Refused to who is no member: then it stays the daemon's own.
		if (lchown(path.c_str(), nobody_else, readers->gr_gid) < 0 &&
		    errno != EPERM)
			fail("give to the group adm", path);
	if (chmod(path.c_str(), 0660) < 0)
		fail("open to its group", path);
}

control_socket::control_socket(const std::string &path)
	: path_(path)
{
	const sockaddr_un address = address_of(path);
	std::error_code failed;
	fs::create_directories(fs::path(path).parent_path(), failed);
	lock_ = lock(path);
	remove_stale(path);
	socket_ = descriptor(
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
	// Before it has a name, so that nobody slips in.
	if (!socket_ || fchmod(socket_.get(), 0600) < 0 ||
	    bind(socket_.get(), reinterpret_cast<const sockaddr *>(&address),
		 sizeof address) < 0)
		fail("listen at", path);
	let_in(path);
	if (listen(socket_.get(), SOMAXCONN) < 0)
		fail("listen at", path);
}

control_socket::~control_socket()
{
	unlink(path_.c_str());
}

} // namespace imon::mirrord
