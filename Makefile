# One Makefile, no recursion.  `make help` lists what it can do.
#
#	B=DIR		where objects and programs go (build)
#	SAN=LIST	sanitizers, as in -fsanitize= (with another B)
#	W=1		warnings are errors (also when CI is set)
#	ROOMS="base …"	unit tests see these rooms only (all), and of them run
#	TESTS="ids …"	these only (all)
#
# Where things come from: each room becomes one archive $(B)/lib/ROOM.a, and a
# program takes from the archives what it refers to.  Generated files go to
# $(B)/gen/ (rules at "generated").  config.mk is made by configure, configure
# by autoconf, and what both need by tools/bootstrap.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += -r
SHELL   := /bin/sh
B       ?= build
SAN     ?=
W       ?=
TOP     := $(CURDIR)

# What `make run` may be told; tools/run reads them.
RUN_DIR ?= $(B)/run
PORT    ?= 8443
CHASSIS ?= vio-4001
FABRIC  ?= mriov
FUSE    ?= yes
export B RUN_DIR PORT CHASSIS FABRIC FUSE

# ---- configuration ---------------------------------------------------------
# config.mk is included, so make brings it up to date and starts over.  Goals
# that build nothing do not need it.
quiet_goals := help clean distclean deps lint-rooms lint-size lint-words \
               lint-shell
ifneq ($(filter-out $(quiet_goals),$(or $(MAKECMDGOALS),all)),)
include config.mk
endif

configure: configure.ac VERSION tools/deps.debian
	@tools/bootstrap run
	@mkdir -p build
	@flock build/.configure.lock autoconf

# Two makes at once (with two B) must not configure into each other.
config.mk: configure config.mk.in
	@mkdir -p build
	@flock build/.configure.lock ./configure --quiet $(CONFIGURE_ARGS)

# ---- what is built from what -----------------------------------------------
not_main = $(filter-out %/main.c %_main.c,$(sort $(wildcard $(1))))
main_of  = $(wildcard $(1))

room_names  := http service appliance engine profiles switchmgr emulator \
               polyroot relay base
src_base      := $(call not_main,base/*.c)
src_switchmgr := $(call not_main,switchmgr/*.c)
src_profiles  := $(call not_main,profiles/*.c)
src_engine    := $(call not_main,appliance/engine/*.c)
src_service   := $(call not_main,appliance/service/*.c)
src_http      := $(call not_main,appliance/http/*.c)
src_appliance := $(call not_main,appliance/*.c)
src_emulator  := $(call not_main,tools/emulator/*.c)
src_polyroot  := $(call not_main,tools/polyroot/*.c)
src_relay     := $(call not_main,tools/relay/*.c)
src_tools     := $(sort $(wildcard tools/*.c))
src_mains     := $(sort $(wildcard switchmgr/main.c profiles/xml_main.c \
                 appliance/main.c appliance/routes_main.c tools/emulator/main.c \
                 tools/polyroot/main.c tools/relay/main.c))
src_support   := $(sort $(wildcard tests/unit/support*.c tests/support/*.c) \
                 $(filter-out tests/sim/test_%,$(wildcard tests/sim/*.c)))
src_tests     := $(sort $(wildcard tests/unit/test_*.c tests/sim/test_*.c))
src_product   := $(foreach r,$(room_names),$(src_$(r))) $(src_mains) $(src_tools)
src_all       := $(src_product) $(src_support) $(src_tests)
headers       := $(sort $(wildcard base/*.h switchmgr/*.h profiles/*.h \
                 appliance/*.h appliance/*/*.h tools/*.h tools/*/*.h \
                 tests/*.h tests/*/*.h))

obj   = $(patsubst %.c,$(B)/%.o,$(1))
lib   = $(foreach r,$(1),$(if $(src_$(r)),$(B)/lib/$(r).a))
tests := $(patsubst %.c,$(B)/%,$(src_tests))
ROOMS ?= $(room_names)
TESTS ?=
chosen := $(if $(TESTS),$(foreach t,$(TESTS),$(filter %/test_$(t),$(tests))),$(tests))

# A program exists when its main() does: PROGRAM MAIN ROOMS.
have  = $(if $(wildcard $(2)),$(B)/$(1))
programs := $(call have,polyrootd,appliance/main.c) \
            $(call have,polyroot-switchmgr,switchmgr/main.c) \
            $(call have,polyroot-xml,profiles/xml_main.c) \
            $(call have,polyroot-emu,tools/emulator/main.c) \
            $(if $(wildcard appliance/service/routes.c),$(call \
            have,polyroot,tools/polyroot/main.c)) \
            $(call have,polyroot-relay,tools/relay/main.c)

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wvla -Wundef -Wformat=2 -Wcast-qual \
        -Wswitch-enum $(if $(CI)$(W),-Werror,-Werror=implicit)
