// SPDX-License-Identifier: GPL-2.0-or-later
#include "contradictions.hpp"

#include <algorithm>
#include <filesystem>

#include "quote.hpp"

namespace imon::mirrord {

namespace fs = std::filesystem;

namespace {

/// A path as far as it exists, without symbolic links, with a slash at its end.
std::string real(const std::string &path)
{
	std::error_code ignored;
	std::string text = fs::weakly_canonical(path, ignored).string();
	if (text.empty())
		text = path;
	return text.ends_with('/') ? text : text + '/';
}

std::string told(const std::string &text)
{
	return "'" + quote(text) + "'";
}

/// A replica with the place that it takes up.
struct placed {
	std::size_t mirror, replica;
	bool local;
	std::string name, target;
};

bool overlap(const std::string &a, const std::string &b)
{
	return a.starts_with(b) || b.starts_with(a);
}

/// Whether two trees lie within each other as their replicas do, so that both
/// say the same of what is in both.
bool same_nesting(const std::string &root_a, const std::string &target_a,
		  const std::string &root_b, const std::string &target_b)
{
	return root_b.starts_with(root_a) && target_b.starts_with(target_a) &&
	       root_b.substr(root_a.size()) == target_b.substr(target_a.size());
}

class search {
public:
	explicit search(const settings &all)
		: all_(all)
	{
		for (std::size_t m = 0; m < all.mirrors.size(); ++m)
			add(m, all.mirrors[m]);
	}

	std::vector<contradiction> run()
	{
		for (std::size_t m = 0; m < roots_.size(); ++m)
			look_at_mirror(m);
		for (std::size_t r = 0; r < replicas_.size(); ++r)
			look_at_replica(r);
		return std::move(found_);
	}

private:
	void add(std::size_t m, const mirror_settings &mirror)
	{
		roots_.push_back(real(mirror.root));
		for (std::size_t r = 0; r < mirror.replicas.size(); ++r) {
			const destination &to = mirror.replicas[r].where;
			const bool local = to.by == destination::way::local;
			replicas_.push_back(
				{m, r, local, to.name,
				 local ? real(to.target) : to.target});
		}
	}

	void look_at_mirror(std::size_t m)
	{
		const mirror_settings &mine = all_.mirrors[m];
		for (std::size_t other = 0; other < m; ++other) {
			if (mine.name == all_.mirrors[other].name)
				tell(m, {},
				     "two mirrors have the name " +
					     told(mine.name) +
					     "; give one another 'name'");
			if (roots_[m] == roots_[other])
				tell(m, {},
				     told(mine.root) +
					     " is the root of two mirrors; "
					     "make them one with all replicas");
		}
	}

	void look_at_replica(std::size_t r)
	{
		const placed &mine = replicas_[r];
		if (mine.local)
			for (std::size_t m = 0; m < roots_.size(); ++m)
				if (overlap(mine.target, roots_[m]))
					tell(mine.mirror, mine.replica,
					     told(mine.name) +
						     " and the root " +
						     told(all_.mirrors[m]
								  .root) +
						     " lie within each other; "
						     "put the replica outside "
						     "of it");
		for (std::size_t o = 0; o < r; ++o)
			if (mine.local == replicas_[o].local)
				look_at_pair(replicas_[o], mine);
	}

	void look_at_pair(const placed &first, const placed &second)
	{
		if (first.mirror == second.mirror &&
		    first.target == second.target)
			tell(second.mirror, second.replica,
			     told(second.name) +
				     " is given twice; drop one of them");
		else if (overlap(first.target, second.target) &&
			 !agree(first, second) && !agree(second, first))
			tell(second.mirror, second.replica,
			     told(first.name) + " and " + told(second.name) +
				     " lie within each other, where one would "
				     "delete what the other brings; put them "
				     "apart");
	}

	bool agree(const placed &outer, const placed &inner) const
	{
		return same_nesting(roots_[outer.mirror], outer.target,
				    roots_[inner.mirror], inner.target);
	}

	void tell(std::size_t mirror, std::optional<std::size_t> replica,
		  std::string sentence)
	{
		found_.push_back({mirror, replica, std::move(sentence)});
	}

	const settings &all_;
	std::vector<std::string> roots_;
	std::vector<placed> replicas_;
	std::vector<contradiction> found_;
};

} // namespace

std::vector<contradiction> contradictions(const settings &all)
{
	return search(all).run();
}

} // namespace imon::mirrord
