# SPDX-License-Identifier: GPL-2.0
#
# Table of contents; `make help` prints it. Nothing is hidden here: each target
# hands on to Kbuild, CMake or one script. V=1 shows the commands.

TOP := $(CURDIR)
BUILD ?= $(TOP)/build
PREFIX ?= /usr/local
KDIR ?= /lib/modules/$(shell uname -r)/build
JOBS ?= $(shell nproc)
Q := $(if $(V),,@)
export BUILD V
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := all
.PHONY: all kmod userspace programs image demo check check-chaos check-debug check-kernels \
	check-patches patches bench lint install clean help

all: kmod userspace	## the module for the running kernel, and userspace

kmod:			## kmod/imon.ko for KDIR (the running kernel's headers)
	$(Q)[ -e $(KDIR)/Makefile ] || { echo "no kernel headers in $(KDIR);" \
		"run: apt-get install linux-headers-\$$(uname -r)" >&2; exit 1; }
	$(Q)$(MAKE) -C $(KDIR) M=$(TOP)/kmod modules

userspace:		## libimon, imon, imon-mirrord and their unit tests
	$(Q)cmake -S userspace -B $(BUILD)/userspace \
		-DCMAKE_INSTALL_PREFIX=$(PREFIX) $(if $(V),,--log-level=WARNING)
	$(Q)cmake --build $(BUILD)/userspace -j $(JOBS) $(if $(V),--verbose) \
		$(if $(ONLY),--target $(ONLY))

programs:		## what of it is installed, and no tests
	$(Q)$(MAKE) userspace ONLY="imon imon-mirrord imon-mirror imon-apply"

image: userspace	## the guest that demo and check boot
	$(Q)$(MAKE) -C tests/kselftest \
		OUTPUT=$(BUILD)/tests/kselftest
	$(Q)$(MAKE) -C tests/bench
	$(Q)$(MAKE) -C tests/qemu image

demo:			## a live tree and two replicas in a guest; SHELL_IN=1: stay in it
	$(Q)scripts/setup
	$(Q)scripts/step programs "build libimon, imon and imon-mirrord" \
		$(MAKE) programs
	$(Q)scripts/step image "build the module and the guest" $(MAKE) -C tests/qemu image
	$(Q)LOG=demo tests/qemu/run -c LIMIT=900 $(if $(SHELL_IN),SHELL_IN=1) demo

check:			## every test, or only T=NAME
	$(Q)scripts/check $(T)

check-chaos: image	## random work and accidents, SEEDS=200 times, from SEED on
	$(Q)tests/qemu/run LIMIT=36000 SEEDS=$(or $(SEEDS),200) $(if $(SEED),SEED=$(SEED)) \
		integration/mirror_chaos

check-debug:		## the kernel tests on a kernel that watches memory and locks
	$(Q)tests/qemu/debug/check $(T)

check-kernels:		## the kernel tests on other kernels; K=NAME: only on this one
	$(Q)tests/qemu/kernels/check "$(T)" $(K)

patches:		## the in-tree series in patches/, after a change
	$(Q)scripts/export-patches

check-patches:		## the series in kernels it is for: build, boot, kernel tests
	$(Q)tests/qemu/patches/check $(K)

bench:			## what imon costs; SUITE=NAME: only this suite; K=NAME: on this kernel
	$(Q)tests/bench/run "$(SUITE)" $(K)

lint:			## layout, types, locks, common mistakes, man pages
	$(Q)scripts/lint

install:		## the module and userspace, below DESTDIR, with PREFIX
	$(Q)$(MAKE) -C $(KDIR) M=$(TOP)/kmod \
		INSTALL_MOD_PATH=$(DESTDIR) CONFIG_MODULE_SIG_ALL= modules_install
	$(Q)$(if $(DESTDIR),,depmod)
	$(Q)DESTDIR=$(DESTDIR) cmake --install $(BUILD)/userspace

clean:			## all that was built
	$(Q)rm -rf $(BUILD)
	$(Q)[ ! -e $(KDIR)/Makefile ] || \
		$(MAKE) -C $(KDIR) M=$(TOP)/kmod clean

help:			## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 23