HARD := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer \
        -fno-sanitize-recover=all,-D_FORTIFY_SOURCE=2 -fstack-protector-strong)
STD  := -std=c11 -D_GNU_SOURCE -I.
C    := $(STD) $(WARN) $(HARD) -fPIE -pthread -ffile-prefix-map=$(TOP)=.
L    := $(if $(SAN),-fsanitize=$(SAN)) -pie -pthread -Wl,-z,relro,-z,now \
        -Wl,--as-needed

# ---- each outside library is visible behind its door only -------------------
# Every room reads base/json.h, hence jansson's flags for all.
BASE_CFLAGS = $(JANSSON_CFLAGS) $(SODIUM_CFLAGS)
BASE_LIBS   = $(JANSSON_LIBS) $(SODIUM_LIBS) -lm
# Asked when it is used: the group check is installed by `make check` only.
CHECK_CFLAGS = $(shell pkg-config --cflags check)
CHECK_LIBS   = $(shell pkg-config --libs check)
ALL_CFLAGS  = $(PCI_CFLAGS) $(XML_CFLAGS) $(SQLITE_CFLAGS) $(SECCOMP_CFLAGS) \
              $(MHD_CFLAGS) $(GNUTLS_CFLAGS) $(INI_CFLAGS) $(FUSE_CFLAGS) \
              $(CURL_CFLAGS)
ALL_LIBS    = $(PCI_LIBS) $(XML_LIBS) $(SQLITE_LIBS) $(SECCOMP_LIBS) \
              $(MHD_LIBS) $(GNUTLS_LIBS) $(INI_LIBS) $(FUSE_LIBS) $(CURL_LIBS)

$(B)/switchmgr/%.o: LIB_CFLAGS = $(PCI_CFLAGS)
$(B)/profiles/%.o: LIB_CFLAGS = $(XML_CFLAGS) $(SQLITE_CFLAGS) $(SECCOMP_CFLAGS)
# Quoted so that it is right inside and outside of single quotes.
PLACES = -DPOLYROOT_VERSION=\"$(VERSION)\" \
         -DPOLYROOT_DATA=\"$(datadir)/polyroot\" \
         -DPOLYROOT_LIBEXEC=\"$(libexecdir)\"
$(call obj,$(src_appliance) appliance/main.c): LIB_CFLAGS = $(INI_CFLAGS) $(PLACES)
$(B)/appliance/http/%.o: LIB_CFLAGS = $(MHD_CFLAGS) $(GNUTLS_CFLAGS)
$(B)/tools/emulator/%.o: LIB_CFLAGS = $(FUSE_CFLAGS)
$(B)/tools/polyroot/%.o: LIB_CFLAGS = $(CURL_CFLAGS)
$(B)/tools/relay/%.o: LIB_CFLAGS = $(CURL_CFLAGS) $(INI_CFLAGS)
$(B)/tests/%.o: LIB_CFLAGS = $(CHECK_CFLAGS) $(ALL_CFLAGS)
$(B)/tests/%.o: | deps-check

$(B)/%.o: %.c config.mk
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(C) $(CPPFLAGS) $(BASE_CFLAGS) $(LIB_CFLAGS) $(CFLAGS) \
	    -MMD -MP -c -o $@ $<

$(B)/gen/%.o: $(B)/gen/%.c config.mk
	@echo "  CC    $<"
	@$(CC) $(C) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# ---- archives and programs ---------------------------------------------------
gen_http := $(B)/gen/webui.o
gen_profiles := $(B)/gen/xml_schema.o

define archive
$(B)/lib/$(1).a: $(call obj,$(src_$(1))) $(gen_$(1))
	@mkdir -p $$(@D)
	@echo "  AR    $$@"
	@rm -f $$@ && $$(AR) rcD $$@ $$^
endef
$(foreach r,$(room_names),$(eval $(call archive,$(r))))

$(B)/lib/support.a: $(call obj,$(src_support))
	@mkdir -p $(@D)
	@echo "  AR    $@"
	@rm -f $@ && $(AR) rcD $@ $^

link = @echo "  LD    $@"; $(CC) $(L) $(LDFLAGS) -o $@ $(filter %.o,$^) \
       -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(1) $(BASE_LIBS)

