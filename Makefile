# SPDX-License-Identifier: MIT
# kehoach: `make help` lists what can be asked for.

BUILD  ?= build
PREFIX ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0

# Rooms from the ground up; what each may include is proved by tests/arrows.sh.
# A room in the making can be left out: make ROOMS="base model calc"
ROOMS ?= base model store intake calc report job flow script cli

# ---- flags -----------------------------------------------------------------

# Every warning here has found a real fault in code like ours:
WARN := -Wall -Wextra
WARN += -Wshadow            # a local that hides another is read as the other
WARN += -Wconversion        # a count silently cut to fewer bits
WARN += -Wstrict-prototypes # f() takes anything in C11
WARN += -Wpointer-arith     # arithmetic on void *
WARN += -Wcast-qual         # const cast away
WARN += -Wwrite-strings     # a literal written to
WARN += -Wformat=2          # a format that is not a literal
WARN += -Wundef             # a misspelt #if is false

# What makes a memory fault harder to use: checked libc calls, stack canaries,
# a position-independent program, relocations read-only before main runs.
HARDEN_C := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
HARDEN_L := -pie -Wl,-z,relro,-z,now

# Columns are gone through several cells at a time.
$(BUILD)/obj/calc/%.o: HARDEN_C := $(patsubst -O2,-O3,$(HARDEN_C))

# `make san` builds with these instead.
ifdef SAN
HARDEN_C := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
HARDEN_L := -fsanitize=address,undefined
endif

CFLAGS ?= -g
PKGS := lua5.4 sqlite3 libutf8proc xlsxwriter libzip expat libedit nettle gmp

# pkg-config may not be installed yet while this file is read (`make test` on a
# bare machine installs it first), so it is asked once, when first needed.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)

ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -DKH_VERSION='"$(VERSION)"' -Icore -Iinclude $(WARN) $(HARDEN_C) $(PKG_CFLAGS) $(CFLAGS)
ALL_LIBS   = $(PKG_LIBS) -lcsv -lpthread -lm

# Commands are shown short; V=1 shows them whole.
ifndef V
Q := @
SAY = @echo '  $1'
endif

# ---- what there is ---------------------------------------------------------

