#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# imon-mirrord without privilege: root lends it a monitor of the tree, and that
# is all it has.
dir=/mnt/ext4/mirror_user
work=$dir/own
# shellcheck source=tests/integration/cli.sh
. "${0%/*}/cli.sh"

source=$dir/source
replica=$work/replica
monitor=mirrord:mnt-ext4-mirror_user-source

as_user() { # COMMAND...
	su -s /bin/sh user -c "$*"
}

mirror() { as_user timeout 100 imon-mirror "$@" --socket "$work/sock" >"$work/out" 2>"$work/err"; }

in_sync() { mirror wait --timeout 60s; }

daemon_command="imon-mirrord $source --to $replica --state $work/state --socket $work/sock"

start_daemon() {
	su -s /bin/sh user -c "exec $daemon_command" 2>"$work/log" &
	daemon=$!
	until [ -S "$work/sock" ] && in_sync; do
		kill -0 $daemon || return
		usleep 100000
	done
}

stop_daemon() {
	kill "$daemon"
	wait "$daemon"
	rm -f "$work/sock"
}

same() { [ -z "$(rsync -niaAX --checksum --delete "$source/" "$replica/")" ]; }

is_refused() {
	as_user "$daemon_command" 2>"$work/err"
	[ $? = 2 ] && grep -q "imon create $monitor .*--user 1000" "$work/err"
}

# The command that it was told.
works() {
	eval "$(sed -n 's/.*: sudo //p' "$work/err")" && start_daemon && same
}

follows() {
	as_user "cd $source && mkdir d && echo new >d/new && mv file moved" &&
		in_sync && same
}

goes_on() {
	stop_daemon
	as_user "echo later >$source/later"
	start_daemon && same && grep -q "goes on with" "$work/log"
}

is_alone() {
	[ "$(imon list | grep -c "^$monitor: state, of user 1000, read by")" = 1 ]
}

is_no_other_users() {
	user=nobody
	run watch --attach $monitor
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
