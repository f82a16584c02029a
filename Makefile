# mprof-trace: build, test, install. `make help` lists the targets.
#
# Sources, unit tests, target programs and end-to-end tests are found by wildcard.

BUILD ?= build
CC ?= cc
CXX ?= c++
OBJCOPY ?= objcopy
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
DESTDIR ?=
# JOBS=N: so many compilers, linters and tests side by side.
BUILD_JOBS = $(or $(JOBS),$(shell nproc))
TEST_JOBS = $(or $(JOBS),2)

# The processor that is built for, by the compiler's own word, and the folders of tracer/arch that are for it. A port
# that cannot probe yet has no_probes for what it lacks.
MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine 2>/dev/null)))
ARCH_x86_64 = x86_64
ARCH_aarch64 = aarch64 no_probes
ARCH_LIBS_x86_64 = -lZydis
ARCH_FOREIGN = $(filter-out $(ARCH_$(MACHINE)),$(notdir $(patsubst %/,%,$(wildcard tracer/arch/*/))))

CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes $(WERROR) -Werror=implicit-function-declaration
PKGS = libdw libelf libunwind-ptrace libunwind-generic libpcre2-8 zlib plplot \
	x11 cairo-xlib pangocairo fontconfig chafa
# Asked once, and only when something is compiled: `make deps` may install pkg-config first.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $$(PKGS)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell pkg-config --libs $$(PKGS)))$(PKG_LIBS)
# Debian's Zydis and libiberty have no .pc file.
ALL_LIBS = $(PKG_LIBS) $(ARCH_LIBS_$(MACHINE)) -liberty -lm
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -I. $(WARNINGS) $(CFLAGS) $(SANITIZE) $(PKG_CFLAGS) -MMD -MP

SRCS := $(filter-out tracer/api/% $(ARCH_FOREIGN:%=tracer/arch/%/%),$(sort $(wildcard tracer/*.c tracer/*/*.c tracer/*/*/*.c symbols/*/*.c plot/*/*.c)))
OBJS := $(SRCS:%.c=$(BUILD)/obj/%.o)
LIB_OBJS := $(filter-out $(BUILD)/obj/tracer/main.o,$(OBJS))
UNIT_SRCS := $(sort $(wildcard tests/unit/*/test_*.c))
UNIT_TESTS := $(UNIT_SRCS:tests/unit/%.c=$(BUILD)/unit/%)

# Programs to be traced: one of each file, but for busy, which is of several. Folders that scripts
# compile from are left out. All are built into one folder, so that no two may have one name.
TARGET_DIRS := $(filter-out %/symbols/ %/inlined/ %/api/,$(wildcard tests/targets/*/))
TARGET_C := $(sort $(wildcard $(TARGET_DIRS:=*.c)))
TARGET_CC := $(sort $(wildcard $(TARGET_DIRS:=*.cc)))
BUSY_C := $(filter tests/targets/attach/busy%,$(TARGET_C))
TARGET_LIBS := $(patsubst %.c,$(BUILD)/targets/%.so,$(filter lib%,$(notdir $(TARGET_C))))
TARGETS := $(BUILD)/targets/busy $(addprefix $(BUILD)/targets/,\
	$(patsubst %.c,%,$(filter-out lib%,$(notdir $(filter-out $(BUSY_C),$(TARGET_C))))) \
	$(patsubst %.cc,%,$(notdir $(TARGET_CC))))
vpath %.c $(TARGET_DIRS)
vpath %.cc $(TARGET_DIRS)
E2E_TESTS := $(sort $(wildcard tests/e2e/*.sh tests/e2e/*/*.sh))

# A sub-make with parallel jobs, unless the caller chose a -j himself. A first `make test` installs
# what the build needs; the sub-make then reads everything afresh.
SUBMAKE = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(BUILD_JOBS))

# One short line a file; V=1 shows the commands.
SAY = $(if $(V),,@echo '  $(1)  $@' &&)

all: $(BUILD)/mprof-trace libmprof ## build build/mprof-trace and libmprof (the default)

# ---- The program ----

$(BUILD)/mprof-trace: $(OBJS)
	$(call SAY,LD )$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

# How it was built is part of it, too: compiled again when that has changed, a commit included.
$(BUILD)/obj/tracer/cli/options/version_text.o: $(BUILD)/build-facts
$(BUILD)/obj/tracer/cli/options/version_text.o: ALL_CFLAGS += @$(BUILD)/build-facts