LIB_SRC := $(foreach r,$(filter-out cli,$(ROOMS)),$(wildcard core/$r/*.c))
CLI_SRC := $(if $(filter cli,$(ROOMS)),$(wildcard core/cli/*.c))
GEN_SRC := $(BUILD)/gen/embed_store.c $(BUILD)/gen/embed_script.c $(BUILD)/gen/embed_init.c

LIB_OBJ := $(LIB_SRC:core/%.c=$(BUILD)/obj/%.o) $(GEN_SRC:$(BUILD)/gen/%.c=$(BUILD)/obj/gen/%.o)
CLI_OBJ := $(CLI_SRC:core/%.c=$(BUILD)/obj/%.o)

# Tests are found, not registered. What several share stands in tests/support.
TEST_SRC    := $(foreach r,$(ROOMS) .,$(patsubst tests/./%,tests/%,$(wildcard tests/$r/test_*.c)))
SUPPORT_SRC := $(wildcard tests/support/*.c)
TESTS       := $(TEST_SRC:tests/%.c=$(BUILD)/tests/%)
SUPPORT_OBJ := $(SUPPORT_SRC:tests/%.c=$(BUILD)/tests/%.o)
# Each fuzz target also runs over the inputs that are kept, as a test.
REPLAYS     := $(if $(filter intake,$(ROOMS)),$(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/fuzz/fuzz_*.c)))
TEST_OBJ    := $(TESTS:=.o) $(SUPPORT_OBJ) $(REPLAYS:=.o) $(BUILD)/tests/fuzz/replay.o
FAULT_TOOLS := $(BUILD)/tests/faults/faults $(BUILD)/tests/faults/shim.so

PO := $(wildcard core/po/vi.po)
MO := $(PO:core/po/%.po=$(BUILD)/locale/%/LC_MESSAGES/kehoach.mo)

LIB     := $(BUILD)/libkehoach.a
PROGRAM := $(if $(CLI_SRC),$(BUILD)/kehoach)
MAN     := $(if $(CLI_SRC),$(BUILD)/man/en/kehoach.1 $(BUILD)/man/vi/kehoach.1)

# ---- targets ---------------------------------------------------------------

.PHONY: all map test demo bench install uninstall clean deps deps-build deps-test deps-lint lint san valgrind fuzz po manual help \
        need-build need-test objects tests force
.DELETE_ON_ERROR:
.SECONDARY:

all: $(LIB) $(PROGRAM) $(MO) $(MAN) ## build the library, the command, the Vietnamese messages and the manual pages

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile
	@echo '  Variables: BUILD=build PREFIX=/usr/local DESTDIR= CC=cc ROOMS="base model ..."'

# Asked to test or show, we install what is missing; asked to build, we only say so.
DEPS := $(if $(filter demo test san valgrind,$(MAKECMDGOALS)),ensure,check)

need-build:
	@.ci/deps.sh $(DEPS) build

need-test: need-build
	@.ci/deps.sh $(DEPS) test

deps: ## install every Debian package of debian-packages
	.ci/deps.sh install build test lint

deps-build: ## install what building needs
	.ci/deps.sh install build

deps-test: ## install what building and testing need
	.ci/deps.sh install build test

deps-lint:
	.ci/deps.sh install build test lint

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(call SAY,AR    $@)
	$(Q)$(AR) rcs $@ $(LIB_OBJ)

$(BUILD)/kehoach: $(CLI_OBJ) $(LIB)
	$(call SAY,LINK  $@)
	$(Q)$(CC) $(HARDEN_L) $(LDFLAGS) -o $@ $(CLI_OBJ) $(LIB) $(ALL_LIBS)

$(BUILD)/man/%/kehoach.1: $(BUILD)/kehoach $(MO)
	@mkdir -p $(@D)
	$(Q)$(BUILD)/kehoach --lang $* manual man > $@.new && mv $@.new $@

$(BUILD)/obj/%.o: core/%.c | need-build
	@mkdir -p $(@D)
	$(call SAY,CC    $<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c | need-build
	@mkdir -p $(@D)
	$(call SAY,CC    $<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Modules of scripts/lib that every workspace may require.
SHIPPED := scripts/lib/dhis2.lua scripts/lib/json.lua

# Made anew each time, since a removed file has no newer date; kept if it is the same.
$(BUILD)/gen/embed_store.c: force
	@$(call embed,store,core/store/schema,sql)

$(BUILD)/gen/embed_script.c: force
	@$(call embed,script,core/script/lua,lua $(SHIPPED))

$(BUILD)/gen/embed_init.c: force
	@$(call embed,init,core/cli/template,'*')

embed = mkdir -p $(@D) && core/base/embed.sh $1 $2 $3 > $@.new && { cmp -s $@.new $@ && rm $@.new || mv $@.new $@; }

force:

$(BUILD)/locale/%/LC_MESSAGES/kehoach.mo: core/po/%.po | need-build
	@mkdir -p $(@D)
	$(call SAY,MSGFMT $<)
	$(Q)msgfmt --check -o $@ $<

# The functions that take a msgid and the place it stands at. `--keyword` alone leaves out
# gettext's own names; the flags make msgfmt compare the format directives.
MSG_KEYWORDS := --keyword --keyword=_ --keyword=N_ --keyword=kh_tr --keyword=kh_trn:1,2 --keyword=kh_fail:3 \
  --keyword=kh_fail_at:5 --keyword=kh_failv:5 --keyword=kh_wrap:2 --keyword=kh_log:2
MSG_FLAGS := --flag=_:1:pass-c-format --flag=N_:1:pass-c-format --flag=kh_tr:1:pass-c-format \
  --flag=kh_trn:1:pass-c-format --flag=kh_trn:2:pass-c-format --flag=kh_fail:3:c-format --flag=kh_fail_at:5:c-format \
  --flag=kh_failv:5:c-format --flag=kh_wrap:2:c-format --flag=kh_log:2:c-format --flag=kh_buf_printf:2:c-format \
  --flag=kh_asprintf:1:c-format --flag=kh_lua_raise:2:c-format --flag=kh_lua_raise_at:3:c-format \
  --flag=kh_table_bad:3:c-format --flag=kh_note:9:c-format --flag=kh_note_cell:6:c-format

# No line numbers, no dates, no machine: vi.po changes only where a message does.
$(BUILD)/kehoach.pot: force
	@mkdir -p $(@D)
	@xgettext --from-code=UTF-8 --add-comments=TRANSLATORS --package-name=kehoach --sort-by-file --add-location=file \
	  --no-wrap $(MSG_KEYWORDS) $(MSG_FLAGS) -o $@.new $(sort $(wildcard core/*/*.c core/*/*.h))
	@sed '/^"POT-Creation-Date:/d' $@.new > $@ && rm $@.new

po: $(BUILD)/kehoach.pot | need-build ## bring core/po/vi.po up to the messages in the code
	msgmerge --quiet --no-wrap --add-location=file core/po/vi.po $< | msgattrib --no-obsolete --no-wrap --add-location=file -o $(BUILD)/vi.po -
	cp $(BUILD)/vi.po core/po/vi.po
	msgfmt --check --statistics -o /dev/null core/po/vi.po

manual: all ## write docs/lua-api.md from the rows beside the functions
	$(BUILD)/kehoach manual api > docs/lua-api.md.new && mv docs/lua-api.md.new docs/lua-api.md

map: ## bring the map of files in core/README.md up to the heads of the files
	lua5.4 tests/map.lua write

# ---- tests -----------------------------------------------------------------

$(TEST_OBJ): $(BUILD)/tests/%.o: tests/%.c | need-test
	@mkdir -p $(@D)
	$(call SAY,CC    $<)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -DTEST_SOURCE='"$(CURDIR)"' -MMD -MP -c -o $@ $<

$(TESTS): %: %.o $(SUPPORT_OBJ) $(LIB)
	$(call SAY,LINK  $@)
	$(Q)$(CC) $(HARDEN_L) $(LDFLAGS) -o $@ $< $(SUPPORT_OBJ) $(LIB) -lcmocka $(ALL_LIBS)

$(REPLAYS): %: %.o $(BUILD)/tests/fuzz/replay.o $(LIB)
	$(call SAY,LINK  $@)
	$(Q)$(CC) $(HARDEN_L) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

tests: all $(TESTS) $(REPLAYS) $(FAULT_TOOLS) | need-test

test: tests ## build and run all tests; the last line is the count
	@ROOMS='$(ROOMS)' tests/run.sh $(BUILD) $(TESTS) $(REPLAYS)

san: ## the same tests with address and undefined-behaviour sanitizers
	@LSAN_OPTIONS='suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0' $(MAKE) --no-print-directory BUILD=$(BUILD)-san SAN=1 test

.PHONY: property
RUNS ?= 1000
property: tests ## random worlds against the plain reference of calculation: RUNS of them from SEED (minutes)
	KH_SEED=$(or $(SEED),$(shell date +%s)) KH_RUNS=$(RUNS) $(BUILD)/tests/calc/test_property

valgrind: tests ## the same tests under valgrind
	@RUN='$(shell command -v valgrind) -q --error-exitcode=99 --num-callers=40 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --suppressions=$(CURDIR)/tests/valgrind.supp' ROOMS='$(ROOMS)' tests/run.sh $(BUILD) $(TESTS) $(REPLAYS)

# ---- whole commands under faults (tests/faults) -------------------------------

ROUNDS ?= 100

$(BUILD)/tests/faults/faults: tests/faults/faults.c tests/faults/faults.h | need-test
	@mkdir -p $(@D)
	$(call SAY,LINK  $@)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -O2 $(CFLAGS) -o $@ $< -lsqlite3

$(BUILD)/tests/faults/shim.so: tests/faults/shim.c tests/faults/faults.h | need-test
	@mkdir -p $(@D)
	$(call SAY,LINK  $@)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -O2 $(CFLAGS) -shared -fPIC -o $@ $<

.PHONY: attacks faults kill damaged
damaged: ## damaged stores on a build with sanitizers (ROUNDS=100)
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-san SAN=1 $(BUILD)-san/kehoach $(BUILD)-san/tests/faults/faults
	@BUILD=$(abspath $(BUILD))-san SOURCE=$(CURDIR) $(BUILD)-san/tests/faults/faults damaged $(ROUNDS)

attacks: tests ## hostile scripts through every way into Lua, time and memory judged as well
	@BUILD=$(abspath $(BUILD)) ATTACKS=all,strict CMOCKA_MESSAGE_OUTPUT=tap $(BUILD)/tests/script/test_attacks | grep -v '^ok'

faults: all $(FAULT_TOOLS) ## fail the n-th allocation, read, write, sync of whole commands (FAULTS_STACKS=0 FAULTS_STEP=1: every n)
	@BUILD=$(abspath $(BUILD)) SOURCE=$(CURDIR) tests/faults/run.sh sweep

kill: all $(FAULT_TOOLS) ## kill -9 at random moments, two writers at once (ROUNDS=100 of each)
	@BUILD=$(abspath $(BUILD)) SOURCE=$(CURDIR) tests/faults/run.sh kill $(ROUNDS)

demo: all ## from nothing to out/: Plan 100 followed from the returns to the reports (EN=1: in English)
	@BUILD=$(abspath $(BUILD)) EN=$(EN) sh examples/demo.sh

html-check: all ## validate every HTML report, light and dark, wide and narrow (needs node, npm, Chromium and `make demo`)
	@BUILD=$(abspath $(BUILD)) sh tests/html/check.sh

bench: all ## measure, side by side with what users would pick instead; SIZE=full BENCH=intake RUNS=3
	@BUILD='$(abspath $(BUILD))' CC='$(CC)' sh tests/bench/run.sh

# ---- checks of the source --------------------------------------------------

objects: $(LIB_OBJ) $(CLI_OBJ) $(TEST_OBJ)

TIDY := $(LIB_SRC:core/%.c=$(BUILD)/tidy/%.ok) $(CLI_SRC:core/%.c=$(BUILD)/tidy/%.ok)

# After the object, which is made anew whenever a header of the source changes.
$(BUILD)/tidy/%.ok: core/%.c $(BUILD)/obj/%.o .clang-tidy
	@mkdir -p $(@D)
	$(call SAY,TIDY  $<)
	$(Q)clang-tidy --quiet --warnings-as-errors='*' $< -- -std=gnu11 -D_GNU_SOURCE -DKH_VERSION='""' -Icore -Iinclude $(PKG_CFLAGS) 2>$@.log || { cat $@.log; exit 1; }
	@touch $@

.PHONY: tidy cppcheck lint-text html-check
tidy: $(TIDY)

# cppcheck does not know C11's _Noreturn, but GNU's word for it; nor the macro of <link.h> that names ELF's types.
cppcheck:
	@mkdir -p $(BUILD)/cppcheck
	$(call SAY,CPPCHECK)
	$(Q)cppcheck --quiet --error-exitcode=1 --std=c11 --language=c --enable=warning,performance,portability --inline-suppr \
	  '-D_Noreturn=__attribute__((noreturn))' '-DElfW(type)=Elf64_##type' --suppress=missingIncludeSystem --cppcheck-build-dir=$(BUILD)/cppcheck -j 2 -Icore -D_GNU_SOURCE -DKH_VERSION='""' $(LIB_SRC) $(CLI_SRC)

TEXTS := $(wildcard core include tests scripts examples kehoach.lua)

# The licence line of each file (but those that init gives away), and the syntax of what no compiler sees.
lint-text:
	$(call SAY,SHELLCHECK)
	$(Q)shellcheck .ci/run .ci/deps.sh $(wildcard core/base/*.sh tests/*.sh tests/*/*.sh examples/*.sh)
	@bad=$$(find $(TEXTS) -path core/cli/template -prune -o -type f '(' -name '*.[ch]' -o -name '*.lua' -o -name '*.sh' ')' -print | while read -r f; do \
	  head -n 2 "$$f" | grep -q 'SPDX-License-Identifier: MIT' || echo "$$f"; done); \
	  [ -z "$$bad" ] || { echo "no SPDX line in:" $$bad; exit 1; }
	$(call SAY,LUAC -p)
	@find $(TEXTS) -name '*.lua' ! -path 'tests/fixtures/*' | while read -r f; do luac5.4 -p "$$f" || exit 1; done

lint: ## both compilers without a warning, clang-tidy, cppcheck, shellcheck
	@.ci/deps.sh $(DEPS) build test lint
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-gcc CC=gcc CFLAGS='-g -Werror' objects
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-clang CC=clang CFLAGS='-g -Werror' objects tidy cppcheck lint-text

# Each tests/fuzz/fuzz_NAME.c has LLVMFuzzerTestOneInput; FUZZ_TIME is seconds for each.
FUZZ_TIME ?= 60
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)-fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_FLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: fuzz-lib
fuzz-lib:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-fuzz CC=clang HARDEN_C='$(FUZZ_FLAGS) -fsanitize=fuzzer-no-link' $(BUILD)-fuzz/libkehoach.a

$(FUZZERS): $(BUILD)-fuzz/%: tests/fuzz/%.c fuzz-lib
	$(call SAY,LINK  $@)
	$(Q)clang -std=gnu11 -D_GNU_SOURCE -Icore -Iinclude $(FUZZ_FLAGS) -fsanitize=fuzzer $(PKG_CFLAGS) -o $@ $< $(BUILD)-fuzz/libkehoach.a $(ALL_LIBS)

# Each target begins with the inputs that are kept, the corpus of intake and what earlier runs found.
fuzz: $(FUZZERS) $(REPLAYS) ## run every fuzz target (FUZZ="decode rows") for FUZZ_TIME seconds (needs clang)
	@for n in $(if $(FUZZ),$(FUZZ:%=fuzz_%),$(notdir $(FUZZERS))); do echo "$$n"; \
	  mkdir -p $(BUILD)-fuzz/corpus/$$n $(BUILD)-fuzz/seeds/$$n && $(BUILD)/tests/fuzz/$$n $(BUILD)-fuzz/seeds/$$n && \
	  $(BUILD)-fuzz/$$n -max_total_time=$(FUZZ_TIME) -timeout=10 -max_len=4096 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 -artifact_prefix=$(BUILD)-fuzz/$$n- \
	    $(BUILD)-fuzz/corpus/$$n $(BUILD)-fuzz/seeds/$$n $$(ls -d tests/fuzz/seeds/$$n 2>/dev/null) || exit 1; done

# ---- installing ------------------------------------------------------------

SHARE := $(DESTDIR)$(PREFIX)/share

install: all ## install under PREFIX (DESTDIR is put before it)
	install -D -m 755 $(BUILD)/kehoach $(DESTDIR)$(PREFIX)/bin/kehoach
	install -D -m 644 $(LIB) $(DESTDIR)$(PREFIX)/lib/libkehoach.a
	install -D -m 644 include/kehoach.h $(DESTDIR)$(PREFIX)/include/kehoach.h
	@mkdir -p $(DESTDIR)$(PREFIX)/lib/pkgconfig
	@printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' 'Name: kehoach' \
	  'Description: follows a government plan from returns to reports' 'Version: $(VERSION)' \
	  'Requires: $(PKGS)' 'Libs: -L$${libdir} -lkehoach -lcsv -lpthread -lm' \
	  'Cflags: -I$${includedir}' > $(DESTDIR)$(PREFIX)/lib/pkgconfig/kehoach.pc
	@for d in scripts/lib:lib templates:templates; do from=$${d%%:*}; \
	  [ ! -d $$from ] || (cd $$from && find . -type f -exec install -D -m 644 '{}' '$(abspath $(SHARE))/kehoach/'$${d##*:}'/{}' ';'); done
	@[ -z '$(MO)' ] || install -D -m 644 $(MO) $(SHARE)/locale/vi/LC_MESSAGES/kehoach.mo
	@for f in README.md LICENSE $(wildcard docs/*.md); do [ ! -f $$f ] || install -D -m 644 $$f $(SHARE)/doc/kehoach/$$(basename $$f); done
	@[ -z '$(MAN)' ] || { install -D -m 644 $(BUILD)/man/en/kehoach.1 $(SHARE)/man/man1/kehoach.1 && \
	  install -D -m 644 $(BUILD)/man/vi/kehoach.1 $(SHARE)/man/vi/man1/kehoach.1; }

uninstall: ## remove what install put there, and nothing else
	rm -f $(DESTDIR)$(PREFIX)/bin/kehoach $(DESTDIR)$(PREFIX)/lib/libkehoach.a $(DESTDIR)$(PREFIX)/include/kehoach.h \
	  $(DESTDIR)$(PREFIX)/lib/pkgconfig/kehoach.pc $(SHARE)/locale/vi/LC_MESSAGES/kehoach.mo $(SHARE)/man/man1/kehoach.1 \
	  $(SHARE)/man/vi/man1/kehoach.1
	rm -rf $(SHARE)/kehoach $(SHARE)/doc/kehoach

clean: ## remove the build folders
	rm -rf $(BUILD) $(BUILD)-san $(BUILD)-gcc $(BUILD)-clang $(BUILD)-fuzz

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(TEST_OBJ:.o=.d)
