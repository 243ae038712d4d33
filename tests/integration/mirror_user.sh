#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# imon-mirrord without privilege: root lends it a monitor of the tree, and that
# is all it has.
dir=/mnt/ext4/mirror_user
work=$dir/own
# shellcheck source=tests/integration/cli.sh
. "${0%/*}/cli.sh"
# shellcheck source=tests/integration/daemon.sh
. "${0%/*}/daemon.sh"
user=user

source=$dir/source
replica=$work/replica
monitor=mirrord:mnt-ext4-mirror_user-source

arguments="$source --to $replica"

as_user() { # COMMAND...
	su -s /bin/sh user -c "$*"
}

same() { [ -z "$(rsync -niaAX --checksum --delete "$source/" "$replica/")" ]; }

is_refused() {
	as_user "imon-mirrord $arguments --state $work/state" 2>"$work/err"
	[ $? = 2 ] && grep -q "imon create $monitor .*--user 1000" "$work/err"
}

mirrored() {
	# shellcheck disable=SC2086 # words
	start_daemon $arguments
}

# The command that it was told.
works() {
	eval "$(sed -n 's/.*: sudo //p' "$work/err")" && mirrored && same
}

follows() {
	as_user "cd $source && mkdir d && echo new >d/new && mv file moved" &&
		in_sync && same
}

goes_on() {
	stop_daemon
	as_user "echo later >$source/later"
	mirrored && same && logged "goes on with"
}

is_alone() {
	[ "$(imon list | grep -c "^$monitor: state, of user 1000, read by")" = 1 ]
}

is_no_other_users() {
	user=nobody
	run watch --attach $monitor
	user=user
	failed_saying "another user's"
}

echo "TAP version 13"
echo "1..6"
rm -rf $dir
mkdir -p $source $replica
chown -R user $dir
as_user "echo hello >$source/file"
insmod /lib/imon/imon.ko
ok "without a monitor it says what root is to do" is_refused
ok "with that it mirrors" works
ok "it follows, renames as well" follows
ok "it has this monitor, and no other" is_alone
ok "others have it not" is_no_other_users
ok "after a restart it goes on" goes_on
stop_daemon
sed 's/^/# /' $work/log
rm -rf $dir
rmmod imon
