// SPDX-License-Identifier: GPL-2.0
/*
 * Random messages that are almost right: every command, every attribute, all
 * kinds of lengths and values. FUZZ_MESSAGES and SEED say how many and which.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "change.h"
#include "fixture.h"

static unsigned int seed;
static int tree_fd;

static unsigned int below(unsigned int n)
{
	return rand_r(&seed) % n;
}

static uint64_t number(void)
{
	switch (below(8)) {
	case 0: case 1: case 2: return below(8);
	case 3: case 4: return tree_fd;
	case 5: return 4096 + below(4096);
	case 6: return UINT64_MAX >> below(64);
	default: return (uint64_t)rand_r(&seed) << 32 | rand_r(&seed);
	}
}

static void put_attr(struct nl_msg *m)
{
	static const size_t odd_lengths[] = { 0, 1, 2, 3, 5, 12, 63, 64, 4000 };
	uint16_t type = 1 + below(26);
	char bytes[4000];
	size_t len;

	if (!below(32))
		type |= NLA_F_NESTED;
	switch (below(8)) {
	case 0: case 1: case 2: case 3:
		return nl_put_u32(m, type, number());
	case 4:
		return nl_put_u64(m, type, number());
	case 5:
		return nl_put_str(m, type, below(2) ? "ksft.a" : "ksft.b");
	default:
		len = odd_lengths[below(ARRAY_LEN(odd_lengths))];
		for (size_t i = 0; i < len; i++)
			bytes[i] = rand_r(&seed);
		return nl_put(m, type, bytes, len);
	}
}

static void make_message(struct nl_msg *m, uint16_t family)
{
	struct nlmsghdr *h = nl_hdr(m);

	nl_start(m, family, below(3) ? NLM_F_ACK : NLM_F_DUMP,
		 below(IMON_CMD_MAX + 3));
	/* Attributes of requests come first in every set: mostly those. */
	for (int n = below(5); n > 0; n--)
		put_attr(m);
	if (!below(16))
		h->nlmsg_flags ^= 1 << below(16);
	if (!below(16))
		h->nlmsg_len -= below(h->nlmsg_len - NLMSG_HDRLEN);
	if (!below(16))
		m->buf[NLMSG_HDRLEN + below(h->nlmsg_len)] ^= 1 << below(8);
}

static void take_answers(struct nl_sock *s)
{
	static char answer[32768];

	while (recv(s->fd, answer, sizeof(answer), MSG_DONTWAIT) >= 0 ||
	       errno == ENOBUFS)
		;
}

/*
 * Nothing that was made outlives its socket and its deletion. A filesystem
 * may be let go a moment later, of which nothing tells.
 */
static bool nothing_left(uint32_t instance)
{
	struct timespec pause = { .tv_nsec = 1000000 };
	struct module_info info;
	struct nl_sock s;
	bool good;

	must_nl(nl_open(&s));
	must_nl(imon_monitor_delete_all(&s, ""));
	for (int i = 0; i < NL_DEADLINE_MS; i++) {
		must_nl(imon_module_get(&s, &info));
		if (!info.filesystems)
			break;
		nanosleep(&pause, NULL);
	}
	good = info.instance == instance && !info.monitors && !info.watches &&
	       !info.filesystems;
	if (!good)
		ksft_print_msg("%u monitors, %u watches, %u filesystems left\n",
			       info.monitors, info.watches, info.filesystems);
	nl_close(&s);
	return good;
}

static bool survives(void)
{
	const char *own = getenv("FUZZ_MESSAGES");
	unsigned long messages = own ? strtoul(own, NULL, 0) : 10000;
	struct module_info info;
	static struct nl_msg m;
	struct nl_sock s;

	/* Among all these messages are some that delete monitors. */
	if (!fixture_owns_module())
		return fixture_skip("others may be using the module");
	tree_fd = must(open("tree", O_PATH | O_DIRECTORY | O_CLOEXEC));
	must_nl(nl_open(&s));
	must_nl(imon_module_get(&s, &info));
	for (unsigned long i = 0; i < messages; i++) {
		make_message(&m, s.family);
		nl_hdr(&m)->nlmsg_seq = i;
		send(s.fd, m.buf, nl_hdr(&m)->nlmsg_len, 0);
		take_answers(&s);
		if (i % 16 == 0) {
			put("tree/f", "text");
			unlink("tree/f");
		}
		if (i % 512 == 0) {
			nl_close(&s);
			must_nl(nl_open(&s));
		}
	}
	nl_close(&s);
	close(tree_fd);
	return nothing_left(info.instance);
}

/* After the storm a monitor works as ever. */
static bool still_works(void)
{
	struct rig r;
	bool good;

	rig_up(&r, &monitor_defaults);
	touch("tree/f");
	rig_drain(&r);
	good = r.got.n == 1 && r.got.v[0].mask == IMON_EVENT_CREATE;
	rig_down(&r);
	return good;
}

static const struct test tests[] = {
	{ "random messages leave nothing behind", survives },
	{ "the module works as before", still_works },
};

int main(void)
{
	fixture_begin(0, ARRAY_LEN(tests));
	seed = fixture_seed();
	fixture_run_once(tests, ARRAY_LEN(tests));
	fixture_end();
}
