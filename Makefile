# omstat: the only build file. All output goes to build/.
#
#   make            build/omstat, build/libomstat.a, build/libomstat.so
#   make demo       install what is missing, build, run the report on data/
#   make test       install what is missing, build, run every test
#   make help       the other targets

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

# What outputs say they were made by. Only a checkout of this project knows its commit, not a folder within another.
COMMIT    ?= $(shell test -e .git && git describe --always --abbrev=12 --exclude '*' --dirty 2>/dev/null || echo unknown)
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
# GSL asks for a BLAS; OpenBLAS serves it (pkg-config would name gslcblas). It stands first, and is linked only as
# soon as something here calls it: loading it costs a millisecond and starts a thread for every processor, which
# spin while they wait for work.
LIBS      := -Wl,--as-needed -lopenblas -lgsl -lglpk -lRmath -lcsv -lyaml -lcrypto -lxxhash -lisal -lzstd -lm -lpthread

# Optional: what is found is used. WITH_XLSX=no builds without.
WITH_XLSX ?= $(if $(wildcard /usr/include/xlsxwriter.h /usr/local/include/xlsxwriter.h),yes,no)
ifeq ($(WITH_XLSX),yes)
DEFINES   += -DOM_WITH_XLSX
LIBS      += -ldl
endif

MPICC     ?= mpicc
WITH_MPI  ?= $(if $(shell command -v $(MPICC) 2>/dev/null),yes,no)

# The program carries some libraries within it where there are archives of them (with what they need in turn): to
# look for their names when it starts takes as long as reading a small panel, and a copy of it needs less on another
# machine. STATIC=no links them as all others are.
CARRIED   := -lgsl -lglpk -lcolamd -lamd -lsuitesparseconfig -lltdl -lgmp -lz -lRmath -lcsv -lyaml -lcrypto
WITHIN    := -Wl,-Bstatic $(CARRIED) -Wl,-Bdynamic
ifndef STATIC
STATIC    := $(shell echo 'int main(void) { return 0; }' | $(CC) -x c -o /dev/null - $(WITHIN) 2>/dev/null && echo yes)
endif
PROGRAM_LIBS := $(if $(filter yes,$(STATIC)),$(WITHIN) $(filter-out $(CARRIED),$(LIBS)),$(LIBS))

