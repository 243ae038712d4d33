// SPDX-License-Identifier: GPL-2.0-or-later
#include "metrics.hpp"

#include <gmock/gmock.h>

using namespace imon::mirrord;
using testing::HasSubstr;

namespace {

TEST(metrics, say_what_a_report_says)
{
	mirror_report m;
	m.name = "www";
	m.halted = "source unmounted";
	replica_report &r = m.replicas.emplace_back();
	r.name = "we\"b\n2";
	r.state = "held";
	r.held_deletions = 12'345;
	r.lag_seconds = 1.5;
	const std::string text = metrics_text({m});
	EXPECT_THAT(text,
		    HasSubstr("\nimon_mirrord_halted{mirror=\"www\"} 1\n"));
	EXPECT_THAT(text,
		    HasSubstr("imon_mirrord_held_deletions{mirror=\"www\","
			      "replica=\"we\\\"b\\\\0122\"} 12345\n"));
	EXPECT_THAT(text, HasSubstr("# TYPE imon_mirrord_lag_seconds gauge\n"));
	EXPECT_THAT(text, HasSubstr("} 1.5\n"));
}

} // namespace
