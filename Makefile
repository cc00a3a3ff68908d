# mod_tempredirect
#
#   make                 build the module
#   sudo make install    install and enable it
#   make help            everything else
#
# On the command line: V=1 shows the commands, WERROR=1 makes warnings errors,
# CFLAGS= replaces "-O2 -g", LTO= switches link-time optimization off, JANSSON=
# builds without json., APXS= and PKG_CONFIG= name other tools.

APXS       ?= apxs
BUILD      := build
PKG_CONFIG ?= pkg-config
CFLAGS     ?= -O2 -g
# Calls are a fifth of what a redirect costs: let them be inlined, across files.
ifeq ($(origin LTO),undefined)
LTO := $(shell f='-flto=auto -ffat-lto-objects -finline-limit=400 --param=inline-unit-growth=400 -fno-plt'; \
               $(CC) -Werror $$f -E -x c /dev/null >/dev/null 2>&1 && echo $$f)
endif

say = @echo '  $(1)  $(2)'
Q  := $(if $(V),,@)

WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wformat=2 -Wvla -Wnull-dereference \
        $(if $(WERROR),-Werror)

# The engine knows APR, APR-util and PCRE2, and must not even find httpd.h.
# Other people's headers are -isystem, so that their warnings do not count.
isystem        = $(patsubst -I%,-isystem %,$(1))
JANSSON       ?= $(shell $(PKG_CONFIG) --exists jansson && echo jansson)
ENGINE_PKGS    = apr-1 apr-util-1 libpcre2-8 $(JANSSON)
ENGINE_CFLAGS  = $(CFLAGS) $(LTO) -std=gnu99 -fPIC -fvisibility=hidden $(WARN) \
                 -Isrc/engine $(if $(JANSSON),-DTR_WITH_JANSSON) \
                 $(call isystem,$(shell $(PKG_CONFIG) --cflags $(ENGINE_PKGS)))
GLUE_CFLAGS    = $(shell $(APXS) -q CFLAGS) $(shell $(APXS) -q EXTRA_CPPFLAGS) \
                 $(ENGINE_CFLAGS) -Isrc/httpd \
                 -isystem $(shell $(APXS) -q INCLUDEDIR)
UNIT_CFLAGS    = $(ENGINE_CFLAGS) \
                 $(call isystem,$(shell $(PKG_CONFIG) --cflags check))
MODULE_LIBS    = $(shell $(PKG_CONFIG) --libs libpcre2-8 $(JANSSON))
UNIT_LIBS      = $(shell $(PKG_CONFIG) --libs check $(ENGINE_PKGS))

# Every tests/unit/test_X.c is a program of its own; what other .c files
# there are is linked to each of them.
UNIT_COMMON := $(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c))

objects     = $(patsubst %.c,$(BUILD)/%.o,$(1))
ENGINE_OBJ := $(call objects,$(wildcard src/engine/tr_*.c))
GLUE_OBJ   := $(call objects,mod_tempredirect.c $(wildcard src/httpd/mod_tr_*.c))
UNIT_OBJ   := $(call objects,$(wildcard tests/unit/*.c))
UNIT_BIN   := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))

.PHONY: build install test check check-httpd check-install unit sanitized \
        demo demo-stop bench bench-choose bench-upload clients format clean help FORCE

build: $(BUILD)/mod_tempredirect.so ## build the module (the default)

install: build ## install and enable the module (as root)
	$(APXS) -i -a -n tempredirect build/mod_tempredirect.so

test: ## install what is missing, build, run every test
	@tests/setup test
	@$(MAKE) --no-print-directory WERROR=1 build unit sanitized
	@tests/run unit sanitized guards httpd install

check: build unit ## unit tests and guards: seconds
	@tests/run unit guards

check-httpd: build ## a real httpd and real clients: minutes
	@tests/run httpd

check-install: ## make install and the plain apxs line, in a scratch copy
	@tests/run install

unit: $(UNIT_BIN) ## build the unit tests

sanitized: ## build them with address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory BUILD=build/sanitized LTO= unit \
	    CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover'

demo: ## start a private httpd on 127.0.0.1:8307 and show redirects at work
	@tests/setup demo
	@$(MAKE) --no-print-directory build
	@conf/demo/demo start

demo-stop: ## stop the demo's httpd
	@conf/demo/demo stop

bench: build ## measure what a request costs
	tests/bench/run

bench-choose: $(BUILD)/libtr.a ## measure how pools choose
	@$(CC) $(UNIT_CFLAGS) -o $(BUILD)/choose tests/bench/choose.c \
	    $(BUILD)/libtr.a $(UNIT_LIBS)
	$(BUILD)/choose

bench-upload: build ## measure what uploads cost, beside httpd alone
	tests/bench/upload

clients: build ## which clients send a body again: a table
	tests/clients-table

format: ## clang-format the sources (tests have tables)
	clang-format -i $(wildcard *.c src/*/*.[ch])

clean: ## remove build/
	@[ ! -e build/demo ] || conf/demo/demo stop
	rm -rf build

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | \
	    awk -F'|' '{ printf "make %-14s %s\n", $$1, $$2 }'

$(BUILD)/mod_tempredirect.so: $(GLUE_OBJ) $(BUILD)/libtr.a
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LTO) -shared -o $@ $(GLUE_OBJ) $(BUILD)/libtr.a \
	    $(LDFLAGS) $(MODULE_LIBS)

$(BUILD)/libtr.a: $(ENGINE_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

$(UNIT_BIN): $(BUILD)/%: $(BUILD)/%.o $(call objects,$(UNIT_COMMON)) $(BUILD)/libtr.a
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(UNIT_LIBS)

$(ENGINE_OBJ): FLAGS = $(ENGINE_CFLAGS)
$(GLUE_OBJ):   FLAGS = $(GLUE_CFLAGS)
$(UNIT_OBJ):   FLAGS = $(UNIT_CFLAGS)

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(FLAGS) -MMD -MP -c -o $@ $<

# Changes when the flags do, and everything is compiled again.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS) $(LTO) $(WARN) $(JANSSON)' | cmp -s - $@ || \
	    echo '$(CC) $(CFLAGS) $(LTO) $(WARN) $(JANSSON)' > $@

-include $(wildcard $(BUILD)/*.d $(BUILD)/src/*/*.d $(BUILD)/tests/unit/*.d)
