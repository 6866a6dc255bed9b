#include "stats/reliability.h"

#include "base/error.h"
#include "base/memory.h"
#include "kernels/kernels.h"
#include "stats/dist.h"
#include "stats/item_spread.h"
#include "stats/moments.h"
#include "stats/outcome.h"

#include <string.h>

om_status
om_item_sums_init(struct om_item_sums *sums, size_t k, struct om_error *err)
{
    *sums = (struct om_item_sums){.k = k};
    if (k > OM_SUMS_ITEMS_MAX)
        return om_fail(err, OM_ERR_INVALID, "item sums hold at most %d items, not %zu", OM_SUMS_ITEMS_MAX, k);
    /* The products, and behind them those with one item more, which is 1 on every form: sums and forms. */
    sums->product = om_calloc((k + 1) * (k + 2) / 2, sizeof *sums->product);
    if (!sums->product)
        return om_fail_memory(err);
    sums->sum = sums->product + k * (k + 1) / 2;
    return OM_OK;
}

om_status
om_item_sums_init_for_alpha(struct om_item_sums *sums, size_t k, struct om_error *err)
{
    *sums = (struct om_item_sums){.k = k};
    if (k > OM_SUMS_ITEMS_MAX)
        return om_fail(err, OM_ERR_INVALID, "item sums hold at most %d items, not %zu", OM_SUMS_ITEMS_MAX, k);
    sums->sum = om_calloc(3 * k, sizeof *sums->sum);
    if (!sums->sum)
        return om_fail_memory(err);
    sums->square = sums->sum + k;
    sums->with_total = sums->square + k;
    return OM_OK;
}

void
om_item_sums_release(struct om_item_sums *sums)
{
    om_free(sums->product ? sums->product : sums->sum);
    *sums = (struct om_item_sums){0};
}

bool
om_item_sums_add(struct om_item_sums *sums, const uint8_t *codes, uint64_t weight)
{
    if (weight > OM_FORMS_MAX || sums->n > OM_FORMS_MAX - weight)
        return false;
    for (size_t i = 0; i < sums->k; i++)
        if (codes[i] > OM_SUMS_CODE_MAX)
            return false;
    int64_t *product = sums->product, total = 0;
    for (size_t i = 0; i < sums->k; i++)
        total += codes[i];
    for (size_t i = 0; i < sums->k; i++) {
        int64_t weighted = (int64_t)weight * codes[i];
        sums->sum[i] += weighted;
        for (size_t j = 0; product && j <= i; j++)
            *product++ += weighted * codes[j];
        if (!product) {
            sums->square[i] += weighted * codes[i];
            sums->with_total[i] += weighted * total;
        }
    }
    sums->n += weight;
    return true;
}

/* Without products. */
static void
add_with_total(struct om_item_sums *sums, const uint8_t *const *column, size_t n)
{
    struct om_with_total with[OM_SUMS_ITEMS_MAX];
    om_kernels_active()->with_total(column, sums->k, n, with);
    for (size_t i = 0; i < sums->k; i++) {
        sums->sum[i] += with[i].sum;
        sums->square[i] += with[i].square;
        sums->with_total[i] += with[i].total;
    }
    for (size_t r = 0; r < n;
         r += sizeof(uint64_t)) { /* eight flags at a time: their sum in the highest byte */
        uint64_t flags;
        memcpy(&flags, column[sums->k] + r, sizeof flags);
        sums->n += flags * UINT64_C(0x0101010101010101) >> 56;
    }
}

bool
om_item_sums_add_block(struct om_item_sums *sums, const uint8_t *const *column, size_t n)
{
    if (sums->n > OM_FORMS_MAX - n)
        return false;
    if (!sums->product) {
        add_with_total(sums, column, n);
        return true;
    }
    sums->sum[sums->k] = 0;
    om_kernels_active()->products(column, sums->k + 1, n, sums->product);
    sums->n += (uint64_t)sums->sum[sums->k];
    return true;
}

bool
om_item_sums_merge(struct om_item_sums *into, const struct om_item_sums *from)
{
    if (into->k != from->k || !into->product != !from->product || into->n > OM_FORMS_MAX ||
        from->n > OM_FORMS_MAX - into->n)
        return false;
    into->n += from->n;
    /* Everything is one run of numbers, from the products on or from the sums. */
    const size_t k = into->k, n = into->product ? k * (k + 1) / 2 + k : 3 * k;
    int64_t *to = into->product ? into->product : into->sum;
    const int64_t *add = from->product ? from->product : from->sum;
    for (size_t i = 0; i < n; i++)
        to[i] += add[i];
    return true;
}

/* n^2 times covariances (divisor n; any divisor cancels): of two items, of an item with the total, of the
 * total. */
struct spread {
    om_wide item[OM_SUMS_ITEMS_MAX];       /* item with itself */
    om_wide with_total[OM_SUMS_ITEMS_MAX]; /* item with the sum of all items */
    om_wide items, total;                  /* sum of item[], and of all covariances */
};

