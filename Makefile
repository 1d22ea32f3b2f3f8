# make            the program, build/sanad      make check   style, layers, tidy
# make test       the short tier of tests       make bench   ratios, see bench/
# make fuzz       a short run of every fuzzer   make install PREFIX=/usr/local
# make deb        a Debian package
# make BUILD=asan ...   the same under AddressSanitizer and UBSan, build/asan
# make BUILD=tsan ...   the same under ThreadSanitizer, build/tsan
# make BUILD=bench      a program that does not record reads, to measure what
#                       records cost; it serves demo nations only
# make libsanad-engine.a   the engine alone, for other C programs

BUILD  ?= release
ifeq ($(origin CC),default)
CC      = gcc
endif
PREFIX ?= /usr/local
CSTD    = -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE
WARN    = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
          -Wmissing-prototypes -Wvla -Wundef -Wswitch-enum -Wformat=2 \
          -Wcast-qual -Wwrite-strings -Wnull-dereference -Werror
HARDEN  = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
OPT.release = -O2 -g $(HARDEN)
OPT.bench   = $(OPT.release) -DSANAD_BENCH_NO_RECORD
OPT.debug   = -O0 -g3 -DSANAD_TORTURE
OPT.asan    = -O1 -g -fsanitize=address,undefined -fno-omit-frame-pointer \
              -fno-sanitize-recover=all -DSANAD_TORTURE
OPT.tsan    = -O1 -g -fsanitize=thread -fno-omit-frame-pointer -DSANAD_TORTURE
OPT.fuzz    = -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
              -fno-sanitize-recover=all
LINK.release = -pie -Wl,-z,relro,-z,now
LINK.bench   = $(LINK.release)
LINK.asan    = -fsanitize=address,undefined
LINK.tsan    = -fsanitize=thread
LINK.fuzz    = -fsanitize=address,undefined
INCLUDES = -Isrc -I. -I$g
# What ships carries its libraries, but for libpq and libmicrohttpd, which are
# opened when they are needed: a command is over sooner than a loader binds
# them, and one file is all there is to install. Tests take the shared ones.
LIBS.release = -l:libsqlite3.a -l:libexpat.a -l:libpcre2-8.a \
               -l:libcrypto.a -l:libargon2.a
LIBS.bench   = $(LIBS.release)
LIBS.shared  = -lsqlite3 -lexpat -lpcre2-8 -lcrypto -largon2
LIBS     = $(or $(LIBS.$(BUILD)),$(LIBS.shared)) \
           -l:libbidgcc000.a -ldl -lm -lpthread
CFLAGS   = $(CSTD) $(WARN) $(OPT.$(BUILD)) $(INCLUDES) -MMD -MP $(EXTRA)

o = build/$(BUILD)
g = build/gen
ifeq ($(BUILD),release)
program = build/sanad
else
program = $o/sanad
endif

