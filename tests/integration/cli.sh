# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How a test speaks TAP, and with imon(8); to be sourced. $work is a folder of
# the test's own.

: "${work:?}"
user=root
reader=
n=0

ok() { # WHAT COMMAND...
	what=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		sed 's/^/# /' "$work/err"
	fi
}

# As $user, sets $status; what imon said is in $work/out and $work/err. What
# should have been refused and goes on is ended.
run() {
	case $user in
	root) timeout 60 imon "$@" ;;
	*) su -s /bin/sh "$user" -c "exec timeout 60 imon $*" ;;
	esac >"$work/out" 2>"$work/err"
	status=$?
}

failed_saying() {
	[ "$status" = 1 ] && [ ! -s "$work/out" ] && grep -qF "$1" "$work/err"
}

# The same in the background, to be read from with next, once it watches.
start() {
	# The FIFO last: when it is open, what the last one said is gone.
	case $user in
	root) imon "$@" 2>"$work/err" >"$work/events" & ;;
	*) su -s /bin/sh "$user" -c "exec imon $*" 2>"$work/err" >"$work/events" & ;;
	esac
	reader=$!
	exec 3<"$work/events"
}

next_like() { # PATTERN
	# shellcheck disable=SC3045 # busybox has -t
	read -r -t 60 line <&3 || line="nothing for a minute"
	# shellcheck disable=SC2254 # a pattern
	case $line in
	$1) return ;;
	esac
	echo "# expected: $1"
	echo "# got: $line"
	return 1
}

next() { # LINE
	next_like "$(echo "$1" | sed 's/[][*?\\]/\\&/g')"
}

# "watching DIR" comes when the tree is armed. It goes to a file, and that is
# no event to wait for.
armed() {
	for _ in $(seq 600); do
		grep -q watching "$work/err" && return
		kill -0 "$reader" 2>/dev/null || return
		usleep 100000
	done
}

ended() { # STATUS
	wait "$reader"
	status=$?
	exec 3<&-
	[ $status = "$1" ]
}

quietly() {
	"$@" >/dev/null 2>&1
}

# The folders, new and empty.
begin() { # PLAN FOLDER...
	plan=$1
	shift
	rm -rf "$work" "$@"
	mkdir -p "$work" "$@"
	mkfifo "$work/events"
	echo "1..$plan"
}
