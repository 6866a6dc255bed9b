/*
 * Every kernel against the scalar one, to the last byte of what it promises: tokens, separators, rows, and
 * where it stops. What is right is the business of csv/test_plain.c, which knows libcsv.
 */
#include "support/support.h"
#include "kernels/cpu.h"
#include "kernels/kernels.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BLOCKS = 40, BYTES = BLOCKS * OM_SCAN_BLOCK, SPARE = 0xC5 };

/* What a kernel wrote, with spare room behind each array to see that nothing is written there. */
struct output {
    struct om_scan scan;
    uint8_t token[BYTES + OM_SCAN_AFTER + 64];
    uint64_t separator[BLOCKS + 1];
    struct om_scan_row row[BYTES + 3];
};

/* splitmix64: the same texts on every run. */
static uint64_t
next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Scans n blocks, the first `part` of them in a call of their own. */
static void
run(struct output *out, om_scan_function *kernel, uint8_t delimiter, const uint8_t *bytes, size_t n,
    size_t part)
{
    memset(out->token, SPARE, sizeof out->token);
    memset(out->separator, SPARE, sizeof out->separator);
    memset(out->row, SPARE, sizeof out->row);
    out->scan = (struct om_scan){
        .token = out->token, .separator = out->separator, .row = out->row, .delimiter = delimiter};
    om_scan_start(&out->scan);
    kernel(&out->scan, bytes, part);
    if (out->scan.stop == OM_SCAN_NO_STOP && out->scan.position == part * OM_SCAN_BLOCK)
        kernel(&out->scan, bytes + part * OM_SCAN_BLOCK, n - part);
}

static void
assert_same(const struct output *got, const struct output *want, bool quoted)
{
    const struct om_scan *a = &got->scan, *b = &want->scan;
    assert_int_equal(a->stop, b->stop);
    assert_int_equal(a->n_rows, b->n_rows);
    assert_int_equal(a->n_tokens, b->n_tokens);
    assert_int_equal(a->position, b->position);
    assert_memory_equal(got->token, want->token, b->n_tokens);
    assert_memory_equal(got->row, want->row, (b->n_rows + 1) * sizeof *b->row);
    assert_memory_equal(got->separator, want->separator, sizeof want->separator);
    if (b->stop == OM_SCAN_NO_STOP)
        assert_int_equal(a->inside, b->inside);
    if (quoted && b->stop == OM_SCAN_NO_STOP)
        assert_int_equal(a->quotes != 0, b->quotes != 0);
}

static void
assert_within_room(const struct output *out, size_t n)
{
    for (size_t i = n * OM_SCAN_BLOCK + OM_SCAN_AFTER; i < sizeof out->token; i++)
        assert_int_equal(out->token[i], SPARE);
    assert_memory_equal(&out->separator[n], &out->separator[BLOCKS], sizeof out->separator[0]);
    /* those of a block that was begun and left */
    for (size_t r = out->scan.n_rows + 2 + OM_SCAN_BLOCK; r < sizeof out->row / sizeof *out->row; r++)
        assert_int_equal(out->row[r].start, 0xC5C5C5C5);
}

static void
compare_kernels(const uint8_t *bytes, size_t n, uint8_t delimiter, size_t part)
{
    static struct output want, got;
    size_t many;
    const struct om_kernels *kernels = om_kernels_all(&many);
    for (unsigned quoted = 0; quoted < 2; quoted++) {
        run(&want, quoted ? om_scan_quoted_scalar : om_scan_scalar, delimiter, bytes, n, n);
        for (size_t k = 0; k < many; k++) {
            if (!om_kernels_usable(&kernels[k]))
                continue;
            run(&got, quoted ? kernels[k].scan_quoted : kernels[k].scan, delimiter, bytes, n, part);
            assert_same(&got, &want, quoted);
            assert_within_room(&got, n);
        }
    }
}

