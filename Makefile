# mprof-trace: build, test, install. `make help` lists the targets.
BUILD ?= build
CC ?= cc
PREFIX ?= /usr/local
DESTDIR ?=

CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes $(WERROR)
PKGS = libdw libelf libunwind-ptrace libunwind-generic libpcre2-8 plplot
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
# Debian's Zydis and libiberty have no .pc file.
PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lZydis -liberty -lm
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -I. $(WARNINGS) $(CFLAGS) $(SANITIZE) $(PKG_CFLAGS) -MMD -MP
ALL_LIBS = $(PKG_LIBS)

SRCS := $(sort $(wildcard tracer/*.c tracer/*/*.c tracer/*/*/*.c symbols/*.c plot/*.c))
OBJS := $(SRCS:%.c=$(BUILD)/obj/%.o)
LIB_OBJS := $(filter-out $(BUILD)/obj/tracer/main.o,$(OBJS))
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))

all: $(BUILD)/mprof-trace

$(BUILD)/mprof-trace: $(OBJS)
	$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Unit tests link everything but main, and touch no ptrace.
$(BUILD)/libmprof-trace.a: $(LIB_OBJS)
	rm -f $@
	ar rcs $@ $^

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libmprof-trace.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $< $(BUILD)/libmprof-trace.a $(ALL_LIBS) -lcmocka

unit: $(UNIT_TESTS)
	@for t in $(UNIT_TESTS); do $$t || exit 1; done

clean:
	rm -rf $(BUILD)

.PHONY: all unit clean
-include $(OBJS:.o=.d) $(UNIT_TESTS:=.d)
