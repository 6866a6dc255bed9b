/* Every set of kernels against plain loops: tokens to rows of codes, rows to columns, columns to counts. */
#include "support/support.h"

#include "kernels/kernels.h"
#include <string.h>

enum { ITEMS = 24, ROWS = OM_COLUMN_ROWS };

/* Calls check for every set that this processor can run. */
static void
with_each_set(void (*check)(const struct om_kernels *kernels))
{
    size_t n;
    const struct om_kernels *all = om_kernels_all(&n);
    for (size_t i = 0; i < n; i++)
        if (om_kernels_usable(&all[i]))
            check(&all[i]);
}

/* --- tokens to codes ------------------------------------------------------------------------------------ */

static uint8_t
code_of(const struct om_tile *tile, size_t i, uint8_t token)
{
    int code = token - tile->base[i];
    if (code >= tile->low[i] && code <= tile->low[i] + tile->span[i])
        return (uint8_t)code;
    return token == OM_TOKEN_EMPTY ? tile->empty[i] : token == OM_TOKEN_NA ? tile->na[i] : OM_LOOK;
}

static void
check_decode(const struct om_kernels *kernels)
{
    enum { TILES = 2, FIELDS = 140, N = 70 };
    static struct om_tile tile[TILES];
    static uint8_t token[N * FIELDS + OM_TILE], code[N * TILES * OM_TILE], look[N];
    for (int round = 0; round < 50; round++) {
        for (size_t t = 0; t < TILES; t++)
            for (size_t i = 0; i < OM_TILE; i++) {
                tile[t].low[i] = (uint8_t)(test_random() % 4);
                tile[t].base[i] = (uint8_t)('0' - test_random() % 3);
                tile[t].span[i] = (uint8_t)(test_random() % 8);
                tile[t].empty[i] = test_random() % 4 ? 0x80 : OM_LOOK;
                tile[t].na[i] = test_random() % 2 ? 0x82 : OM_LOOK;
            }
        tile[1].field = 60 + test_random() % 16;
        for (size_t i = 0; i < sizeof token; i++)
            token[i] = (uint8_t)(test_random() % 3 ? '0' + test_random() % 8 : test_random() % 128);
        kernels->decode_rows(tile, TILES, token, FIELDS, N, code, look);
        for (size_t r = 0; r < N; r++) {
            bool odd = false;
            for (size_t p = 0; p < TILES * OM_TILE; p++) {
                const struct om_tile *at = &tile[p / OM_TILE];
                uint8_t want = code_of(at, p % OM_TILE, token[r * FIELDS + at->field + p % OM_TILE]);
                odd |= want == OM_LOOK;
                assert_int_equal(code[r * TILES * OM_TILE + p], want);
            }
            assert_int_equal(look[r], odd);
        }
    }
}

/* Every token under a rule like that of PHQ-9, in every place. */
static void
check_every_token(const struct om_kernels *kernels)
{
    static struct om_tile tile;
    uint8_t token[2 * OM_TILE], code[OM_TILE], look;
    memset(tile.base, '0', OM_TILE);
    memset(tile.span, 3, OM_TILE);
    memset(tile.empty, 0x80, OM_TILE);
    memset(tile.na, 0x80, OM_TILE);
    for (unsigned t = 0; t < 128; t++)
        for (size_t place = 0; place < OM_TILE; place++) {
            memset(token, '2', sizeof token);
            token[place] = (uint8_t)t;
            kernels->decode_rows(&tile, 1, token, OM_TILE, 1, code, &look);
            bool fine = t == OM_TOKEN_EMPTY || t == OM_TOKEN_NA || (t >= '0' && t <= '3');
            assert_int_equal(look, !fine);
            assert_int_equal(code[place], !fine ? OM_LOOK : t <= OM_TOKEN_NA ? 0x80 : t - '0');
        }
}

static void
tokens_become_codes(void **state)
{
    (void)state;
    with_each_set(check_decode);
    with_each_set(check_every_token);
}

/* --- rows to columns ------------------------------------------------------------------------------------ */

static void
check_transpose(const struct om_kernels *kernels)
{
    static uint8_t row[OM_ROWS_STEP * 200], column[OM_LANE * 100];
    for (size_t stride = OM_LANE; stride <= 200; stride += 23) {
        for (size_t i = 0; i < sizeof row; i++)
            row[i] = (uint8_t)test_random();
        memset(column, 0xee, sizeof column);
        kernels->transpose(row, stride, column, 100);
        for (size_t i = 0; i < OM_LANE; i++)
            for (size_t r = 0; r < 100; r++)
                assert_int_equal(column[i * 100 + r], r < OM_ROWS_STEP ? row[r * stride + i] : 0xee);
    }
}