$(B)/polyrootd: $(call obj,appliance/main.c) \
    $(call lib,appliance http service engine profiles switchmgr base)
	$(call link,$(MHD_LIBS) $(GNUTLS_LIBS) $(SQLITE_LIBS) $(XML_LIBS) $(INI_LIBS))

$(B)/polyroot-switchmgr: $(call obj,switchmgr/main.c) $(call lib,switchmgr base)
	$(call link,$(PCI_LIBS))

$(B)/polyroot-xml: $(call obj,profiles/xml_main.c) $(call lib,profiles base)
	$(call link,$(XML_LIBS) $(SECCOMP_LIBS))

$(B)/polyroot-emu: $(call obj,tools/emulator/main.c) $(call lib,emulator base)
	$(call link,$(FUSE_LIBS))

$(B)/polyroot: $(call obj,tools/polyroot/main.c) $(B)/gen/cli_routes.o \
    $(call lib,polyroot base)
	$(call link,$(CURL_LIBS))

$(B)/polyroot-relay: $(call obj,tools/relay/main.c) $(call lib,relay base)
	$(call link,$(CURL_LIBS) $(INI_LIBS))

$(B)/tools/embed: $(call obj,tools/embed.c) $(call lib,base)
	$(call link)

# The CLI's verbs come from the route table.
$(B)/tools/routes: $(call obj,appliance/routes_main.c) \
    $(call lib,service engine profiles switchmgr base)
	@mkdir -p $(@D)
	$(call link,$(SQLITE_LIBS) $(XML_LIBS))

$(B)/gen/cli_routes.c: $(B)/tools/routes
	@mkdir -p $(@D)
	@echo "  GEN   $@"
	@$< > $@.new && mv $@.new $@

# The schema of documents, which polyrootd serves.
$(B)/gen/xml_schema.c: profiles/config-1.xsd
	@mkdir -p $(@D)
	@echo "  GEN   $@"
	@{ printf '#include "profiles/xml_schema.h"\n\n'; \
	    echo 'const char *const xml_schema_lines[] = {'; \
	    sed 's/[\\"]/\\&/g; s/.*/\t"&\\n",/' $<; echo '	0 };'; } \
	    > $@.new && mv $@.new $@

test_libs := $(if $(src_support),$(B)/lib/support.a) $(call lib,$(ROOMS))
# These ask the real program.
$(B)/tests/unit/test_xml_client $(B)/tests/unit/test_backups: | \
    $(B)/polyroot-xml
$(tests): %: %.o $(test_libs)
	$(call link,$(CHECK_LIBS) $(ALL_LIBS))

-include $(patsubst %.o,%.d,$(call obj,$(src_all)) $(gen_http) $(gen_profiles) \
    $(B)/gen/cli_routes.o)

# ---- generated: the web UI ---------------------------------------------------
# npm ci runs when the lock file changed, the build when a source did.  Both
# leave what they make in webui/, so that two B share it, under a lock.
webui_files := $(shell find webui -type d \( -name node_modules -o -name dist \) \
               -prune -o -type f -print 2>/dev/null)
webui_lock  := $(wildcard webui/package-lock.json)
npm_stamp   := webui/node_modules/.stamp
dist_stamp  := webui/dist/.stamp

$(npm_stamp): $(webui_lock)
	@mkdir -p build
	@echo "  NPM   ci webui"
	@cd webui && flock ../build/.npm.lock \
	    npm ci --no-audit --no-fund --loglevel=error && touch $(notdir $(@D))/.stamp

$(dist_stamp): $(webui_files) $(npm_stamp)
	@echo "  NPM   run build webui"
	@cd webui && flock ../build/.npm.lock npm run --silent build
	@touch $@

$(B)/gen/webui.c: $(B)/tools/embed $(if $(webui_lock),$(dist_stamp))
	@echo "  GEN   $@"
	@rm -rf $(B)/gen/webui && mkdir -p $(B)/gen/webui
	@if [ -d webui/dist ]; then cp -R webui/dist/. $(B)/gen/webui/; fi
	@cd $(B)/gen/webui && find . -name '.*' -type f -delete && \
	    find . -type f -exec gzip -9 -n -k '{}' +
	@cd $(B)/gen/webui && find . -type f ! -name '*.gz' | sed 's,^\./,,' | \
	    LC_ALL=C sort | xargs $(abspath $(B))/tools/embed > $(abspath $@).new
	@mv $@.new $@

.PHONY: webui
webui: $(if $(webui_lock),$(dist_stamp)) ## build the web UI only

# ---- goals: build and run ------------------------------------------------------
.PHONY: all run deps deps-run deps-check deps-bench deps-fuzz help