LAYERS    := base io kernels csv instrument panel score tally stats change analysis validate claims report
LIB_SRC   := $(sort $(foreach layer,$(LAYERS),$(wildcard engine/$(layer)/*.c)))
ifneq ($(WITH_XLSX),yes)
LIB_SRC   := $(filter-out engine/report/workbook.c engine/report/xlsx%.c,$(LIB_SRC))
endif
CLI_SRC   := $(sort $(wildcard engine/cli/*.c))
LIB_OBJ   := $(LIB_SRC:%.c=$(BUILD)/%.o) $(addprefix $(BUILD)/engine/,instrument/builtin_text.o instrument/builtin_instruments.o base/commit_text.o report/style_text.o)
CLI_OBJ   := $(CLI_SRC:%.c=$(BUILD)/%.o) $(BUILD)/engine/cli/mpi_text.o
# The scoring kernels are written to be vectorised by the compiler.
HOT := $(patsubst %,$(BUILD)/engine/%.o,score/score score/decoded analysis/count analysis/joint tally/crosstab panel/keys panel/pack \
       panel/rows panel/turn validate/exam validate/check_coding validate/check_forms validate/check_changes validate/check_twins)
$(BUILD)/engine/kernels/%.o $(HOT): private CFLAGS += -O3

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
	@echo '  EMBED instruments/'
	@tools/embed.sh $(INSTRUMENTS) > $@.new && mv $@.new $@

# The same as the loader reads them, as C: loading them took a tenth of a small report. FREEZE is the program that
# writes it; where the flags are not for that, another build's.
FREEZE    ?= $(BUILD)/freeze
FREEZE_OBJ = $(BUILD)/tools/freeze.o $(filter-out %/builtin_instruments.o,$(filter $(foreach layer,base io instrument,$(BUILD)/engine/$(layer)/%),$(LIB_OBJ)))
$(BUILD)/freeze: $(FREEZE_OBJ)
	@echo '  LINK  $@'
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/engine/instrument/builtin_instruments.c: $(FREEZE)
	@echo '  FREEZE instruments/'
	@$(FREEZE) > $@.new && mv $@.new $@
$(BUILD)/engine/instrument/builtin_instruments.o: $(BUILD)/engine/instrument/builtin_instruments.c $(BUILD)/flags
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) -Wno-cast-qual -Wno-write-strings -MMD -MP -c -o $@ $<

# The commit, as C; written anew only when it is another one.
$(BUILD)/engine/base/commit_text.c: FORCE
	@mkdir -p $(@D)
	@echo '/* Made by the Makefile. */ extern const char om_commit_text[]; const char om_commit_text[] = "$(COMMIT)";' > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# Which MPI omstat-mpi is built with, as C.
$(BUILD)/engine/cli/mpi_text.c: tools/mpi-version.sh FORCE
	@mkdir -p $(@D)
	@tools/mpi-version.sh $(WITH_MPI) $(MPICC) > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# The style sheet of HTML reports, as a C string.
$(BUILD)/engine/report/style_text.c: engine/report/page.css tools/embed-text.sh
	@mkdir -p $(@D)
	@echo '  EMBED $<'
	@tools/embed-text.sh report/style.h om_page_style $< > $@.new && mv $@.new $@

$(BUILD)/%_text.o: $(BUILD)/%_text.c $(BUILD)/flags
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
	@$(CC) $(CFLAGS) -o $@ $^ $(PROGRAM_LIBS)

# omstat-mpi, where there is an MPI: WITH_MPI=no leaves it out.
MPI_SRC  := $(sort $(wildcard engine/mpi/*.c))
MPI_OBJ  := $(MPI_SRC:%.c=$(BUILD)/%.o) $(filter-out $(BUILD)/engine/cli/main.o,$(CLI_OBJ))
# The wrapper says where mpi.h is; as a system's header, as our warnings are not for it.
MPI_INCLUDES = $(subst -I,-isystem ,$(filter -I%,$(shell $(MPICC) -show 2>/dev/null)))
$(BUILD)/engine/mpi/%.o: private INCLUDES += $(MPI_INCLUDES)
$(BUILD)/omstat-mpi: $(MPI_OBJ) $(BUILD)/libomstat.a
	@echo '  LINK  $@'
	@OMPI_CC='$(CC)' MPICH_CC='$(CC)' $(MPICC) $(CFLAGS) -o $@ $^ $(LIBS)
ifeq ($(WITH_MPI),yes)
all: $(BUILD)/omstat-mpi
endif

# A definition whose worked examples do not score as stated does not build.
$(BUILD)/vectors.ok: $(BUILD)/omstat $(INSTRUMENTS)
	@$(BUILD)/omstat instruments check $(INSTRUMENTS) > $@.new && mv $@.new $@

# --- tests ------------------------------------------------------------------------------------------------

UNIT_SRC  := $(sort $(wildcard tests/unit/*/test_*.c))
UNIT_BIN  := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)
FUZZ      := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_BIN  := $(FUZZ:%=$(BUILD)/tests/fuzz/%)
INJECT    := $(BUILD)/tests/faults/inject.so
SUPPORT   := $(BUILD)/tests/support/support.o
.SECONDARY: $(SUPPORT)

$(BUILD)/tests/support/%.o: tests/support/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -c -o $@ $<

# In tests every processor has the NEON kernels, if need be in plain C (SIMDe). These objects stand before the
# library and so take the place of those in it.
TEST_KERNELS := $(patsubst %.c,$(BUILD)/tests/%.o,engine/kernels/kernels.c $(wildcard engine/kernels/*_neon.c))
.SECONDARY: $(TEST_KERNELS)
$(BUILD)/tests/engine/kernels/%.o: engine/kernels/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  CC    $< (for tests)'
	@$(CC) $(ALL_CFLAGS) -O3 -DOM_TEST_NEON -MMD -MP -c -o $@ $<

$(BUILD)/tests/omstat: $(CLI_OBJ) $(TEST_KERNELS) $(BUILD)/libomstat.a
	@echo '  LINK  $@'
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

# Compiled and linked apart: a change of the library only links the tests again.
UNIT_OBJ := $(UNIT_BIN:%=%.o)
.SECONDARY: $(UNIT_OBJ)
$(UNIT_OBJ): $(BUILD)/tests/%.o: tests/unit/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -c -o $@ $<

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(SUPPORT) $(TEST_KERNELS) $(BUILD)/libomstat.a
	@echo '  TEST  $@'
	@$(CC) $(CFLAGS) -o $@ $(filter %.o %.a,$^) -lcmocka -ljansson -lz $(LIBS)

.PHONY: tests
tests: all $(UNIT_BIN) $(FUZZ_BIN) $(INJECT) $(BUILD)/tests/omstat $(BUILD)/omstat.1

# Installs what is missing, builds, and runs every test.
.PHONY: test
test:
	@tools/install-packages.sh build test
	@$(MAKE) --no-print-directory tests check-data
	@tests/run.sh $(BUILD)

# The unit and command tests with each set of kernels that this processor can run, and with NEON.
.PHONY: test-kernels
test-kernels: tests
	@tests/run.sh $(BUILD) $$($(BUILD)/tests/omstat --version | sed -n 's/.*(usable: \(.*\))/\1/p')

# Makes calls of the program fail (tests/faults/run.py).
$(INJECT): tests/faults/inject.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@gcc -std=gnu17 -D_GNU_SOURCE -D_LARGEFILE64_SOURCE -Wall -Wextra -Werror -O2 -fPIC -shared -fvisibility=hidden -o $@ $< -ldl

# Every call to the system fails once, in each scenario, and each FAULT_STRIDE-th for memory: half an hour on two
# processors. (All of them, FAULT_STRIDE=1, take a day: most are those that load the definitions.)
FAULT_STRIDE ?= 37
.PHONY: check-faults
check-faults: $(BUILD)/omstat $(INJECT)
	@tests/faults/run.py $(BUILD) --every --stride $(FAULT_STRIDE)
	@tests/faults/world.py $(BUILD) --large

# The program under valgrind: nothing undefined is looked at, nothing is lost. (MemorySanitizer would need every
# library built with it: make msan takes what calls none.)
VALGRIND := valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all
.PHONY: valgrind
valgrind: $(BUILD)/omstat
	@tests/faults/valgrind.sh $(BUILD)/omstat $(VALGRIND)

MSAN := base/test_number base/test_utf8 base/test_fraction kernels/test_scan kernels/test_rows kernels/test_items tally/test_crosstab
.PHONY: msan
msan: $(BUILD)/freeze
	@$(MAKE) --no-print-directory BUILD=build-msan FREEZE=$< CC=$(FUZZ_CC) CFLAGS='-O1 -g -fsanitize=memory -fsanitize-memory-track-origins' \
	    $(MSAN:%=build-msan/tests/%) build-msan/tests/fuzz/expression
	@for test in $(MSAN); do build-msan/tests/$$test > build-msan/log 2>&1 || { cat build-msan/log; exit 1; }; done
	@build-msan/tests/fuzz/expression tests/fuzz/corpus/expression 2> build-msan/log || { cat build-msan/log; exit 1; }
	@echo 'msan: clean'

# Lines, branches and conditions (MC/DC) that the tests reach, by layer. The lines themselves: $(BUILD)-coverage/html.
.PHONY: coverage
coverage:
	@tools/install-packages.sh build test fuzz
	@$(MAKE) --no-print-directory BUILD=build-coverage CC=$(FUZZ_CC) \
	    CFLAGS='-O1 -g -fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc' tests
	@tests/coverage.sh build-coverage

# Fuzz targets (tests/fuzz/README.md). In a plain build they replay their corpus.
FUZZ_DRIVER = $(BUILD)/tests/fuzz/replay.o
$(BUILD)/tests/fuzz/%.o: tests/fuzz/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -c -o $@ $<
$(FUZZ_BIN): $(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/fuzz_%.o $(filter %.o,$(FUZZ_DRIVER)) $(BUILD)/libomstat.a
	@echo '  FUZZ  $@'
	@$(CC) $(CFLAGS) -o $@ $(filter %.o,$^) $(filter-out %.o,$(FUZZ_DRIVER)) $(BUILD)/libomstat.a -lz $(LIBS)

# Fuzzes each target for FUZZ_SECONDS under libFuzzer with the sanitizers, two at a time. What is found stays in build-fuzz/found/.
FUZZ_CC      ?= clang-19
FUZZ_SECONDS ?= 3600
.PHONY: fuzz
fuzz:
	@tools/install-packages.sh build test fuzz
	@$(MAKE) --no-print-directory BUILD=build-fuzz CC=$(FUZZ_CC) FUZZ_DRIVER=-fsanitize=fuzzer \
	    CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' fuzz-targets
	@tests/fuzz/run.sh build-fuzz $(FUZZ_SECONDS)

# The same targets for AFL++: afl-fuzz -i tests/fuzz/corpus/csv -o build-afl/found/csv build-afl/tests/fuzz/csv
.PHONY: fuzz-afl
fuzz-afl:
	@tools/install-packages.sh build test fuzz
	@$(MAKE) --no-print-directory BUILD=build-afl CC=afl-clang-fast FUZZ_DRIVER=-fsanitize=fuzzer fuzz-targets

.PHONY: fuzz-targets
fuzz-targets: $(FUZZ_BIN)

# The same tests under AddressSanitizer and UndefinedBehaviorSanitizer.
.PHONY: asan
asan:
	@$(MAKE) --no-print-directory BUILD=build-asan \
	    CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' test

# What several threads do at the same time, under ThreadSanitizer.
THREADED := analysis/test_flow analysis/test_share panel/test_store
.PHONY: tsan
tsan:
	@$(MAKE) --no-print-directory BUILD=build-tsan CFLAGS='-O1 -g -fsanitize=thread' \
	    $(THREADED:%=build-tsan/tests/%) build-tsan/omstat
	@for test in $(THREADED); do build-tsan/tests/$$test || exit 1; done
	@build-tsan/omstat report data/evaluation_long.csv --threads 4 -q -o /dev/null

# What takes too long for every change: the sanitizers, every set of kernels, another processor, every text of up
# to six bytes against libcsv, and an attack on 10,000 shareable reports.
.PHONY: check-nightly
check-nightly: asan tsan test-kernels check-aarch64 check-faults valgrind msan
	@$(MAKE) --no-print-directory $(BUILD)/tests/csv/test_plain $(BUILD)/tests/analysis/test_flow \
	    $(BUILD)/tests/analysis/test_shards $(BUILD)/tests/analysis/test_share $(BUILD)/tests/analysis/test_pairing \
	    $(BUILD)/tests/analysis/test_tally \
	    $(BUILD)/tests/analysis/test_disclosure_attack
	@$(BUILD)/tests/csv/test_plain thorough
	@$(BUILD)/tests/analysis/test_flow thorough
	@$(BUILD)/tests/analysis/test_shards thorough
	@$(BUILD)/tests/analysis/test_share thorough
	@$(BUILD)/tests/analysis/test_pairing thorough
	@$(BUILD)/tests/analysis/test_tally 1000 100000
	@$(BUILD)/tests/analysis/test_disclosure_attack 10000
	@tests/slurm/run.sh $(BUILD)

# Reports in a browser: nothing loaded, nothing wider than the window, axe-core, vnu; pictures to look at are left in
# $(BUILD)/pages/seen.
.PHONY: check-pages
check-nightly: check-pages
check-pages: $(BUILD)/omstat
	@tests/pages/browse.sh $(BUILD)/omstat $(BUILD)/pages

# Does everything compile for 64-bit ARM? Debian has no cross headers of most libraries; those of this processor
# do for that.
CROSS_CC    ?= aarch64-linux-gnu-gcc
CROSS_FLAGS  = $(STRICT) $(DEFINES) $(INCLUDES) -O3 -ffp-contract=off -idirafter /usr/include/$(shell gcc -print-multiarch)
.PHONY: check-aarch64
check-aarch64:
	@command -v $(CROSS_CC) > /dev/null || { echo 'aarch64: there is no $(CROSS_CC), so nothing was compiled'; exit; }; \
	for source in $(LIB_SRC) $(CLI_SRC); do \
	    $(CROSS_CC) $(CROSS_FLAGS) -c -o /dev/null "$$source" || exit 1; \
	done && echo 'aarch64: compiles'

# The constructed panel is what its program writes, and an independent program agrees about its numbers.
$(BUILD)/make_evaluation: data/make_evaluation.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	@$(CC) $(ALL_CFLAGS) -o $@ $<

.PHONY: check-data
check-data: $(BUILD)/make_evaluation
	@mkdir -p $(BUILD)/data
	@$(BUILD)/make_evaluation $(BUILD)/data > $(BUILD)/data/numbers.txt
	@cmp data/evaluation_wide.csv $(BUILD)/data/evaluation_wide.csv
	@cmp data/evaluation_long.csv $(BUILD)/data/evaluation_long.csv
	@python3 data/check_evaluation.py data

# The page about findings, from the catalogue in the program; a test compares the two.
.PHONY: findings-page
findings-page: $(BUILD)/omstat
	@$(BUILD)/omstat explain --format markdown > $(BUILD)/findings.md && mv $(BUILD)/findings.md docs/findings.md

# The figures in the documents: tests/cli/docs-pictures compares them with what the program draws.
PICTURES := scores bands means
.PHONY: pictures
pictures: $(BUILD)/omstat
	@$(BUILD)/omstat report data/evaluation_wide.csv --by cohort -q --figures $(BUILD)/pictures
	@mkdir -p docs/pictures && cp $(PICTURES:%=$(BUILD)/pictures/phq9-total-%.svg) docs/pictures/

# --- demo -------------------------------------------------------------------------------------------------

.PHONY: demo
demo:
	@tools/install-packages.sh build
	@$(MAKE) --no-print-directory all
	@echo
	@echo '$$ $(BUILD)/omstat report data/evaluation_wide.csv --by cohort'
	@$(BUILD)/omstat report data/evaluation_wide.csv --by cohort
	@mkdir -p $(BUILD)/demo
	@$(BUILD)/omstat report data/evaluation_wide.csv --by cohort -q -o $(BUILD)/demo/report.html
	@echo
	@echo 'The same to read, print and send on: $(BUILD)/demo/report.html'
	@echo 'The panel is constructed; nobody in it exists. Next: README.md, docs/tutorial.md,'
	@echo '$(BUILD)/omstat help, or the same report on a real public survey:'
	@echo '$$ $(BUILD)/omstat report data/nhanes_2015_2016_phq9.csv'

# --- bench ------------------------------------------------------------------------------------------------

# bench/README.md says what is measured. Panels, peers and results are in $(BUILD)/bench/.
BENCH_ROWS   ?= 1000000
BENCH_ROUNDS ?= 7
BENCH_BUDGET ?= 60
BENCH_GROUPS ?=
BENCH_GUARD  ?= ratios
HARNESS := $(patsubst %,$(BUILD)/bench/%.o,run matrix process prepare measure answer results table json chart)
BENCH_BIN := $(patsubst %,$(BUILD)/bench/%,generate floor libcsv_loop run stages bootstrap statistics)

.PHONY: bench
bench: $(BENCH_BIN) $(BUILD)/omstat
	@$(BUILD)/bench/run --build $(BUILD) --people $(BENCH_ROWS) --rounds $(BENCH_ROUNDS) --budget $(BENCH_BUDGET) \
	    --groups '$(BENCH_GROUPS)' --json $(BUILD)/bench.json --chart $(BUILD)/bench.svg bench/matrix.txt

# Does a bootstrap cost more with more people?
.PHONY: bench-bootstrap
bench-bootstrap: $(BUILD)/bench/bootstrap
	@$(BUILD)/bench/bootstrap

# Sizes of tallies, and the time to add up a thousand of them.
.PHONY: bench-tallies
bench-tallies: $(BUILD)/bench/generate $(BUILD)/omstat
	@bench/tallies.sh $(BUILD)

# The other programs, as far as they can be had.
.PHONY: bench-peers
bench-peers:
	@bench/install_peers.sh $(BUILD)/bench/peers

# Fails when something became slower: BENCH_GUARD=ratios against the limit of the machine, =instructions in valgrind.
.PHONY: bench-guard
bench-guard:
	@tools/install-packages.sh build bench
	@$(MAKE) --no-print-directory $(BENCH_BIN) $(BUILD)/omstat
	@bench/test_guard.sh
	@bench/guard.sh $(BUILD) $(BENCH_GUARD) compare

.PHONY: bench-baseline
bench-baseline:
	@tools/install-packages.sh build bench
	@$(MAKE) --no-print-directory $(BENCH_BIN) $(BUILD)/omstat
	@bench/guard.sh $(BUILD) ratios write
	@bench/guard.sh $(BUILD) instructions write

$(BUILD)/bench/newlines.o: private CFLAGS += -O3

$(BUILD)/bench/run: $(HARNESS)
$(BUILD)/bench/generate: $(BUILD)/bench/generate.o $(BUILD)/bench/panel.o
$(BUILD)/bench/floor: $(BUILD)/bench/floor.o $(BUILD)/bench/newlines.o $(BUILD)/bench/unpack.o
$(BUILD)/bench/libcsv_loop: $(BUILD)/bench/peers/libcsv_loop.o $(BUILD)/bench/peers/people.o
$(BUILD)/bench/stages: $(BUILD)/bench/stages.o $(BUILD)/libomstat.a
$(BUILD)/bench/bootstrap: $(BUILD)/bench/bootstrap.o $(BUILD)/libomstat.a
$(BUILD)/bench/statistics: $(BUILD)/bench/statistics.o $(BUILD)/libomstat.a
$(BENCH_BIN):
	@echo '  LINK  $@'
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

# --- checks of the source ---------------------------------------------------------------------------------

SOURCES := $(wildcard tests/fuzz/*.[ch] tests/faults/*.c engine/*/*.c engine/*/*.h include/omstat/*.h tests/unit/*/*.c tests/support/*.[ch] \
             bench/*.[ch] bench/peers/*.[ch] data/*.c)

.PHONY: format
format:
	clang-format -i $(SOURCES)

.PHONY: check-format
check-format:
	@clang-format --dry-run -Werror $(SOURCES) && echo 'format: clean'

.PHONY: check-layers
check-layers:
	@tools/check-layers.sh

.PHONY: check-symbols
check-symbols: $(BUILD)/libomstat.a $(BUILD)/libomstat.so
	@tools/check-symbols.sh $(BUILD)

# Every file on its own, so that lint runs in parallel and only on what changed.
LINTED   := $(LIB_SRC) $(CLI_SRC) $(if $(filter yes,$(WITH_MPI)),$(MPI_SRC))
$(BUILD)/lint/engine/mpi/%: private INCLUDES += $(MPI_INCLUDES)
TIDY     := $(LINTED:%.c=$(BUILD)/lint/%.tidy)
ANALYZED := $(LINTED:%.c=$(BUILD)/lint/%.analyzed)

$(BUILD)/lint/%.tidy: %.c .clang-tidy
	@mkdir -p $(@D)
	@echo '  TIDY  $<'
	@clang-tidy --quiet --warnings-as-errors='*' $< -- -std=c17 $(DEFINES) $(INCLUDES) 2> $@.log || { cat $@.log; exit 1; }
	@touch $@

$(BUILD)/lint/%.analyzed: %.c
	@mkdir -p $(@D)
	@echo '  ANALYZE $<'
	@gcc $(STRICT) $(DEFINES) $(INCLUDES) -O1 -fanalyzer -Wno-analyzer-use-of-uninitialized-value -c -o /dev/null $<
	@touch $@

.PHONY: clang
clang:
	@$(MAKE) --no-print-directory BUILD=build-clang CC=clang tests

.PHONY: lint
lint:
	@tools/install-packages.sh build lint
	@$(MAKE) --no-print-directory check-format check-layers check-scripts $(TIDY) $(ANALYZED) clang check-cppcheck

.PHONY: check-cppcheck
check-cppcheck:
	@cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
	    --suppress=missingIncludeSystem --suppress=nullPointerOutOfMemory -D__GNUC__ $(INCLUDES) engine && echo 'cppcheck: clean'

.PHONY: check-scripts
check-scripts:
	@shellcheck tools/*.sh tests/*.sh tests/*/*.sh bench/*.sh bench/peers/*.sh .ci/run && echo 'shellcheck: clean'

# --- manual and installation ------------------------------------------------------------------------------

$(BUILD)/omstat.1: $(BUILD)/omstat
	@$(BUILD)/omstat help --mdoc > $@.new && mv $@.new $@

$(BUILD)/omstat.pc: include/omstat/version.h Makefile
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' \
	    'Name: omstat' 'Description: Outcome-measures statistics engine' 'Version: $(VERSION)' \
	    'Libs: -L$${libdir} -lomstat' 'Libs.private: $(LIBS)' 'Cflags: -I$${includedir}' > $@

.PHONY: install
install: all $(BUILD)/omstat.1
	@$(MAKE) --no-print-directory -B $(BUILD)/omstat.pc
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include/omstat \
	    $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install $(BUILD)/omstat $(if $(filter yes,$(WITH_MPI)),$(BUILD)/omstat-mpi) $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(BUILD)/libomstat.a $(DESTDIR)$(PREFIX)/lib/
	install $(BUILD)/libomstat.so $(DESTDIR)$(PREFIX)/lib/libomstat.so.$(VERSION)
	ln -sf libomstat.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libomstat.so.0
	ln -sf libomstat.so.0 $(DESTDIR)$(PREFIX)/lib/libomstat.so
	install -m 644 $(BUILD)/omstat.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/
	install -m 644 include/omstat/*.h $(DESTDIR)$(PREFIX)/include/omstat/
	install -m 644 $(BUILD)/omstat.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	$(BUILD)/omstat help --completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/omstat

# "make -j clean test": clean first, then the rest.
ifneq ($(filter clean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

.PHONY: clean
clean:
	rm -rf $(BUILD) build-asan build-clang build-fuzz build-afl build-msan build-coverage

.PHONY: help
help:
	@echo 'make            the program and the libraries, in $(BUILD)/; installs nothing'
	@echo 'make demo       install what is missing, build, report on data/'
	@echo 'make test       install what is missing, build, run every test'
	@echo 'make test-kernels  the tests once with each set of kernels (OMSTAT_KERNEL)'
	@echo 'make fuzz       an hour of libFuzzer for each target in tests/fuzz/, two at a time (FUZZ_SECONDS=); make fuzz-afl'
	@echo 'make check-faults  system calls and allocations made to fail in turn (FAULT_STRIDE=1: each; a day)'
	@echo 'make coverage   lines, branches and conditions that the tests reach; make valgrind, make msan'
	@echo 'make tsan       what uses threads under the thread sanitizer'
	@echo 'make asan       the tests under address and undefined-behaviour sanitizers'
	@echo 'make check-nightly  the long checks: sanitizers, sets of kernels, aarch64, every short text against libcsv'
	@echo 'make bench      speed and memory against the limit of the machine and other programs (BENCH_ROWS=)'
	@echo 'make bench-bootstrap  the time of a bootstrap for 100 to 10^9 people'
	@echo 'make bench-peers  install the other programs that make bench measures, as far as they can be had'
	@echo 'make bench-guard  fail when something became slower than bench/baseline.json (BENCH_GUARD=instructions)'
	@echo 'make bench-baseline  measure bench/baseline.json anew'
	@echo 'make check-pages  reports in a browser, with axe-core and vnu; pictures in $(BUILD)/pages/seen'
	@echo 'make lint       format, layers, scripts, clang-tidy, gcc -fanalyzer, clang, cppcheck'
	@echo 'make format     lay out the source'
	@echo 'make findings-page  docs/findings.md, from the catalogue in the program'
	@echo 'make pictures       the figures in the documents, as the program draws them'
	@echo 'make install    PREFIX=$(PREFIX) DESTDIR='
	@echo 'make check-layers check-symbols check-data check-aarch64'

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
