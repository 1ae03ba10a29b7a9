# airgapd: one non-recursive make file. `make help` tells the targets; V=1 shows the commands.

BUILD    ?= build
DESTDIR  ?=
KEY      ?=
FOLDER   ?= $(BUILD)/offline-media
PREFIX   ?= /usr
CC       ?= gcc
AR       ?= ar
V        ?= 0

CFLAGS   ?= -O2 -g
PKGS     := libsystemd libseccomp libsodium libcrypto jansson smartcols libmicrohttpd gnutls sqlite3 libmnl
PKGS     += libnftables libcurl fdisk libmagic zlib
WARN     := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 -Wundef -Werror
# Not -ftrivial-auto-var-init=zero: gcc 12 then zeroes bytes of a struct whose initialiser copies
# another one with padding, after the copy.
HARDEN   := -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE \
            -fno-common -fno-strict-aliasing
FORTIFY  := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
LDHARDEN := -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed
ifdef SANITIZE
HARDEN   := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -fPIE
FORTIFY  :=
LDHARDEN := -pie -Wl,--as-needed -fsanitize=address,undefined
endif
ifdef FUZZ
HARDEN   := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined \
            -fno-omit-frame-pointer -fPIE
FORTIFY  :=
LDHARDEN := -pie -Wl,--as-needed -fsanitize=fuzzer,address,undefined
endif

ALLFLAGS  = -std=gnu17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I. $(FORTIFY) $(WARN) $(HARDEN) \
            $(PKGFLAGS) $(CFLAGS)
# Asked lazily, so that `make deps` and `make clean` work before the libraries are there.
PKGFLAGS  = $(eval PKGFLAGS := $$(shell pkg-config --cflags $(PKGS)))$(PKGFLAGS)
LIBS      = $(eval LIBS := $$(shell pkg-config --libs $(PKGS)))$(LIBS)

ifeq ($(V),1)
Q   :=
say  = @:
else
Q   := @
say  = @printf '  %-7s %s\n' $(1) $(2)
endif

# Programs: folder of the role -> name of the executable. main.c is the program, the rest a library,
# so that tests and fuzz targets link the very objects that run.
PROGRAMS := agent/core=airgapd agent/deny=airgap-deny agent/monitor=airgap-monitord agent/attribution=airgap-attribution agent/journal=airgap-journald \
            agent/door=airgap-doord agent/notice=airgap-noticed agent/notify=airgap-notify \
            agent/ctl=airgapctl agent/report=airgap-reportd agent/mount=airgap-mountd agent/transfer=airgap-transferd agent/office=airgap-office policy/cli=airgap-policy
LIBDIRS  := policy/lang policy/decide policy/sign policy/table policy/order policy/medium policy/transfer policy/study policy/import agent/lib
LIBDIRS  += agent/inspect agent/lib/age agent/lib/tlog agent/lib/ruleset agent/lib/media agent/lib/marks
role      = $(firstword $(subst =, ,$(1)))
prog      = $(lastword $(subst =, ,$(1)))
ROLES    := $(foreach p,$(PROGRAMS),$(if $(wildcard $(call role,$(p))/main.c),$(p)))
BINS     := $(foreach p,$(ROLES),$(BUILD)/bin/$(call prog,$(p)))

objs      = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIBSRC   := $(wildcard $(LIBDIRS:=/*.c))
LIBA     := $(BUILD)/libairgap.a
ROLEA     = $(BUILD)/lib-$(subst /,-,$(1)).a
ROLEAS   := $(foreach p,$(ROLES),$(call ROLEA,$(call role,$(p))))

MO       := $(patsubst packaging/po/%.po,$(BUILD)/locale/%/LC_MESSAGES/airgapd.mo,$(wildcard packaging/po/*.po))

UNIT     := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test_*.c))
TOOLLIB  := $(wildcard tests/tools/lib/*.c)
UNITLIB  := $(filter-out tests/unit/test_%.c,$(wildcard tests/unit/*.c)) $(TOOLLIB)
HELPERS  := $(patsubst tests/tools/%.c,$(BUILD)/tests/tools/%,$(wildcard tests/tools/*.c))
FUZZERS  := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZLIB  := $(filter-out tests/fuzz/fuzz_%.c,$(wildcard tests/fuzz/*.c)) tests/unit/signer.c

.PHONY: all deps unit tools fuzzers module test fuzz bench verify demo lab install deb offline-media lab-system clean help
.DELETE_ON_ERROR:
# Objects of tests are made by a chain of pattern rules; keep them.
.SECONDARY:

all: $(BINS) $(MO)

help:
	@echo 'make            build the programs into $(BUILD)/bin'
	@echo 'make module     build the kernel module airgap into $(BUILD)/kmod'
	@echo 'make deps       install the Debian packages that building and testing need'
	@echo 'make test       install what is missing, build, run every test'
	@echo 'make fuzz       run the fuzz targets, FUZZ_SECONDS=60 each'
	@echo 'make bench      measure, side by side with peers'
	@echo 'make verify     static proof by frama-c, which it installs first: some 500 MB'
	@echo 'make demo       install what is missing, build, tell the story of a stick on a real kernel'
	@echo 'make lab        run the laboratory scenarios alone'
	@echo 'make install    put programs, units, manuals below DESTDIR= with PREFIX=/usr; starts nothing'
	@echo 'make deb        Debian packages in $(BUILD)/deb'
	@echo 'make offline-media KEY=FILE FOLDER=DIR   all packages with a signed list, for machines without a network'
	@echo 'make lab-system a whole Debian in an emulator: install, reboot, policy; some minutes'
	@echo 'make clean      remove $(BUILD)'
	@echo 'V=1 shows commands; SANITIZE=1 BUILD=build/asan builds with ASan and UBSan'

deps:
	$(Q)packaging/install-deps packaging/dependencies

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALLFLAGS) -MMD -MP -c -o $@ $<

# The stylesheet is part of the program: the assembler takes it in.
$(BUILD)/obj/agent/office/web/web.o: agent/office/web/style.css

$(BUILD)/locale/%/LC_MESSAGES/airgapd.mo: packaging/po/%.po
	@mkdir -p $(@D)
	$(call say,MSGFMT,$<)
	$(Q)msgfmt --check -o $@ $<

$(LIBA): $(call objs,$(LIBSRC))
	@mkdir -p $(@D)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

define role_rules
$(call ROLEA,$(1)): $(call objs,$(filter-out $(1)/main.c,$(wildcard $(1)/*.c $(1)/*/*.c)))
	@mkdir -p $$(@D)
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && $$(AR) rcs $$@ $$^
$(BUILD)/bin/$(2): $(call objs,$(1)/main.c) $(call ROLEA,$(1)) $(LIBA)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LDHARDEN) -o $$@ $$^ $$(LIBS)
endef
$(foreach p,$(ROLES),$(eval $(call role_rules,$(call role,$(p)),$(call prog,$(p)))))