static void
spread_with_total(const struct om_item_sums *s, struct spread *out)
{
    const om_wide n = (om_wide)s->n;
    int64_t sum = 0;
    for (size_t i = 0; i < s->k; i++)
        sum += s->sum[i];
    for (size_t i = 0; i < s->k; i++) {
        out->item[i] = om_centred_product(n, s->square[i], s->sum[i], s->sum[i]);
        out->with_total[i] = om_centred_product(n, s->with_total[i], s->sum[i], sum);
    }
}

static void
find_spread(const struct om_item_sums *s, struct spread *out)
{
    *out = (struct spread){0};
    if (!s->product)
        spread_with_total(s, out);
    for (size_t i = 0; s->product && i < s->k; i++) {
        for (size_t j = 0; j <= i; j++) {
            om_wide c = om_item_spread(s, i, j);
            out->with_total[i] += c;
            if (j < i)
                out->with_total[j] += c;
            else
                out->item[i] = c;
        }
    }
    for (size_t i = 0; i < s->k; i++) {
        out->items += out->item[i];
        out->total += out->with_total[i];
    }
}

/* k / (k - 1) * (1 - items / total): Cronbach (1951), Psychometrika 16, 297, with one division. */
static struct om_stat
alpha_of(size_t k, om_wide items, om_wide total)
{
    if (k < 2)
        return om_undefined(OM_WHY_TWO_ITEMS);
    if (total <= 0)
        return om_undefined(OM_WHY_FLAT_TOTAL);
    long double up = (long double)((om_wide)k * (total - items)),
                down = (long double)((om_wide)(k - 1) * total);
    return om_defined((double)(up / down));
}

/* The item with the sum of the others: Cov(i, T - i) over the sds of i and of T - i. */
static struct om_stat
item_rest_of(const struct spread *s, size_t k, size_t i)
{
    om_wide with_rest = s->with_total[i] - s->item[i], rest = s->total - 2 * s->with_total[i] + s->item[i];
    if (k < 2)
        return om_undefined(OM_WHY_TWO_ITEMS);
    if (s->item[i] <= 0)
        return om_undefined(OM_WHY_FLAT_ITEM);
    if (rest <= 0)
        return om_undefined("the sum of the other items is the same on every form");
    return om_defined(
        (double)om_moments_correlation((long double)with_rest, (long double)s->item[i], (long double)rest));
}

static struct om_stat
dropped_of(const struct spread *s, size_t k, size_t i)
{
    if (k < 3)
        return om_undefined(OM_WHY_THREE_ITEMS);
    return alpha_of(k - 1, s->items - s->item[i], s->total - 2 * s->with_total[i] + s->item[i]);
}

/* Feldt (1965), Psychometrika 30, 357: (1 - true alpha) / (1 - alpha) is F on n - 1 and (n - 1)(k - 1). */
static struct om_interval
feldt_interval(struct om_stat alpha, uint64_t n, size_t k, double level, const struct om_memo *memo)
{
    const char *reason = alpha.reason             ? alpha.reason
                         : !om_level_valid(level) ? OM_WHY_LEVEL
                         : 1 - alpha.value > 0    ? NULL
                                                  : "alpha is exactly 1";
    if (reason)
        return om_no_bounds(level, "feldt", reason);
    double df1 = (double)(n - 1), df2 = df1 * (double)(k - 1), tail = (1 - level) / 2, gap = 1 - alpha.value;
    double high = om_memo_value(memo, OM_MEMO_F_QUANTILE, om_f_quantile, 1 - tail, df1, df2);
    double low = om_memo_value(memo, OM_MEMO_F_QUANTILE, om_f_quantile, tail, df1, df2);
    return om_bounds(1 - gap * high, 1 - gap * low, level, "feldt");
}

static void
undefined_alpha(const char *reason, double level, struct om_alpha_result *out)
{
    out->alpha = om_undefined(reason);
    out->interval = om_no_bounds(level, "feldt", reason);
    for (size_t i = 0; i < out->k; i++)
        out->item_rest[i] = out->alpha_if_dropped[i] = om_undefined(reason);
}

void
om_alpha(const struct om_item_sums *sums, double level, struct om_alpha_result *out)
{
    om_alpha_memo(sums, level, NULL, out);
}

void
om_alpha_memo(const struct om_item_sums *sums, double level, const struct om_memo *memo,
              struct om_alpha_result *out)
{
    *out = (struct om_alpha_result){.n = sums->n, .k = sums->k};
    for (size_t i = 0; i < sums->k; i++)
        out->item_mean[i] =
            sums->n ? om_defined((double)sums->sum[i] / (double)sums->n) : om_undefined(OM_WHY_EMPTY);
    if (sums->n < 2) {
        undefined_alpha(sums->n ? OM_WHY_ONE : OM_WHY_EMPTY, level, out);
        return;
    }
    struct spread spread;
    find_spread(sums, &spread);
    out->alpha = alpha_of(sums->k, spread.items, spread.total);
    out->interval = feldt_interval(out->alpha, sums->n, sums->k, level, memo);
    for (size_t i = 0; i < sums->k; i++) {
        out->item_rest[i] = item_rest_of(&spread, sums->k, i);
        out->alpha_if_dropped[i] = dropped_of(&spread, sums->k, i);
    }
}
