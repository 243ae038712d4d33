#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The test of that name, with events from fanotify, and no module.
EVENTS=fanotify exec "${0%.fanotify}"
