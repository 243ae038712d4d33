# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How a test runs imon-mirrord, as $user, and asks it; to be sourced after
# cli.sh. What it says is in $work/log.
daemon=

# Sets $status; the answer is in $work/out and $work/err.
mirror() { # COMMAND ARGUMENT...
	set -- "$@" --socket "$work/sock"
	case $user in
	root) timeout 100 imon-mirror "$@" ;;
	*) su -s /bin/sh "$user" -c "exec timeout 100 imon-mirror $*" ;;
	esac >"$work/out" 2>"$work/err"
	status=$?
	return $status
}

said() { grep -qF -- "$1" "$work/out"; }

logged() { grep -q -- "$1" "$work/log"; }

in_sync() { mirror wait --timeout 60s; }

# Until it can be asked.
launch_daemon() { # ARGUMENT...
	set -- "$@" --state "$work/state" --socket "$work/sock"
	case $user in
	root) imon-mirrord "$@" 2>>"$work/log" & ;;
	*) su -s /bin/sh "$user" -c "exec imon-mirrord $*" 2>>"$work/log" & ;;
	esac
	daemon=$!
	# It makes its socket when it watches, and no event says so.
	until mirror status || [ "$status" = 1 ]; do
		kill -0 "$daemon" || return
		usleep 50000
	done
}

# Until the replicas are up to date.
start_daemon() { # ARGUMENT...
	launch_daemon "$@" && in_sync
}

end_daemon() { # SIGNAL
	kill "$1" "$daemon"
	wait "$daemon"
	rm -f "$work/sock"
}

stop_daemon() { end_daemon -TERM; }
