#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A mirror without the module: fanotify tells of changes, and what it cannot do is
# said and made up for. The tests *.fanotify are the others' that hold here, too.
work=/mnt/ext4/mirror_fanotify
# shellcheck source=tests/integration/cli.sh
. "${0%/*}/cli.sh"
# shellcheck source=tests/integration/daemon.sh
. "${0%/*}/daemon.sh"

source=$work/source
replica=$work/replica
queue=/proc/sys/fs/fanotify/max_queued_events

# How often all was compared; the first time is the initial sync.
comparisons() { grep -c 'everything is compared' "$work/log"; }

mirrored() {
	start_daemon "$source" --to "$replica" --max-delete 0 \
		--max-delete-percent 0 --verbose
}

same() {
	in_sync && rsync -naAXi --checksum --delete "$source/" "$replica/" >"$work/err" &&
		[ ! -s "$work/err" ]
}

# What happens meanwhile is read late: when directories are gone, or elsewhere.
asleep() {
	kill -STOP "$daemon"
	"$@"
	kill -CONT "$daemon"
}

is_told() {
	logged 'modprobe imon' && mirror status && said 'events from fanotify' &&
		said 'each start compares everything' && mirror status --json &&
		said '"back_end": "fanotify"'
}

is_refused() {
	imon-mirrord "$source" --to "$replica" --state "$work/state2" \
		--socket "$work/sock2" --events imon 2>"$work/err"
	[ $? = 2 ] && grep -q 'modprobe imon' "$work/err"
}

fill() {
	for dir in a a/b a/b/c d e; do
		mkdir "$source/$dir"
		echo $dir >"$source/$dir/file"
	done
}

remove() {
	echo more >>"$source/a/b/c/file"
	rm -rf "$source/a"
	rm "$source/e/file"
	mv -T "$source/d" "$source/e"
}

is_no_comparison() {
	asleep fill && same || return
	before=$(comparisons)
	asleep remove && same && [ "$(comparisons)" = "$before" ]
}

swap() {
	for dir in x y; do
		mkdir -p "$source/$dir/in"
		echo $dir >"$source/$dir/in/file"
	done
	same || return
	asleep swap_late && same
}

# Each is changed under one name and moved to that of another, which has moved.
swap_late() {
	echo changed >"$source/x/in/file"
	mv "$source/y" "$source/z"
	mv "$source/x" "$source/y"
	mv "$source/y/in" "$source/y/moved"
	echo again >"$source/z/in/new"
	mv "$source/z" "$source/x"
}

replace() {
	echo one >"$source/one"
	ln "$source/one" "$source/two"
	same && asleep replace_late && same
}

# What was written by one name has only the other, and no cache knows it.
replace_late() {
	echo written >"$source/one"
	rm "$source/one"
	echo 2 >/proc/sys/vm/drop_caches
}

flood() {
	for i in $(seq 200); do echo "$i" >"$source/flood$i"; done
}

is_made_up_for() {
	size=$(cat $queue)
	stop_daemon
	echo 100 >$queue
	mirrored
	echo "$size" >$queue
	asleep flood && same && logged "than fanotify's queue holds"
}

is_compared() {
	stop_daemon
	echo late >"$source/late"
	mirrored && same && logged 'fanotify kept no events'
}

echo "TAP version 13"
echo "1..7"
rm -rf $work
mkdir -p $source $replica
mirrored
ok "without the module it is said how to get it, and what is lacking" is_told
ok "without the module --events imon is refused" is_refused
ok "directories that are gone when it is read cost no comparison" is_no_comparison
ok "directories that have moved since are found" swap
ok "a file that is left with another name is found" replace
ok "a full queue is made up for" is_made_up_for
ok "what changes while no daemon runs is found at the next start" is_compared
stop_daemon
sed 's/^/# /' $work/log
rm -rf $work