$(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o $(call objs,$(UNITLIB)) $(ROLEAS) $(LIBA)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDHARDEN) -o $@ $(filter %.o,$^) -Wl,--start-group $(ROLEAS) $(LIBA) -Wl,--end-group \
		$(shell pkg-config --libs check) $(LIBS)

$(BUILD)/tests/tools/%: $(BUILD)/obj/tests/tools/%.o $(ROLEAS) $(LIBA)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDHARDEN) -o $@ $(filter %.o,$^) -Wl,--start-group $(ROLEAS) $(LIBA) -Wl,--end-group $(LIBS)

# Tools that play against the office use its own parts.
$(BUILD)/tests/tools/office-%: $(BUILD)/obj/tests/tools/office-%.o $(call objs,$(TOOLLIB)) \
		$(call ROLEA,agent/office) $(LIBA)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDHARDEN) -o $@ $^ $(LIBS)

# Only with FUZZ=1 and clang, whose libFuzzer brings main().
$(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(call objs,$(FUZZLIB)) $(ROLEAS) $(LIBA)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDHARDEN) -o $@ $(filter %.o,$^) -Wl,--start-group $(ROLEAS) $(LIBA) -Wl,--end-group $(LIBS)

unit: $(UNIT)
tools: $(HELPERS)
fuzzers: $(FUZZERS)

# The kernel module, for the kernel whose headers linux-headers-amd64 brings: the laboratory boots the image of
# the same release. Kbuild writes beside its sources, so it gets a copy. C=2 has sparse look at every file.
KRELEASE  = $(eval KRELEASE := $$(shell packaging/kernel-release))$(KRELEASE)
KMOD     := $(BUILD)/kmod
KMODSRC  := $(wildcard kmod-shim/*.c kmod-shim/*.h kmod-shim/Kbuild)

module: $(KMOD)/airgap.ko

$(KMOD)/airgap.ko: $(KMODSRC) packaging/kernel-release
	@mkdir -p $(KMOD)
	$(call say,KMOD,$@)
	$(Q)cp -p $(KMODSRC) $(KMOD)/
	$(Q)$(MAKE) --no-print-directory -C /lib/modules/$(KRELEASE)/build M=$(abspath $(KMOD)) \
		W=1 C=$(if $(shell command -v sparse),2,0) CF=-Wsparse-error KCFLAGS=-Werror V=$(V) \
		$(if $(filter 1,$(V)),,-s) modules

test: deps
	$(Q)$(MAKE) --no-print-directory all unit tools module
	$(Q)tests/run

fuzz: deps
	$(Q)BUILD=$(BUILD) tests/fuzz/run

bench: deps
	$(Q)$(MAKE) --no-print-directory all tools module
	$(Q)BUILD=$(BUILD) tests/bench/run

verify:
	$(Q)packaging/install-deps tests/verify/dependencies
	$(Q)BUILD=$(BUILD) tests/verify/run

demo: deps
	$(Q)$(MAKE) --no-print-directory all tools
	$(Q)tests/lab/demo

lab: deps
	$(Q)$(MAKE) --no-print-directory all tools module
	$(Q)tests/lab/run tests/lab/scenarios/*

# Nothing is started, enabled or asked for: that is for packages, or for who installs by hand.
install: all
	$(call say,INSTALL,$(DESTDIR)$(PREFIX))
	$(Q)BUILD=$(BUILD) packaging/install '$(DESTDIR)' '$(PREFIX)'

deb: all
	$(call say,DEB,$(BUILD)/deb)
	$(Q)BUILD=$(BUILD) packaging/make-deb

offline-media: deb
	$(Q)BUILD=$(BUILD) packaging/make-offline-media '$(KEY)' '$(FOLDER)'

lab-system: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)BUILD=$(BUILD) tests/deploy/lab-system

clean:
	$(Q)rm -rf $(BUILD)

-include $(shell test -d $(BUILD)/obj && find $(BUILD)/obj -name '*.d')