static void
rows_become_columns(void **state)
{
    (void)state;
    with_each_set(check_transpose);
}

/* --- columns to counts ---------------------------------------------------------------------------------- */

static uint8_t column[ITEMS][ROWS];
static const uint8_t *at[ITEMS];
static uint8_t flip[ITEMS], base[ITEMS];

/* Codes up to `most`, and one in `rare` no answer. */
static void
fill_columns(unsigned most, unsigned rare)
{
    static const uint8_t none[] = {0x80, 0x81, 0x82, 0xff};
    for (size_t i = 0; i < ITEMS; i++) {
        bool reversed = test_random() % 3 == 0;
        flip[i] = reversed ? 0xff : 0;
        base[i] = (uint8_t)(reversed ? most + 1 : 0);
        at[i] = column[i];
        for (size_t r = 0; r < ROWS; r++)
            column[i][r] =
                test_random() % rare ? (uint8_t)(test_random() % (most + 1)) : none[test_random() % 4];
    }
    for (size_t i = 0; i < ITEMS; i++) /* some with no form at all, some all the same */
        for (size_t r = 0; r < ROWS; r += 7)
            column[i][r] = r % 2 ? 0x80 : (uint8_t)most;
}

static unsigned
points_of(size_t i, size_t r)
{
    return (uint8_t)((column[i][r] ^ flip[i]) + base[i]);
}

static void
check_counts_of(const struct om_kernels *kernels, size_t k, size_t n, bool has_na)
{
    const struct om_column_points points = {flip, base};
    const struct om_column_table table = {.n_sums = 200, .max_blank = test_random() % 3, .has_na = has_na};
    uint8_t threshold[ITEMS], complete[ROWS], again[ROWS], endorsed[ROWS], present[ROWS];
    uint16_t number[ROWS];
    uint32_t index[ROWS];
    struct om_column_result result = {number, complete};
    for (size_t i = 0; i < k; i++)
        threshold[i] = (uint8_t)(test_random() % 5);
    kernels->column_sums(at, &points, k, n, 3, 9999, &result);
    kernels->column_index(at, &points, k, n, &table, index, again);
    assert_memory_equal(complete, again, n);
    kernels->column_endorsed(at, threshold, k, n, endorsed, again);
    assert_memory_equal(complete, again, n);
    kernels->column_present(at, k, n, present);
    uint64_t unanswered[ITEMS] = {0}, without[ITEMS] = {0}, forms = 0;
    memset(present + n, 0, ROWS - n);
    assert_true(n <= OM_COLUMN_ROWS);
    uint64_t counted = kernels->column_unanswered(at, k, n, present, unanswered);
    for (size_t r = 0; r < n; r++) {
        forms += present[r] != 0;
        for (size_t i = 0; i < k; i++)
            without[i] += present[r] && column[i][r] >= 0x80 && column[i][r] != 0x82;
    }
    assert_int_equal(counted, forms);
    assert_memory_equal(unanswered, without, sizeof without);
    for (size_t r = 0; r < n; r++) {
        unsigned sum = 0, blank = 0, na = 0, invalid = 0, above = 0, form = 0;
        for (size_t i = 0; i < k; i++) {
            uint8_t c = column[i][r];
            sum += c < 0x80 ? points_of(i, r) : 0;
            above += c < 0x80 && c >= threshold[i];
            blank += c == 0x80 || c == 0x81;
            na += c == 0x82;
            invalid += c > 0x82;
            form |= c != 0x80;
        }
        bool all = blank + na + invalid == 0;
        bool usable = invalid == 0 && blank <= table.max_blank && (has_na || na == 0);
        assert_int_equal(complete[r], all ? 0xff : 0);
        assert_int_equal(number[r], all ? (uint16_t)(sum - 3) : 9999);
        assert_int_equal(index[r], usable ? (blank * (k + 1) + k - blank - na) * 200 + sum : 0);
        if (all)
            assert_int_equal(endorsed[r], above);
        assert_int_equal(present[r] != 0, form);
    }
}

