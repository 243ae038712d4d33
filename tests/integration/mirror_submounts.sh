#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Another filesystem inside of a mirrored tree: it appears and is followed, it
# vanishes and is missed, and never taken for empty.
work=/mnt/ext4/mirror_submounts
# shellcheck source=tests/integration/cli.sh
. "${0%/*}/cli.sh"
# shellcheck source=tests/integration/daemon.sh
. "${0%/*}/daemon.sh"

source=$work/source
replica=$work/replica
disk=$work/disk

# Sources and replicas are always the same.
mirrored() { # COMMAND OPTION...
	command=$1
	shift
	"$command" "$source" --to "$replica" "$@"
}

# What a mount brings is no event, so that nothing can be asked to wait for it.
comes() { # CONDITION...
	for _ in $(seq 600); do
		[ "$@" ] && return
		usleep 100000
	done
	return 1
}

# A batch that reads it keeps it mounted.
unmount() { # PATH
	for _ in $(seq 600); do
		quietly umount "$1" && return
		usleep 100000
	done
	return 1
}

# Something that is not of the mount goes there, so that it was looked at again.
beside() {
	echo "$1" >"$source/beside"
	in_sync && [ "$(cat "$replica/beside")" = "$1" ]
}

is_left_out() {
	mount --bind "$disk" "$source/inner"
	beside 1 && [ ! -e "$replica/inner/deep/file" ] && mirror status &&
		said "inner is another filesystem and is left out; --submounts follows it"
}

is_there_at_the_start() {
	mirrored start_daemon --submounts && comes -e "$replica/inner/deep/file"
}

is_followed() {
	echo new >"$source/inner/new" && rm "$source/inner/deep/file" && in_sync &&
		[ -e "$replica/inner/new" ] && [ ! -e "$replica/inner/deep/file" ]
}

is_missed() {
	unmount "$source/inner" && beside 2 && [ -e "$replica/inner/new" ] && mirror status &&
		said "inner is not mounted; its files stay on the replicas as they are"
}

is_missed_by_the_next_daemon() {
	stop_daemon
	mirrored start_daemon --submounts && beside 3 && [ -e "$replica/inner/new" ] || return
	# The mount point itself may have drifted.
	mirror verify --wait
	said source && [ -e "$replica/inner/new" ]
}

is_compared() {
	rm "$disk/new"
	echo late >"$disk/late"
	mount --bind "$disk" "$source/inner"
	comes -e "$replica/inner/late" && comes ! -e "$replica/inner/new"
}

appears() {
	mkdir "$source/second" "$work/disk2"
	mount -t tmpfs none "$work/disk2"
	echo 2 >"$work/disk2/file"
	in_sync
	mount --bind "$work/disk2" "$source/second"
	comes -e "$replica/second/file" && echo 3 >"$source/second/file" && in_sync &&
		[ "$(cat "$replica/second/file")" = 3 ]
}

# It is not looked at before the daemon is killed.
is_compared_after_a_kill() {
	mirror pause
	mkdir "$source/third" "$work/disk3"
	mount -t tmpfs none "$work/disk3"
	echo 4 >"$work/disk3/file"
	mount --bind "$work/disk3" "$source/third"
	until grep -q "third: is mounted" "$work/log"; do
		kill -0 "$daemon" || return
		usleep 100000
	done
	# An answer comes when the journal has what was said.
	mirror status
	end_daemon -KILL
	mirrored launch_daemon --submounts && mirror resume &&
		comes -e "$replica/third/file"
}

echo "TAP version 13"
echo "1..8"
rm -rf $work
mkdir -p $source/inner $replica $disk
mount -t tmpfs none $disk
mkdir $disk/deep
echo hello >$disk/deep/file
insmod /lib/imon/imon.ko
mirrored start_daemon
ok "what is mounted inside is left out, and said so" is_left_out
stop_daemon
ok "--submounts: it is mirrored" is_there_at_the_start
ok "it is followed like a directory" is_followed
ok "when it is unmounted, nothing is deleted" is_missed
ok "nor by a daemon that finds it missing" is_missed_by_the_next_daemon
ok "mounted again, it is compared" is_compared
ok "one that appears is mirrored and followed" appears
ok "also by the next daemon, when this one is killed" is_compared_after_a_kill
stop_daemon
sed 's/^/# /' $work/log
for mounted in $source/inner $source/second $source/third $disk $work/disk2 \
	$work/disk3; do
	unmount "$mounted"
done
rm -rf $work
rmmod imon
