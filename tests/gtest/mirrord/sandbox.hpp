// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_SANDBOX_HPP
#define IMON_TESTS_SANDBOX_HPP

#include <fcntl.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "descriptor.hpp"

/// A folder of the test's own, with a source and a replica in it.
struct sandbox {
	std::filesystem::path top = make(), source = top / "source",
			      replica = top / "replica";

	sandbox()
	{
		std::filesystem::create_directory(source);
		std::filesystem::create_directory(replica);
	}
	~sandbox() { std::filesystem::remove_all(top); }

	imon::mirrord::descriptor open() const
	{
		return imon::mirrord::descriptor(::open(
			source.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
	}

	static void write(const std::filesystem::path &path,
			  const std::string &contents)
	{
		std::filesystem::create_directories(path.parent_path());
		std::ofstream(path, std::ios::binary) << contents;
	}

private:
	static std::filesystem::path make()
	{
		std::string name = std::filesystem::temp_directory_path() /
				   "mirrord-XXXXXX";
		return mkdtemp(name.data());
	}
};

#endif
