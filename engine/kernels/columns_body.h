/*
 * The counting kernels, in vectors of 64 bytes that the compiler cuts to what the processor has. Included
 * once for each kind of processor, with TARGET its attribute and NAME(x) the name of its x.
 */
#include "kernels/kernels.h"

typedef uint8_t om_bytes __attribute__((vector_size(VECTOR), aligned(1), may_alias));

/* Not functions: how a vector is passed depends on the processor. */
#define AT(bytes)   (*(om_bytes *)(void *)(bytes))
#define READ(bytes) (*(const om_bytes *)(const void *)(bytes))

/* 0xff where the highest bit is not set. */
#define IS_CODE(bytes) ((om_bytes)((bytes) < 0x80))

TARGET void
NAME(om_column_sums)(const uint8_t *const *column, const struct om_column_points *points, size_t k, size_t n,
                     uint16_t low, uint16_t none, const struct om_column_result *out)
{
    for (size_t r = 0; r < n; r += VECTOR) {
        om_bytes sum = {0}, any = {0};
        uint8_t value[VECTOR];
        for (size_t i = 0; i < k; i++) {
            om_bytes c = READ(column[i] + r);
            sum += (c ^ points->flip[i]) + points->base[i];
            any |= c;
        }
        AT(value) = sum;
        AT(out->complete + r) = IS_CODE(any);
        for (size_t i = 0; i < VECTOR; i++) {
            uint16_t all = (uint16_t)(int8_t)out->complete[r + i]; /* all ones or none */
            out->number[r + i] = (uint16_t)(((value[i] - low) & all) | (none & ~all));
        }
    }
}

TARGET void
NAME(om_column_index)(const uint8_t *const *column, const struct om_column_points *points, size_t k, size_t n,
                      const struct om_column_table *table, uint32_t *index, uint8_t *complete)
{
    const uint32_t items = (uint32_t)k, n_sums = table->n_sums, max_blank = table->max_blank;
    const uint8_t wrong_na = table->has_na ? 0 : 0xff;
    for (size_t r = 0; r < n; r += VECTOR) {
        om_bytes sum = {0}, blank = {0}, na = {0}, bad = {0};
        uint8_t sums[VECTOR], blanks[VECTOR], nas[VECTOR], bads[VECTOR];
        for (size_t i = 0; i < k; i++) {
            om_bytes c = READ(column[i] + r);
            sum += ((c ^ points->flip[i]) + points->base[i]) & IS_CODE(c);
            blank -= (om_bytes)((c & 0xfe) == 0x80);
            na -= (om_bytes)(c == 0x82);
            bad |= (om_bytes)(c > 0x82);
        }
        AT(sums) = sum;
        AT(blanks) = blank;
        AT(nas) = na;
        AT(bads) = bad | ((om_bytes)(na > 0) & wrong_na);
        AT(complete + r) = (om_bytes)((blank | na | bad) == 0);
        for (size_t i = 0; i < VECTOR; i++) {
            uint32_t row = blanks[i] * (items + 1) + (items - blanks[i] - nas[i]);
            uint32_t usable = (uint32_t) - ((blanks[i] <= max_blank) & (bads[i] == 0));
            index[r + i] = (row * n_sums + sums[i]) & usable;
        }
    }
}

TARGET void
NAME(om_column_forms)(const uint8_t *const *column, size_t k, size_t n, size_t step,
                      const struct om_column_forms *out)
{
    for (size_t r = 0; r < n; r += VECTOR) {
        om_bytes present = {0}, answered = {0}, blank = {0}, na = {0}, different = {0}, first;
        uint16_t *all = out->sum + r;
        first = READ(column[0] + r);
        for (size_t v = 0; v < VECTOR; v++)
            all[v] = 0;
        for (size_t i = 0; i < k;) {
            om_bytes sum = {0};
            uint8_t sums[VECTOR];
            for (const size_t end = k - i < step ? k : i + step; i < end; i++) {
                om_bytes c = READ(column[i] + r);
                present |= (om_bytes)(c != 0x80);
                answered -= IS_CODE(c);
                blank -= (om_bytes)((c & 0xfe) == 0x80);
                na -= (om_bytes)(c == 0x82);
                different |= c ^ first;
                sum += c & IS_CODE(c);
            }
            AT(sums) = sum;
            for (size_t v = 0; v < VECTOR; v++)
                all[v] = (uint16_t)(all[v] + sums[v]);
        }
        AT(out->present + r) = present & 1;
        AT(out->answered + r) = answered;
        AT(out->blank + r) = blank;
        AT(out->na + r) = na;
        AT(out->different + r) = different;
    }
}