all: $(programs) ## build everything (the default)

deps-run deps-check deps-bench deps-fuzz:
	@tools/bootstrap run $(filter-out run,$(@:deps-%=%))

deps: ## install what building and testing needs
	@tools/bootstrap run check

run: all ## build, then run on an emulated chassis (RUN_DIR PORT CHASSIS FABRIC FUSE)
	@tools/run

# ---- goals: tests --------------------------------------------------------------
# Every part runs even when an earlier one failed; the end tells.
.PHONY: check check-unit check-webui check-api check-e2e check-asan \
        check-tsan bench torture fuzz

check: deps-check all ## everything that proves it (no hardware, no root)
	@rc=0; for goal in lint-quick check-unit check-webui check-api check-e2e; do \
	    echo "== $$goal"; \
	    $(MAKE) --no-print-directory $$goal || { rc=1; bad="$$bad $$goal"; }; \
	done; \
	if [ $$rc = 0 ]; then echo "== check: all passed"; \
	else echo "== check: FAILED:$$bad"; fi; exit $$rc

check-unit: $(chosen) ## unit tests; ROOMS= and TESTS= choose
	@B=$(B) tools/run-tests $(chosen)

check-webui: $(if $(webui_lock),$(dist_stamp)) ## types and unit tests of the web UI
ifneq ($(webui_lock),)
	@cd webui && npm run --silent typecheck
	@cd webui && TEST_DIR=$(abspath $(B))/webui-test node build.mjs --test
	@node --test $(B)/webui-test/
endif

check-api: deps-check all $(B)/tools/embed $(B)/tests/unit/test_rules ## the programs over their sockets (node)
	@tools/run-node tests/api

check-e2e: deps-check all ## the browser against the real programs (node, Chromium)
	@tools/run-node tests/e2e

check-asan: ## unit tests under address and undefined-behaviour sanitizers
	@POINTS=$(or $(POINTS),160) \
	    LSAN_OPTIONS=suppressions=$(TOP)/tests/lsan.supp:print_suppressions=0 \
	    $(MAKE) --no-print-directory B=$(B)/asan SAN=address,undefined \
	    check-unit

check-tsan: ## unit tests under the thread sanitizer
	@$(MAKE) --no-print-directory B=$(B)/tsan SAN=thread check-unit

# OPS operations from SEED on, ROUNDS of changes taken back; what fails prints
# how to do it again.
random_tests := $(patsubst %,$(B)/tests/sim/test_%,random undo product) \
                $(B)/tests/unit/test_config
torture: OPS ?= 100000
torture: ROUNDS ?= 2000
torture: CONFIGS ?= 10000
torture: POINTS ?= all
torture: deps-check all $(random_tests) ## kill, fill, lose, delay, until nothing is left to break (OPS SEED)
	@rc=0; B=$(B) OPS=$(OPS) ROUNDS=$(ROUNDS) CONFIGS=$(CONFIGS) \
	    POINTS=$(POINTS) SEED=$(SEED) TEST_SECONDS=14400 \
	    tools/run-tests $(random_tests) || rc=1; \
	SEED=$(SEED) B=$(B) tests/sim/mutate || rc=1; \
	tools/run-node tests/torture || rc=1; exit $$rc

bench: deps-bench deps-check all ## how fast, as ratios within one run
	@tests/bench/run

# Fuzzers link the rooms built with clang's coverage, in their own directory.
fuzzers := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
fuzz: deps-fuzz ## run each fuzzer for FUZZ_SECONDS (60)
	@$(MAKE) --no-print-directory B=$(B)/fuzz CC=clang \
	    SAN=fuzzer-no-link,address,undefined fuzz-run

