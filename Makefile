# omstat: the only build file. All output goes to build/.
#
#   make            build/omstat, build/libomstat.a, build/libomstat.so
#   make demo       install what is missing, build, run the report on data/
#   make test       install what is missing, build, run every test
#   make help       the other targets

VERSION   := $(shell sed -n 's/^.define OM_VERSION "\(.*\)"/\1/p' include/omstat/version.h)
BUILD     ?= build
PREFIX    ?= /usr/local
DESTDIR   ?=
CC        := $(if $(filter default,$(origin CC)),gcc,$(CC))
CFLAGS    ?= -O2 -g

# -ffp-contract=off: the same last bit whether or not the CPU has fused multiply-add.
STRICT    := -std=c17 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
             -Wcast-qual -Wwrite-strings -Wvla -Wundef -Werror
DEFINES   := -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
INCLUDES  := -Iinclude -Iengine
ALL_CFLAGS = $(STRICT) $(DEFINES) $(INCLUDES) -fPIC -fvisibility=hidden -ffp-contract=off $(CFLAGS)
# GSL asks for a BLAS; OpenBLAS serves it (pkg-config would name gslcblas).
LIBS      := -lgsl -lopenblas -lRmath -lcsv -lyaml -lcrypto -lxxhash -lm -lpthread

LAYERS    := base io kernels csv instrument panel score tally stats change analysis validate report
LIB_SRC   := $(sort $(foreach layer,$(LAYERS),$(wildcard engine/$(layer)/*.c)))
CLI_SRC   := $(sort $(wildcard engine/cli/*.c))
LIB_OBJ   := $(LIB_SRC:%.c=$(BUILD)/%.o) $(BUILD)/engine/instrument/builtin_text.o
CLI_OBJ   := $(CLI_SRC:%.c=$(BUILD)/%.o)
# The scoring kernels are written to be vectorised by the compiler.
$(BUILD)/engine/kernels/%.o: CFLAGS += -O3

.PHONY: all
all: $(BUILD)/omstat $(BUILD)/libomstat.a $(BUILD)/libomstat.so $(BUILD)/vectors.ok

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Objects depend on the compiler and its flags: changing either rebuilds.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS)' > $@
.PHONY: FORCE
FORCE:

# The definitions in instruments/, as a C table.
INSTRUMENTS := $(sort $(wildcard instruments/*.yaml))
$(BUILD)/engine/instrument/builtin_text.c: $(INSTRUMENTS) tools/embed.sh
	@mkdir -p $(@D)
	tools/embed.sh $(INSTRUMENTS) > $@.new && mv $@.new $@
$(BUILD)/engine/instrument/builtin_text.o: $(BUILD)/engine/instrument/builtin_text.c $(BUILD)/flags
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/libomstat.a: $(LIB_OBJ)
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/libomstat.so: $(LIB_OBJ)
	@echo '  LINK  $@'
	@$(CC) -shared -Wl,-soname,libomstat.so.0 -Wl,--no-undefined $(CFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/omstat: $(CLI_OBJ) $(BUILD)/libomstat.a
	@echo '  LINK  $@'
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

# A definition whose worked examples do not score as stated does not build.
$(BUILD)/vectors.ok: $(BUILD)/omstat $(INSTRUMENTS)
	$(BUILD)/omstat instruments check $(INSTRUMENTS) && touch $@

# --- tests ------------------------------------------------------------------------------------------------

UNIT_SRC  := $(sort $(wildcard tests/unit/*/test_*.c))
UNIT_BIN  := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)
SUPPORT   := $(BUILD)/tests/support/support.o

$(BUILD)/tests/support/%.o: tests/support/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -c -o $@ $<

$(BUILD)/tests/%: tests/unit/%.c $(SUPPORT) $(BUILD)/libomstat.a
	@mkdir -p $(@D)
	@echo '  TEST  $<'
	@$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -o $@ $< $(SUPPORT) $(BUILD)/libomstat.a -lcmocka -ljansson $(LIBS)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