TARGET void
NAME(om_column_endorsed)(const uint8_t *const *column, const uint8_t *threshold, size_t k, size_t n,
                         uint8_t *endorsed, uint8_t *complete)
{
    for (size_t r = 0; r < n; r += VECTOR) {
        om_bytes count = {0}, any = {0};
        for (size_t i = 0; i < k; i++) {
            om_bytes c = READ(column[i] + r);
            count -= (om_bytes)(c >= threshold[i]);
            any |= c;
        }
        AT(endorsed + r) = count;
        AT(complete + r) = IS_CODE(any);
    }
}

TARGET void
NAME(om_column_criterion)(const uint8_t *const *column, const uint8_t *threshold, size_t k, size_t n,
                          uint8_t at_least, uint8_t *holds)
{
    for (size_t r = 0; r < n; r += VECTOR) {
        om_bytes count = {0};
        for (size_t i = 0; i < k; i++) {
            om_bytes c = READ(column[i] + r);
            count -= (om_bytes)(c >= threshold[i]) & IS_CODE(c);
        }
        AT(holds + r) &= (om_bytes)(count >= at_least);
    }
}

TARGET void
NAME(om_column_rank)(const uint8_t *holds, size_t n, uint8_t rank, uint8_t *value)
{
    for (size_t r = 0; r < n; r += VECTOR) {
        om_bytes h = READ(holds + r);
        AT(value + r) = (READ(value + r) & ~h) | (h & rank);
    }
}

TARGET void
NAME(om_column_number)(const uint8_t *value, const uint8_t *complete, size_t n, uint16_t none,
                       uint16_t *number)
{
    for (size_t r = 0; r < n; r += VECTOR)
        for (size_t i = 0; i < VECTOR; i++) {
            uint16_t all = (uint16_t)(int8_t)complete[r + i];
            number[r + i] = (uint16_t)((value[r + i] & all) | (none & ~all));
        }
}

TARGET void
NAME(om_column_present)(const uint8_t *const *column, size_t k, size_t n, uint8_t *present)
{
    for (size_t r = 0; r < n; r += VECTOR) {
        om_bytes p = {0};
        for (size_t i = 0; i < k; i++)
            p |= READ(column[i] + r) ^ 0x80;
        AT(present + r) = p;
    }
}

/* Eight bytes at a time: they come to 255 at most in each place, and to 256 in all. */
static inline TARGET uint64_t
NAME(sum_bytes)(const uint8_t *byte)
{
    const uint64_t even = UINT64_C(0x00ff00ff00ff00ff);
    uint64_t sum = 0;
    for (size_t i = 0; i < VECTOR; i += sizeof sum) {
        uint64_t word;
        __builtin_memcpy(&word, byte + i, sizeof word);
        sum += word;
    }
    return ((sum & even) + (sum >> 8 & even)) * UINT64_C(0x0001000100010001) >> 48;
}

TARGET uint64_t
NAME(om_column_unanswered)(const uint8_t *const *column, size_t k, size_t n, const uint8_t *present,
                           uint64_t *unanswered)
{
    om_bytes form[OM_COLUMN_ROWS / VECTOR], forms = {0};
    uint8_t total[VECTOR];
    size_t steps = 0;
    for (size_t r = 0; r < n; r += VECTOR, steps++) {
        form[steps] = (om_bytes)(READ(present + r) != 0);
        forms -= form[steps];
    }
    for (size_t i = 0; i < k; i++) {
        om_bytes count = {0};
        for (size_t s = 0; s < steps; s++) {
            om_bytes c = READ(column[i] + s * VECTOR);
            count -= (om_bytes)(c >= 0x80) & (om_bytes)(c != 0x82) & form[s];
        }
        AT(total) = count;
        unanswered[i] += NAME(sum_bytes)(total);
    }
    AT(total) = forms;
    return NAME(sum_bytes)(total);
}

TARGET void
NAME(om_column_mask)(const uint8_t *const *column, const struct om_column_points *points, size_t k, size_t n,
                     const uint8_t *mask, uint8_t *masked)
{
    for (size_t i = 0; i < k; i++)
        for (size_t r = 0; r < n; r += VECTOR) {
            om_bytes c = READ(column[i] + r);
            AT(masked + i * OM_COLUMN_ROWS + r) = ((c ^ points->flip[i]) + points->base[i]) & READ(mask + r);
        }
}