sources   = $(filter-out src/main.c,$(wildcard src/*/*.c))
generated = $(wildcard $g/*/*.c)
objects   = $(sources:src/%.c=$o/src/%.o) $o/gen/query.o $o/gen/pages.o \
            $o/gen/assets.o
tests     = $(patsubst tests/%.c,$o/tests/%,$(wildcard tests/*/test_*.c))
fuzzers   = $(patsubst fuzz/%.c,$o/fuzz/%,$(wildcard fuzz/fuzz_*.c))
benches   = $(patsubst bench/%.c,$o/bench/%,$(wildcard bench/bench_*.c))

# The engine for other programs: one object whose only names are sanad_*.
engine_modules = base codec text feel column dmn engine
engine_sources = $(filter $(addprefix src/,$(addsuffix /%,$(engine_modules))),\
                   $(sources))
engine_texts   = locale/codec.tsv locale/engine.tsv locale/text.tsv
engine_library = $o/libsanad-engine.a

.PHONY: all web tests check test long bench fuzz clean install deb format \
        libsanad-engine.a FORCE clang
.SECONDARY:
all: $(program) $(engine_library)
libsanad-engine.a: $(engine_library)

$(program): $o/src/main.o $o/libsanad.a
	@echo "  LINK  $@"
	@$(CC) $(OPT.$(BUILD)) $(LINK.$(BUILD)) -o $@ $^ $(LIBS)
$o/libsanad.a: $(objects)
	@rm -f $@
	@$(AR) rcs $@ $^
$g/engine_assets.c: tools/assets $(engine_texts)
	@mkdir -p $g
	tools/assets $(engine_texts) > $@.new && mv $@.new $@
$o/libsanad-engine.a: $(engine_sources:src/%.c=$o/src/%.o) $o/gen/engine_assets.o
	@echo "  LIB   $@"
	@rm -f $@
	@ld -r -o $o/sanad-engine.o $^
	@objcopy -w --keep-global-symbol='sanad_*' $o/sanad-engine.o
	@$(AR) rcs $@ $o/sanad-engine.o
# Loops over columns are worth every vector instruction that can be had.
$o/src/column/kernel_%.o: OPT.release += -O3
$o/src/%.o: src/%.c | generated
	@mkdir -p $(@D)
	@echo "  CC    $@"
	@$(CC) $(CFLAGS) -c $< -o $@
$o/gen/%.o: $g/%.c
	@mkdir -p $(@D)
	@echo "  CC    $@"
	@$(CC) $(CFLAGS) -c $< -o $@
$o/tests/%.o: tests/%.c | generated
	@mkdir -p $(@D)
	@echo "  CC    $@"
	@$(CC) $(CFLAGS) -c $< -o $@
# The oracle of arithmetic is for tests alone; the product never links it.
$o/tests/feel/test_oracle.o: INCLUDES += -isystem /usr/include/decnumber
$o/tests/feel/test_oracle: LIBS += -ldecnumber
$o/tests/%: $o/tests/%.o $o/tests/harness.o $o/tests/faults.o $o/libsanad.a
	@echo "  LINK  $@"
	@$(CC) $(OPT.$(BUILD)) $(LINK.$(BUILD)) -o $@ $^ $(LIBS) -lcheck -lsubunit \
	  -lrt -lm
$o/fuzz/%: fuzz/%.c $o/libsanad.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $(filter %.c %.a,$^) $(LIBS)
$o/bench/%: bench/%.c $o/libsanad.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LINK.$(BUILD)) -o $@ $(filter %.c %.a,$^) $(LIBS)

# The other compiler, which sees what gcc does not.
clang: generated
	@printf '%s\n' $(sources) \
	  $(wildcard tests/*/test_*.c bench/*.c fuzz/*.c) | \
	  xargs -P $$(nproc) -n 16 clang $(CSTD) $(WARN) $(OPT.debug) \
	  $(INCLUDES) -isystem /usr/include/decnumber -fsyntax-only

# The commit, for --version; written anew only when it is another.
$g/commit.h: FORCE
	@mkdir -p $g
	@new=$$(mktemp $@.XXXXXX); echo "#define SANAD_COMMIT \"$$(git rev-parse --short HEAD 2>/dev/null || echo unknown)\"" >$$new; \
	cmp -s $$new $@ && rm $$new || mv $$new $@ # others may make it too

# Generated: statements, pages and embedded files.
.PHONY: generated
generated: $g/query.h $g/pages.c $g/assets.c $g/commit.h
sql_files = $(wildcard sql/*.sql)
$g/query.h $g/query.c &: tools/queries $(sql_files)
	@mkdir -p $g
	tools/queries $g $(sql_files)
$g/pages.c: tools/pages $(wildcard templates/*.html)
	@mkdir -p $g
	tools/pages $(wildcard templates/*.html) > $@.new && mv $@.new $@
# Files that the binary carries: models, texts, schema, style sheets, fonts.
$g/assets.c: build/web/.stamp tools/assets $(shell find models locale assets sql build/web -type f 2>/dev/null)
	@mkdir -p $g
	tools/assets > $@.new && mv $@.new $@
$o/gen/assets.o: $(shell find models locale assets sql build/web -type f 2>/dev/null)

web: build/web/.stamp
build/web/.stamp: tools/web-assets package-lock.json
	@tools/web-assets
tests: $(tests)
check: $(program)
	tools/check
test: all
	tests/run short
long: all
	tests/run long
bench: all $(benches)
	@$(MAKE) -s BUILD=bench all
	bench/run
fuzz:
	fuzz/run
format:
	clang-format -i $$(find src tests fuzz bench -name '*.[ch]')
deb: $(program)
	tools/deb
install: $(program) $(engine_library)
	install -D -m 755 build/sanad $(DESTDIR)$(PREFIX)/bin/sanad
	install -D -m 644 $(engine_library) $(DESTDIR)$(PREFIX)/lib/libsanad-engine.a
	install -D -m 644 src/engine/sanad-engine.h $(DESTDIR)$(PREFIX)/include/sanad-engine.h
	sed 's,@PREFIX@,$(PREFIX),' src/engine/sanad-engine.pc.in >$o/sanad-engine.pc
	install -D -m 644 $o/sanad-engine.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/sanad-engine.pc
clean:
	rm -rf build

-include $(shell find build -name '*.d' 2>/dev/null)