static void
check_forms_of(const struct om_kernels *kernels, size_t k, size_t n)
{
    uint8_t present[ROWS], answered[ROWS], blank[ROWS], na[ROWS], different[ROWS];
    uint16_t sum[ROWS];
    const struct om_column_forms forms = {present, answered, blank, na, different, sum};
    kernels->column_forms(at, k, n, 255 / OM_COLUMN_MAX, &forms);
    for (size_t r = 0; r < n; r++) {
        unsigned want[6] = {0};
        for (size_t i = 0; i < k; i++) {
            const uint8_t c = column[i][r];
            want[0] |= c != 0x80;
            want[1] += c < 0x80;
            want[2] += c == 0x80 || c == 0x81;
            want[3] += c == 0x82;
            want[4] |= c != column[0][r];
            want[5] += c < 0x80 ? c : 0;
        }
        assert_int_equal(present[r], want[0]);
        assert_int_equal(answered[r], want[1]);
        assert_int_equal(blank[r], want[2]);
        assert_int_equal(na[r], want[3]);
        assert_int_equal(different[r] != 0, want[4]);
        assert_int_equal(sum[r], want[5]);
    }
}

static void
check_products_of(const struct om_kernels *kernels, size_t k, size_t n)
{
    const struct om_column_points points = {flip, base};
    static uint8_t mask[ROWS], masked[ITEMS * OM_COLUMN_ROWS];
    const uint8_t *value[ITEMS];
    int64_t product[ITEMS * (ITEMS + 1) / 2 + 1], want;
    for (size_t r = 0; r < ROWS; r++) {
        mask[r] = 0xff;
        for (size_t i = 0; i < k; i++)
            mask[r] &= column[i][r] < 0x80 ? 0xff : 0;
    }
    kernels->column_mask(at, &points, k, n, mask, masked);
    for (size_t i = 0; i < k; i++)
        value[i] = masked + i * OM_COLUMN_ROWS;
    for (size_t p = 0; p <= k * (k + 1) / 2; p++)
        product[p] = (int64_t)p << 40; /* what is there stays */
    kernels->products(value, k, n, product);
    for (size_t i = 0, p = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++, p++) {
            want = (int64_t)p << 40;
            for (size_t r = 0; r < n; r++)
                want += mask[r] ? points_of(i, r) * points_of(j, r) : 0;
            assert_true(product[p] == want);
        }
    assert_true(product[k * (k + 1) / 2] == (int64_t)(k * (k + 1) / 2) << 40); /* and nothing behind */
}

static void
check_with_total_of(const struct om_kernels *kernels, size_t k, size_t n)
{
    const uint8_t *value[ITEMS];
    static uint8_t masked[ITEMS * OM_COLUMN_ROWS], all[ROWS];
    const struct om_column_points points = {flip, base};
    struct om_with_total with[ITEMS + 1] = {{0}};
    memset(all, 0xff, sizeof all);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t i = 0; i < k; i++)
            all[r] &= column[i][r] < 0x80 ? 0xff : 0;
    kernels->column_mask(at, &points, k, n, all, masked);
    for (size_t i = 0; i < k; i++)
        value[i] = masked + i * OM_COLUMN_ROWS;
    with[k].sum = with[k].square = with[k].total = 77; /* nothing behind */
    kernels->with_total(value, k, n, with);
    for (size_t i = 0; i < k; i++) {
        struct om_with_total want = {0, 0, 0};
        for (size_t r = 0; r < n; r++)
            for (size_t j = 0; j < k && all[r]; j++) {
                want.sum += j == i ? (int32_t)points_of(i, r) : 0;
                want.square += j == i ? (int32_t)(points_of(i, r) * points_of(i, r)) : 0;
                want.total += (int32_t)(points_of(i, r) * points_of(j, r));
            }
        assert_memory_equal(&with[i], &want, sizeof want);
    }
    assert_true(with[k].sum == 77 && with[k].square == 77 && with[k].total == 77);
}

static void
check_columns(const struct om_kernels *kernels)
{
    static const unsigned most[] = {1, 3, 4, 6, 10};
    for (size_t m = 0; m < sizeof most / sizeof most[0]; m++)
        for (size_t k = 1; k <= ITEMS && k * most[m] < 200; k++)
            for (size_t n = OM_COLUMN_STEP; n <= ROWS; n += OM_COLUMN_STEP) {
                fill_columns(most[m], 40);
                check_counts_of(kernels, k, n, k % 2);
                check_forms_of(kernels, k, n);
                check_products_of(kernels, k, n);
                if (om_with_total_fits(k, most[m]))
                    check_with_total_of(kernels, k, n);
            }
    fill_columns(OM_COLUMN_MAX, 1000000); /* nothing may overflow */
    check_products_of(kernels, ITEMS, ROWS);
}

static void
columns_become_counts(void **state)
{
    (void)state;
    with_each_set(check_columns);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_become_codes),
        cmocka_unit_test(rows_become_columns),
        cmocka_unit_test(columns_become_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