/* Pages with one behind them that cannot be touched. */
static uint8_t *
guarded(size_t *size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    *size = (BYTES + OM_SCAN_BEFORE + page - 1) / page * page;
    uint8_t *memory = mmap(NULL, *size + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    assert_int_equal(mprotect(memory, *size, PROT_READ | PROT_WRITE), 0);
    return memory;
}

/* Texts from a few bytes to all, some of them with every byte equally often, most like a panel. */
static void
kernels_agree_on_random_bytes(void **state)
{
    static const char *const alphabets[] = {",1",    ",\n1", ",12NA", ",\nNA\r\n 1", ",\n1\"",
                                            ",\n\"", "\n",   ",",     "\"\n"};
    static const uint8_t delimiters[] = {',', ',', ',', '1', 'N', ' '};
    uint64_t seed = 4;
    size_t size;
    uint8_t *memory = guarded(&size);
    (void)state;
    for (size_t i = 0; i < 12000; i++) {
        size_t n = 1 + next_random(&seed) % (i % 10 ? 4 : BLOCKS);
        uint8_t *bytes = memory + size - n * OM_SCAN_BLOCK;
        const char *alphabet = alphabets[next_random(&seed) % 9];
        uint64_t rare = i % 7 ? 0 : next_random(&seed) % 40;
        for (uint8_t *at = bytes - OM_SCAN_BEFORE; at < memory + size; at++)
            *at = (uint8_t)alphabet[next_random(&seed) % strlen(alphabet)];
        for (uint64_t k = 0; k < rare; k++)
            bytes[next_random(&seed) % (n * OM_SCAN_BLOCK)] = (uint8_t)next_random(&seed);
        compare_kernels(bytes, n, delimiters[i % 6], next_random(&seed) % (n + 1));
    }
    munmap(memory, size + (size_t)sysconf(_SC_PAGESIZE));
}

/* A byte of every value as the only byte of a field, in quotes and not, at every place of a block. */
static void
kernels_agree_on_every_byte_at_every_place(void **state)
{
    uint8_t memory[64 + 3 * OM_SCAN_BLOCK], *bytes = memory + 64;
    (void)state;
    for (unsigned value = 0; value < 256; value++)
        for (size_t at = OM_SCAN_BLOCK - 4; at < 2 * OM_SCAN_BLOCK + 4; at++)
            for (unsigned quoted = 0; quoted < 2; quoted++) {
                memset(memory, 'x', sizeof memory);
                memcpy(bytes + at - 2, quoted ? ",\"?\",\n" : "1,?,,\n", 6);
                bytes[at] = (uint8_t)value;
                compare_kernels(bytes, 3, ',', 1);
            }
}

/* What a kernel finds before the first block must not matter. */
static void
bytes_before_the_start_do_not_matter(void **state)
{
    static const char text[] = "A,1,NA\nA\n\n\"1\",\"\"\nNA,\"NA\"\n";
    static const char *const before[] = {"xxNA", ",,,,", "\n\n\n\n", "\r\r\r\r", "\"\"\"\"", "N\"\"\""};
    (void)state;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        for (size_t skip = 0; skip < sizeof text - 1; skip++) {
            uint8_t memory[4 + OM_SCAN_BLOCK] = {0};
            static struct output want, got;
            size_t many;
            const struct om_kernels *kernels = om_kernels_all(&many);
            memcpy(memory + 4, text + skip, sizeof text - 1 - skip);
            run(&want, om_scan_quoted_scalar, ',', memory + 4, 1, 1);
            memcpy(memory, before[i], 4);
            for (size_t k = 0; k < many; k++)
                if (om_kernels_usable(&kernels[k])) {
                    run(&got, kernels[k].scan_quoted, ',', memory + 4, 1, 0);
                    assert_same(&got, &want, true);
                }
        }
}

static void
fields_are_located(void **state)
{
    uint8_t memory[64 + BYTES] = {0}, *bytes = memory + 64;
    static struct output out;
    enum { FIELDS = 90, ROWS = 8 };
    size_t many, length = 0, at[ROWS][FIELDS + 1];
    const struct om_kernels *kernels = om_kernels_all(&many);
    (void)state;
    for (size_t r = 0; r < ROWS; r++)
        for (size_t k = 0; k < FIELDS; k++) {
            at[r][k] = length;
            length += (r * 7 + k * k) % 5;
            memset(bytes + at[r][k], 'v', length - at[r][k]);
            bytes[length++] = k + 1 < FIELDS ? ',' : '\n';
            at[r][k + 1] = length;
        }
    assert_true(length < BYTES);
    for (size_t i = 0; i < many; i++) {
        if (!om_kernels_usable(&kernels[i]))
            continue;
        run(&out, kernels[i].scan, ',', bytes, BLOCKS, 0);
        assert_int_equal(out.scan.n_rows, ROWS);
        for (size_t k = 0; k < FIELDS; k++) {
            struct om_scan_span span[ROWS];
            kernels[i].locate(out.separator, out.row, ROWS, k, span);
            for (size_t r = 0; r < ROWS; r++) {
                assert_int_equal(span[r].start, at[r][k]);
                assert_int_equal(span[r].end, at[r][k + 1] - 1);
            }
        }
    }
}

static void
a_set_of_kernels_can_be_chosen(void **state)
{
    size_t n;
    const struct om_kernels *kernels = om_kernels_all(&n), *before = om_kernels_active();
    (void)state;
    assert_true(om_kernels_choose(NULL));
    const struct om_kernels *fastest = om_kernels_active();
    assert_string_equal(kernels[0].name, "scalar");
    assert_true(om_kernels_usable(&kernels[0]));
    assert_true(om_kernels_usable(fastest));
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(om_kernels_choose(kernels[i].name), om_kernels_usable(&kernels[i]));
        if (om_kernels_usable(&kernels[i])) {
            assert_ptr_equal(om_kernels_active(), &kernels[i]);
            assert_string_equal(om_kernels_name(), kernels[i].name);
        }
        assert_true(!om_kernels_usable(&kernels[i]) || fastest >= &kernels[i]);
    }
    assert_true(om_kernels_choose("scalar"));
    assert_false(om_kernels_choose("abacus"));
    assert_ptr_equal(om_kernels_active(), &kernels[0]);
    assert_true(om_kernels_choose(NULL));
    assert_ptr_equal(om_kernels_active(), fastest);
    assert_true(om_kernels_choose(before->name));
    struct om_kernels none = {.name = "none", .needs = 1u << 31};
    assert_false(om_kernels_usable(&none));
}

static void
usable_sets_are_listed(void **state)
{
    size_t n, usable = 0;
    const struct om_kernels *kernels = om_kernels_all(&n);
    (void)state;
    for (size_t i = 0; i < n; i++)
        if (om_kernels_usable(&kernels[i]))
            assert_string_equal(om_kernels_usable_name(usable++), kernels[i].name);
    assert_null(om_kernels_usable_name(usable));
    assert_null(om_kernels_usable_name(usable + 1));
}

static void
features_come_in_order(void **state)
{
    uint32_t has = om_cpu_features();
    (void)state;
    if (has & OM_CPU_AVX512)
        assert_true(has & OM_CPU_AVX2);
    assert_int_equal(has, om_cpu_features());
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_agree_on_random_bytes),
        cmocka_unit_test(kernels_agree_on_every_byte_at_every_place),
        cmocka_unit_test(bytes_before_the_start_do_not_matter),
        cmocka_unit_test(fields_are_located),
        cmocka_unit_test(a_set_of_kernels_can_be_chosen),
        cmocka_unit_test(usable_sets_are_listed),
        cmocka_unit_test(features_come_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
