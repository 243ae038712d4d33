/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Raw generic netlink for the imon family: messages are built byte by byte,
 * so that wrong ones can be built too.
 */
#ifndef IMON_NL_H
#define IMON_NL_H

#include <stddef.h>
#include <stdint.h>
#include <linux/genetlink.h>
#include <linux/imon.h>
#include <linux/netlink.h>

/* Longest wait for anything the kernel owes us. */
#define NL_DEADLINE_MS 30000

#define NL_ATTR_MAX 32

/* One request; its length is the one that its header says. */
struct nl_msg {
	_Alignas(struct nlmsghdr) char buf[65536];
};

struct nl_attrs {
	uint8_t cmd;
	const struct nlattr *at[NL_ATTR_MAX];
};

struct nl_sock {
	int fd;
	uint32_t portid;
	uint32_t seq;
	uint16_t family;
	/* What the kernel said about the last request; empty if nothing. */
	char sentence[256];
	/* Wakes received, and what the last one said. */
	unsigned int wakes;
	uint32_t wake_monitor;
	uint32_t wake_instance;
	uint64_t wake_seq;
};

typedef void nl_reply_fn(const struct nl_attrs *attrs, void *arg);

/* Opens a socket and finds the family: 0 or -errno (-ENOENT: no module). */
int nl_open(struct nl_sock *s);
void nl_close(struct nl_sock *s);

void nl_start(struct nl_msg *m, uint16_t type, uint16_t flags, uint8_t cmd);
void nl_put(struct nl_msg *m, uint16_t attr, const void *data, size_t len);
void nl_put_u32(struct nl_msg *m, uint16_t attr, uint32_t value);
void nl_put_u64(struct nl_msg *m, uint16_t attr, uint64_t value);
void nl_put_str(struct nl_msg *m, uint16_t attr, const char *value);

static inline struct nlmsghdr *nl_hdr(struct nl_msg *m)
{
	return (struct nlmsghdr *)m->buf;
}

uint32_t nl_get_u32(const struct nl_attrs *attrs, int attr);
uint64_t nl_get_u64(const struct nl_attrs *attrs, int attr);

/* A malloc()ed copy with a NUL behind it; NULL when the attribute is absent. */
char *nl_get_bytes(const struct nl_attrs *attrs, int attr);

/* Sends the message as it is. */
int nl_send(struct nl_sock *s, const struct nl_msg *m);

/* One datagram, at most @ms from now: its length or -errno (-ETIMEDOUT). */
int nl_recv(struct nl_sock *s, void *buf, size_t size, int ms);

/*
 * Sends a request and takes its answer to the end, each reply through @fn;
 * wakes that come between are kept. 0 or -errno, the sentence in @s.
 */
int nl_talk(struct nl_sock *s, struct nl_msg *m, nl_reply_fn *fn, void *arg);

/* Takes what is there without waiting, answers to this socket through @fn. */
void nl_take(struct nl_sock *s, nl_reply_fn *fn, void *arg);

/* Waits until a wake came that was not waited for yet: 0 or -ETIMEDOUT. */
int nl_wait_wake(struct nl_sock *s, int ms);

#endif