$(BUILD)/build-facts: always | $(BUILD)/deps-checked
	@mkdir -p $(@D)
	@CC='$(CC)' packaging/build_facts.sh $(filter-out libelf libunwind-generic x11,$(PKGS)) >$@.new && \
		if [ -e $@ ] && cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

always: ;

# Its text is part of the program.
$(BUILD)/obj/tracer/loop/python/python_text.o: tracer/loop/python/python_helper.py

$(BUILD)/obj/%.o: %.c | $(BUILD)/deps-checked
	@mkdir -p $(@D)
	$(call SAY,CC )$(CC) $(ALL_CFLAGS) -c -o $@ $<

# The page of plot -o x.html: its parts as they stand in it. They are part of the program, too.
DYGRAPHS ?= /usr/share/javascript/dygraphs
DYGRAPHS_LICENCE ?= /usr/share/doc/libjs-dygraphs/copyright
PAGE = plot/html/page
PAGE_PARTS = $(addprefix $(BUILD)/page/,page.html style.css script.js dygraphs.js licence.txt)

$(BUILD)/obj/plot/html/page_parts.o: $(PAGE_PARTS)
$(BUILD)/obj/plot/html/page_parts.o: ALL_CFLAGS += -Wa,-I$(BUILD)/page

$(BUILD)/page/page.html: $(PAGE)/page.html
$(BUILD)/page/style.css: $(DYGRAPHS)/dygraph.css $(sort $(wildcard $(PAGE)/*.css))
$(BUILD)/page/script.js: $(sort $(wildcard $(PAGE)/*.js))
$(BUILD)/page/dygraphs.js: $(DYGRAPHS)/dygraph.min.js
$(BUILD)/page/licence.txt: $(DYGRAPHS_LICENCE)
# A page that is whole names no other file.
$(PAGE_PARTS):
	@mkdir -p $(@D)
	$(call SAY,GEN)sed '/^\/\/# sourceMappingURL=/d' $^ >$@

$(DYGRAPHS)/%:
	@packaging/deps.sh --check build; echo "There is no $@ (make DYGRAPHS=DIR looks in DIR)." >&2; false

# One clear line instead of a compiler's "no such file", once a build directory.
$(BUILD)/deps-checked: packaging/deps.sh
	@packaging/deps.sh --check build
	@mkdir -p $(@D) && touch $@

# ---- libmprof, for programs of others ----

# What it is made of; nothing that knows of ptrace, of symbols or of drawing. Each file says its licence.
MPROF_SRCS = $(sort $(wildcard tracer/api/*.c)) \
	$(addprefix tracer/base/,addr_map.c array.c clock.c error.c metric.c profile_format.c retry.c utf8.c) \
	$(addprefix tracer/proc/,groups/cgroup.c groups/cgroup_place.c children.c proc_file.c proc_text.c process_facts.c thread_look.c) \
	$(addprefix tracer/sample/,cgroup_meter.c memory_usage.c sampler.c tick_grid.c) \
	$(addprefix tracer/record/,condenser.c line_writer.c record_line.c record_text.c recorder.c recorder_calls.c)
MPROF_OBJS = $(MPROF_SRCS:%.c=$(BUILD)/mprof/obj/%.o)
MPROF_VERSION = $(shell sed -n 's/.*MPROF_TRACE_VERSION "\(.*\)"/\1/p' tracer/base/version.h)
# An exception of C++, or the end of a thread, may come through it: -fexceptions. A process of others is not ended
# by an assertion of ours: -DNDEBUG.
MPROF_CFLAGS = -std=gnu11 -D_GNU_SOURCE -DNDEBUG -I. $(WARNINGS) $(CFLAGS) $(SANITIZE) -MMD -MP \
	-fPIC -fvisibility=hidden -fexceptions -pthread

libmprof: $(BUILD)/libmprof.a $(BUILD)/libmprof.so ## build the library of tracer/api

$(BUILD)/mprof/obj/%.o: %.c | $(BUILD)/deps-checked
	@mkdir -p $(@D)
	$(call SAY,CC )$(CC) $(MPROF_CFLAGS) -c -o $@ $<

$(BUILD)/libmprof.so.0: $(MPROF_OBJS) tracer/api/libmprof.map
	$(call SAY,LD )$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -shared -pthread -Wl,-soname,libmprof.so.0 \
		-Wl,--version-script=tracer/api/libmprof.map $(if $(SANITIZE),,-Wl,--no-undefined) -o $@ $(MPROF_OBJS)

$(BUILD)/libmprof.so: $(BUILD)/libmprof.so.0
	$(call SAY,LN )ln -sf libmprof.so.0 $@

# One object, whose names are those of mprof.h alone: what is hidden is not to meet a program's own.
$(BUILD)/libmprof.a: $(MPROF_OBJS)
	@rm -f $@
	$(call SAY,AR )$(CC) -r -nostdlib -o $(BUILD)/mprof/mprof.o $^ && \
		$(OBJCOPY) --localize-hidden $(BUILD)/mprof/mprof.o && $(AR) rcs $@ $(BUILD)/mprof/mprof.o

# ---- What has to be installed; no apt call when nothing is missing ----

deps: ## install the packages that building and running need
	@packaging/deps.sh build run

test-deps: deps ## install what only the tests need
	@packaging/deps.sh test
	@packaging/npm_files.sh $(BUILD)/npm speedscope@1.25.0

lint-deps: test-deps ## install what only `make lint` needs
	@packaging/deps.sh lint

bench-deps: test-deps ## install what `make bench` compares with
	@packaging/deps.sh bench

# ---- Tests ----

RUN_TESTS = MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TARGETS=$(abspath $(BUILD)/targets) \
	TESTS=$(abspath tests) ASAN_OPTIONS=$(TEST_ASAN_OPTIONS) \
	LSAN_OPTIONS=suppressions=$(abspath tests/lib/lsan.supp):print_suppressions=0 \
	tests/lib/run_tests.sh $(if $(AGAIN),--again)

test: test-deps ## install what is missing, build, run all tests
	+@$(SUBMAKE) check

check: $(BUILD)/mprof-trace libmprof $(UNIT_TESTS) targets ## all tests, installing nothing
	@target_tests=$$(tests/lib/list_targets.sh) && \
		$(RUN_TESTS) --jobs $(TEST_JOBS) $(UNIT_TESTS) $(E2E_TESTS) $$target_tests

unit: $(UNIT_TESTS) ## the unit tests only
	@$(RUN_TESTS) --jobs $(TEST_JOBS) $(UNIT_TESTS)

e2e: $(BUILD)/mprof-trace libmprof targets ## the end-to-end tests only (E2E='tests/e2e/run/x.sh …': just these)
	@$(RUN_TESTS) --jobs $(TEST_JOBS) $(or $(E2E),$(E2E_TESTS))

target-tests: $(BUILD)/mprof-trace targets ## the target programs' tests only (T='fork_* end:exit …': just these)
	@target_tests=$$(tests/lib/list_targets.sh $(foreach name,$(T),'$(name)')) && \
		$(RUN_TESTS) --jobs $(TEST_JOBS) $$target_tests

soak: test-deps ## the long tests
	+@$(SUBMAKE) $(BUILD)/mprof-trace targets
	@$(RUN_TESTS) --timeout 3600 $(sort $(wildcard tests/soak/*.sh))

check-asan: test-deps ## all tests with AddressSanitizer and UBSan, in $(BUILD)-asan
	+@$(SUBMAKE) BUILD=$(BUILD)-asan CFLAGS='-O1 -g' check \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'

bench: bench-deps ## costs: a probed call, against other tracers; a tick; symbols, against gdb; a plot, against mprof
	+@$(SUBMAKE) $(BUILD)/mprof-trace libmprof targets
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TARGETS=$(abspath $(BUILD)/targets) \
		TESTS=$(abspath tests) tests/bench/run.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TESTS=$(abspath tests) tests/bench/tools.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TESTS=$(abspath tests) tests/bench/programs.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TESTS=$(abspath tests) tests/bench/lines.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TESTS=$(abspath tests) tests/bench/ticks.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TESTS=$(abspath tests) tests/bench/parts.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) tests/bench/stacks.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) tests/bench/growth.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TESTS=$(abspath tests) tests/bench/python_lines.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) tests/bench/symbols.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) tests/bench/plot.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TESTS=$(abspath tests) tests/bench/ranks.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TESTS=$(abspath tests) tests/bench/export.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TESTS=$(abspath tests) tests/bench/html.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TARGETS=$(abspath $(BUILD)/targets) tests/bench/marks.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TESTS=$(abspath tests) tests/bench/compare.sh
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TESTS=$(abspath tests) tests/bench/api.sh

fuzz: test-deps ## all fuzzers, FUZZ_S seconds each (default 600); FUZZ=NAME: one of tests/fuzz/fuzz_NAME.c, or relocation
	+@$(SUBMAKE) $(BUILD)/mprof-trace $(BUILD)/tools/relocation
	@tests/fuzz/run.sh $(or $(FUZZ),all) $(BUILD) $(or $(FUZZ_S),600)

gallery: test-deps ## plots of all kinds beside mprof's, in $(BUILD)/gallery
	+@$(SUBMAKE) $(BUILD)/mprof-trace
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) tests/lib/gallery.sh $(BUILD)/gallery

pictures: test-deps ## the pictures of README.md, in man/pictures
	+@$(SUBMAKE) $(BUILD)/mprof-trace
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) tests/tools/pictures.sh man/pictures

keep-records: test-deps ## keep new recordings, in place of those under tests/records/kept
	+@$(SUBMAKE) $(BUILD)/mprof-trace targets
	@MPROF_TRACE=$(abspath $(BUILD)/mprof-trace) TARGETS=$(abspath $(BUILD)/targets) \
		TESTS=$(abspath tests) tests/tools/keep_records.sh

# Unit tests link everything but main, and touch no ptrace.
$(BUILD)/libmprof-trace.a: $(LIB_OBJS)
	@rm -f $@
	$(call SAY,AR )ar rcs $@ $^

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libmprof-trace.a
	@mkdir -p $(@D)
	$(call SAY,CC )$(CC) $(ALL_CFLAGS) -o $@ $< $(BUILD)/libmprof-trace.a $(ALL_LIBS) -lcmocka

# Tools of the tests that are linked with the code they ask.
$(BUILD)/tools/%: tests/tools/%.c $(BUILD)/libmprof-trace.a
	@mkdir -p $(@D)
	$(call SAY,CC )$(CC) $(ALL_CFLAGS) -o $@ $< $(BUILD)/libmprof-trace.a $(ALL_LIBS)

# Programs to be traced. A first line `/* flags: … */` or `// flags: …` appends to the flags.
TARGET_FLAGS = $(shell sed -n -E '1{s,[[:space:]]*\*/[[:space:]]*$$,,;s,^/[*/] *flags:,,p}' $<)
TARGET_CFLAGS = -O0 -g -fno-inline -Wall -I. -Itests/targets -MMD -MP -MF $@.d
TARGET_SOURCES = $<
# A static PIE with a library path crashes before main (glibc 2.36).
TARGET_LDFLAGS = $(if $(findstring -static,$(TARGET_FLAGS)),,-L$(BUILD)/targets -Wl,-rpath,'$$ORIGIN')

# Runs code with registers that lead anywhere, into what a sanitizer keeps, too: without any, and of its own objects. What
# arch needs is in arch and base.
$(BUILD)/tools/relocation: $(sort $(wildcard tests/fuzz/relocation/*.[ch] tracer/arch/x86_64/*.c tracer/base/*.[ch]))
	@mkdir -p $(@D)
	$(call SAY,CC )$(CC) -std=gnu11 -D_GNU_SOURCE -I. $(WARNINGS) $(CFLAGS) -o $@ $(filter %.c,$^) -lZydis -lm

targets: $(TARGETS) $(BUILD)/tools/relocation $(BUILD)/tools/patch_windows $(BUILD)/tools/walk_stack $(BUILD)/tools/line_rows ## build the programs that the tests trace

$(TARGETS): | $(TARGET_LIBS)

$(BUILD)/targets/lib%.so: lib%.c
	@mkdir -p $(@D)
	$(call SAY,CC )$(CC) -std=gnu11 -D_GNU_SOURCE $(TARGET_CFLAGS) -shared -fPIC -o $@ $< $(TARGET_FLAGS)

$(BUILD)/targets/busy: TARGET_SOURCES = $(BUSY_C)
$(BUILD)/targets/busy: $(BUSY_C)
$(BUILD)/targets/%: %.c
	@mkdir -p $(@D)
	$(call SAY,CC )$(CC) -std=gnu11 -D_GNU_SOURCE $(TARGET_CFLAGS) -o $@ $(TARGET_SOURCES) $(TARGET_LDFLAGS) $(TARGET_FLAGS)

$(BUILD)/targets/%: %.cc
	@mkdir -p $(@D)
	$(call SAY,CXX)$(CXX) $(TARGET_CFLAGS) -o $@ $< $(TARGET_LDFLAGS) $(TARGET_FLAGS)

# What was built of a source that has moved since is built again, of where the source is now.
tests/targets/%.c tests/targets/%.cc: ;

# ---- A first look ----

demo: deps ## record a small program, plot it, say where the picture is
	+@$(SUBMAKE) $(BUILD)/mprof-trace $(BUILD)/targets/demo
	$(BUILD)/mprof-trace -f 'load_table,build_index,merge_run,answer,drop_cache,child_*' -T 0.02 \
		-o $(BUILD)/demo.dat $(BUILD)/targets/demo
	$(BUILD)/mprof-trace plot -o $(BUILD)/demo.png $(BUILD)/demo.dat
	@printf '\nThe recording: %s\nThe picture:   %s\n' $(abspath $(BUILD)/demo.dat $(BUILD)/demo.png)
	@printf 'Look at it:    xdg-open %s\n' $(BUILD)/demo.png
	@printf '  by ssh:      scp %s:%s . (on your own machine)\n' "$$(uname -n)" $(abspath $(BUILD)/demo.png)
	@printf '  in a window: %s plot %s\n' $(BUILD)/mprof-trace $(BUILD)/demo.dat

# ---- The code itself ----

# The programs under tests/targets are left as they are: much of them is assembly in columns.
C_FILES = $(sort $(wildcard tracer/*.[ch] tracer/*/*.[ch] tracer/*/*/*.[ch] symbols/*/*.[ch] plot/*/*.[ch] \
	tests/unit/*.[ch] tests/unit/*/*.[ch] tests/fuzz/*.[ch] tests/fuzz/*/*.[ch]))

# What clangd and other tools want to know of each file; make knows it all.
compile_commands.json: Makefile $(SRCS) $(MPROF_SRCS) $(UNIT_SRCS) ## how each file is compiled, for editors and clang's tools
	$(call SAY,GEN)for file in $(SRCS) $(wildcard tracer/api/*.c) $(UNIT_SRCS); do \
		printf '{ "directory": "%s", "file": "%s", "command": "%s -c %s" },\n' \
			'$(CURDIR)' "$$file" '$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS))' "$$file"; \
	done | sed '1s/^/[ /; $$s/,$$/ ]/' >$@

lint: lint-deps ## gcc and clang with -Werror, clang-tidy, cppcheck, shellcheck, mandoc, format, layers, includes
	@CC=$(CC) BUILD=$(BUILD) JOBS=$(BUILD_JOBS) ARCH_FOREIGN="$(strip $(ARCH_FOREIGN))" tests/lib/lint.sh

format: ## bring the C files into the house's style
	@clang-format -i $(C_FILES)

# ---- Other processors ----

.PHONY: arm64-deps test-arm64
arm64-deps: deps ## install what only `make test-arm64` needs
	@packaging/deps.sh arm64

test-arm64: arm64-deps ## build for arm64, and try it on an emulated machine
	@JOBS=$(BUILD_JOBS) tests/arm64/run.sh $(BUILD)/arm64

# ---- Releases ----

dist: ## a tarball of the last commit, in $(BUILD)/deb
	@packaging/deb.sh dist $(BUILD)/deb

deb-deps: deps ## install what only `make deb` and `make test-deb` need
	@packaging/deps.sh deb

deb: deb-deps ## the Debian packages of the last commit, in $(BUILD)/deb
	@packaging/deb.sh deb $(BUILD)/deb

test-deb: deb ## install, use, upgrade and remove them in a fresh Debian
	@TESTS=$(abspath tests) tests/lib/run_tests.sh tests/packages/debian.sh

# ---- Installing ----

BIN_DIR = $(DESTDIR)$(PREFIX)/bin
INCLUDE_DIR = $(DESTDIR)$(PREFIX)/include
MAN_DIR = $(DESTDIR)$(PREFIX)/share/man
SHARE_DIR = $(DESTDIR)$(PREFIX)/share
BASH_DIR = $(SHARE_DIR)/bash-completion/completions
# Debian keeps site-functions for what is no package of its own.
ZSH_DIR = $(SHARE_DIR)/zsh/$(or $(ZSH_FUNCTIONS),site-functions)
FISH_DIR = $(SHARE_DIR)/fish/vendor_completions.d
LIB_DIR = $(DESTDIR)$(LIBDIR)
EXAMPLES_DIR = $(DESTDIR)$(PREFIX)/share/doc/libmprof/examples
TUTORIAL_DIR = $(DESTDIR)$(PREFIX)/share/doc/mprof-trace/examples

install: install-libmprof $(BUILD)/mprof-trace ## install under $(DESTDIR)$(PREFIX)
	install -D -m 755 $(BUILD)/mprof-trace $(BIN_DIR)/mprof-trace
	install -D -m 644 -t $(MAN_DIR)/man1 $(wildcard man/*.1)
	install -D -m 644 -t $(MAN_DIR)/man5 $(wildcard man/*.5)
	install -D -m 644 -t $(MAN_DIR)/man7 $(wildcard man/*.7)
	install -D -m 644 -t $(TUTORIAL_DIR) $(wildcard man/tutorial/*)
	install -D -m 644 packaging/mprof-trace.bash $(BASH_DIR)/mprof-trace
	install -D -m 644 packaging/mprof-trace.zsh $(ZSH_DIR)/_mprof-trace
	install -D -m 644 packaging/mprof-trace.fish $(FISH_DIR)/mprof-trace.fish

install-libmprof: libmprof ## install the library and the headers alone
	install -D -m 644 -t $(INCLUDE_DIR) tracer/api/mprof.h tracer/api/mprof_mark.h
	install -D -m 644 -t $(LIB_DIR) $(BUILD)/libmprof.a
	install -D -m 755 -t $(LIB_DIR) $(BUILD)/libmprof.so.0
	ln -sf libmprof.so.0 $(LIB_DIR)/libmprof.so
	install -d $(LIB_DIR)/pkgconfig
	sed -e 's,@PREFIX@,$(PREFIX),' -e 's,@LIBDIR@,$(LIBDIR),' -e 's,@VERSION@,$(MPROF_VERSION),' \
		tracer/api/mprof.pc.in >$(LIB_DIR)/pkgconfig/mprof.pc
	install -D -m 644 -t $(MAN_DIR)/man3 $(wildcard man/*.3)
	install -D -m 644 -t $(EXAMPLES_DIR) $(wildcard tracer/api/examples/*)

uninstall: ## remove what install installed
	rm -f $(BIN_DIR)/mprof-trace $(BASH_DIR)/mprof-trace $(ZSH_DIR)/_mprof-trace $(FISH_DIR)/mprof-trace.fish
	rm -f $(patsubst man/%,$(MAN_DIR)/man1/%,$(wildcard man/*.1))
	rm -f $(patsubst man/%,$(MAN_DIR)/man5/%,$(wildcard man/*.5))
	rm -f $(patsubst man/%,$(MAN_DIR)/man7/%,$(wildcard man/*.7))
	rm -f $(patsubst man/%,$(MAN_DIR)/man3/%,$(wildcard man/*.3))
	rm -f $(addprefix $(INCLUDE_DIR)/,mprof.h mprof_mark.h) $(addprefix $(LIB_DIR)/,libmprof.a libmprof.so libmprof.so.0 pkgconfig/mprof.pc)
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/libmprof $(TUTORIAL_DIR)

clean: ## remove the build directories
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-gcc $(BUILD)-clang compile_commands.json

help: ## this list
	@sed -n -E 's/^([a-z0-9_.-]+):[^#]*## (.*)/\1\t\2/p' Makefile | expand -t 23

.PHONY: all always libmprof deps dist deb-deps deb test-deb test-deps lint-deps bench-deps test check unit e2e target-tests soak check-asan bench fuzz gallery pictures \
	keep-records targets demo lint format install install-libmprof uninstall clean help
-include $(OBJS:.o=.d) $(MPROF_OBJS:.o=.d) $(UNIT_TESTS:=.d) $(TARGETS:=.d) $(TARGET_LIBS:=.d)