.PHONY: fuzz-run
fuzz-run: $(patsubst %,$(B)/%,$(fuzzers))
	@[ -n "$(fuzzers)" ] || { echo "no fuzzer in tests/fuzz" >&2; exit 1; }
	@rc=0; for f in $(fuzzers); do \
	    n=$${f#fuzz_}; mkdir -p $(B)/corpus/$$n; seeds=; dict=; \
	    if [ -d tests/fuzz/seeds/$$n ]; then seeds=tests/fuzz/seeds/$$n; fi; \
	    if [ -f tests/fuzz/$$n.dict ]; then dict=-dict=tests/fuzz/$$n.dict; fi; \
	    echo "== $$f"; \
	    $(B)/$$f -max_total_time=$(or $(FUZZ_SECONDS),60) -timeout=10 \
	        -artifact_prefix=$(B)/ -print_final_stats=1 $$dict \
	        $(B)/corpus/$$n $$seeds || rc=1; \
	done; exit $$rc

$(patsubst %,$(B)/%,$(fuzzers)): $(B)/%: $(B)/tests/fuzz/%.o $(call lib,$(ROOMS))
	@echo "  LD    $@"; $(CC) -fsanitize=fuzzer,address,undefined -pthread \
	    -Wl,--as-needed -o $@ $(filter %.o,$^) -Wl,--start-group \
	    $(filter %.a,$^) -Wl,--end-group $(ALL_LIBS) $(BASE_LIBS)

# ---- goals: everything that reads code and runs none ---------------------------
.PHONY: lint lint-quick lint-rooms lint-size lint-symbols lint-words \
        lint-headers lint-shell lint-tidy lint-cppcheck

lint: deps-check lint-quick lint-shell lint-cppcheck lint-tidy ## all of lint-*

lint-quick: lint-rooms lint-size lint-words lint-headers lint-symbols

lint-rooms: ## no line of code outside its room
	@tools/lint-rooms

lint-size: ## no file and no function too long
	@tools/lint-size

lint-words: ## no banned function, no word that does not belong here
	@tools/lint-words

lint-headers: config.mk ## each header compiles alone, and twice
	@CC="$(CC)" CPPFLAGS="$(STD) $(CPPFLAGS) $(BASE_CFLAGS) $(ALL_CFLAGS) \
	    $(CHECK_CFLAGS)" tools/lint-headers $(headers)

lint-symbols: $(call obj,$(src_product)) ## foo.c exports foo_*
	@B=$(B) NM="$(NM)" tools/lint-symbols $(src_product)

lint-shell: ## shellcheck over our scripts
	@tools/lint-shell

lint-tidy: config.mk ## clang-tidy, the list in .clang-tidy
	@printf '%s\n' $(src_product) | xargs -P 2 -n 4 sh -c \
	    'clang-tidy --quiet --warnings-as-errors="*" "$$@" -- $(STD) \
	    $(CPPFLAGS) $(BASE_CFLAGS) $(ALL_CFLAGS) $(PLACES) 2>/dev/null' tidy

lint-cppcheck: config.mk ## cppcheck
	@cppcheck --quiet --std=c11 --enable=warning,portability,performance \
	    --inline-suppr --error-exitcode=1 --suppress=missingIncludeSystem \
	    -j 2 -D_GNU_SOURCE -I. $(src_product)

# ---- goals: install and clean ----------------------------------------------------
.PHONY: install clean distclean

sbin_programs := $(filter %/polyrootd %/polyroot-switchmgr \
                 %/polyroot-relay,$(programs))
lib_programs  := $(filter %/polyroot-xml,$(programs))
bin_programs  := $(filter %/polyroot %/polyroot-emu,$(programs))
pkgdata        = $(DESTDIR)$(datadir)/polyroot

install: all ## honours DESTDIR, and --prefix in CONFIGURE_ARGS
	@for p in $(sbin_programs); do \
	    $(INSTALL) -D -m 755 $$p $(DESTDIR)$(sbindir)/$${p##*/} || exit 1; done
	@for p in $(lib_programs); do \
	    $(INSTALL) -D -m 755 $$p $(DESTDIR)$(libexecdir)/$${p##*/} || exit 1; done
	@for p in $(bin_programs); do \
	    $(INSTALL) -D -m 755 $$p $(DESTDIR)$(bindir)/$${p##*/} || exit 1; done
	@for f in $(wildcard models/*.json capabilities/*.json chassis/*.json); do \
	    $(INSTALL) -D -m 644 $$f $(pkgdata)/$$f || exit 1; done
	@$(INSTALL) -D -m 644 profiles/config-1.xsd $(pkgdata)/config-1.xsd
	@for f in $(wildcard README.md ARCHITECTURE.md CHANGELOG.md LICENSE) \
	    $(wildcard docs/*.md docs/*/*.md); do \
	    $(INSTALL) -D -m 644 $$f $(DESTDIR)$(docdir)/$${f#docs/} || exit 1; done

clean: ## remove what make made (and a stale emulated /sys/bus/pci)
	@tools/unmount $(RUN_DIR) $(B)
	rm -rf --one-file-system $(B) webui/dist

distclean: clean ## and what configure and npm made
	rm -rf config.mk config.log config.status configure configure~ \
	    autom4te.cache webui/node_modules

help: ## this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{ printf "  make %-14s %s\n", $$1, $$2 }' \
	    $(firstword $(MAKEFILE_LIST))
