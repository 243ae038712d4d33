// SPDX-License-Identifier: GPL-2.0
/*
 * Users without privilege, and how much they may have.
 *
 * Everything is under imon_config. A user exists while a monitor is charged to
 * it; who has CAP_SYS_ADMIN is not charged: his limits are those of his memcg.
 */
#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "monitor.h"
#include "user.h"

static bool unprivileged = true;
module_param(unprivileged, bool, 0644);
MODULE_PARM_DESC(unprivileged,
		 "let users watch directories and files that they may read (default: Y)");

/* As inotify's. */
static unsigned int max_user_monitors = 128;
module_param(max_user_monitors, uint, 0644);
MODULE_PARM_DESC(max_user_monitors, "monitors of one user without privilege");

static unsigned int max_user_watches = 1 << 20;
module_param(max_user_watches, uint, 0644);
MODULE_PARM_DESC(max_user_watches, "watches of one user without privilege");

/**
 * struct imon_user - what one user has
 * @uid: who
 * @monitors: made and not deleted
 * @watches: in all of them
 */
struct imon_user {
	kuid_t uid;
	u32 monitors;
	u32 watches;
};

static DEFINE_XARRAY(users);

/** imon_user_allowed() - whether users without privilege may do anything */
bool imon_user_allowed(void)
{
	return READ_ONCE(unprivileged);
}

static struct imon_user *user_find(kuid_t uid)
{
	struct imon_user *user = xa_load(&users, __kuid_val(uid));
	int err;

	if (user)
		return user;
	user = kzalloc(sizeof(*user), GFP_KERNEL_ACCOUNT);
	if (!user)
		return ERR_PTR(-ENOMEM);
	user->uid = uid;
	err = xa_err(xa_store(&users, __kuid_val(uid), user, GFP_KERNEL_ACCOUNT));
	if (err) {
		kfree(user);
		return ERR_PTR(err);
	}
	return user;
}

static void user_release(struct imon_user *user)
{
	if (user->monitors)
		return;
	xa_erase(&users, __kuid_val(user->uid));
	kfree(user);
}

/**
 * imon_user_get() - charge a user with one more monitor
 * @uid: who
 *
 * Return: the user, or an error pointer: -EDQUOT at the limit.
 */
struct imon_user *imon_user_get(kuid_t uid)
{
	struct imon_user *user;

	lockdep_assert_held(&imon_config);
	user = user_find(uid);
	if (IS_ERR(user))
		return user;
	if (user->monitors >= READ_ONCE(max_user_monitors)) {
		user_release(user);
		return ERR_PTR(-EDQUOT);
	}
	user->monitors++;
	return user;
}

/** imon_user_put() - a monitor of a user is gone; NULL is fine */
void imon_user_put(struct imon_user *user)
{
	lockdep_assert_held(&imon_config);
	if (!user)
		return;
	user->monitors--;
	user_release(user);
}

/** imon_user_add_watch() - charge one watch; -EDQUOT at the limit; NULL is fine */
int imon_user_add_watch(struct imon_user *user)
{
	lockdep_assert_held(&imon_config);
	if (!user)
		return 0;
	if (user->watches >= READ_ONCE(max_user_watches))
		return -EDQUOT;
	user->watches++;
	return 0;
}

void imon_user_del_watch(struct imon_user *user)
{
	lockdep_assert_held(&imon_config);
	if (user)
		user->watches--;
}
