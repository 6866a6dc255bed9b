#include "kernels/items.h"

#include <string.h>

enum { BLANK = 0x80, DECLINED = 0x81, NA = 0x82 }; /* OM_CODE_BLANK, OM_CODE_DECLINED, OM_CODE_NA */

void
om_kernel_sum(const uint8_t *const *code, const struct om_item_rule *rule, size_t n_items, size_t n,
              struct om_item_counts *out)
{
    uint16_t *restrict sum = out->sum;
    uint8_t *restrict answered = out->answered;
    uint8_t *restrict na = out->na;
    uint8_t *restrict invalid = out->invalid;
    memset(sum, 0, n * sizeof *sum);
    memset(answered, 0, n);
    memset(na, 0, n);
    memset(invalid, 0, n);
    for (size_t i = 0; i < n_items; i++) {
        const uint8_t *restrict column = code[i];
        const uint8_t low = rule[i].minimum, high = rule[i].maximum;
        const uint8_t flip = rule[i].reversed ? 0xff : 0; /* ~c = -c - 1 */
        const uint8_t base = (uint8_t)(rule[i].reversed ? low + high + 1 : 0);
        for (size_t r = 0; r < n; r++) {
            uint8_t c = column[r];
            uint8_t valid = (uint8_t)((c >= low) & (c <= high));
            uint8_t points = (uint8_t)((uint8_t)((c ^ flip) + base) & (uint8_t)-valid);
            sum[r] = (uint16_t)(sum[r] + points);
            answered[r] = (uint8_t)(answered[r] + valid);
            na[r] = (uint8_t)(na[r] + (c == NA));
            invalid[r] = (uint8_t)(invalid[r] + (!valid & (c != BLANK) & (c != DECLINED) & (c != NA)));
        }
    }
}

void
om_kernel_endorsed(const uint8_t *const *code, const uint8_t *endorsed, size_t n_items, size_t n,
                   uint8_t *restrict at_least, uint8_t *restrict at_most)
{
    memset(at_least, 0, n);
    memset(at_most, 0, n);
    for (size_t i = 0; i < n_items; i++) {
        const uint8_t *restrict column = code[i];
        const uint8_t threshold = endorsed[i];
        for (size_t r = 0; r < n; r++) {
            uint8_t c = column[r];
            uint8_t yes = (uint8_t)((c >= threshold) & (c < BLANK));
            at_least[r] = (uint8_t)(at_least[r] + yes);
            at_most[r] = (uint8_t)(at_most[r] + (yes | (c == BLANK) | (c == DECLINED)));
        }
    }
}

void
om_kernel_answered(const uint8_t *const *code, size_t n_items, size_t n, uint8_t *restrict answered)
{
    memset(answered, 0, n);
    for (size_t i = 0; i < n_items; i++) {
        const uint8_t *restrict column = code[i];
        for (size_t r = 0; r < n; r++)
            answered[r] = (uint8_t)(answered[r] + (column[r] < BLANK));
    }
}

void
om_kernel_present(const uint8_t *const *code, size_t n_items, size_t n, uint8_t *restrict present)
{
    for (size_t i = 0; i < n_items; i++) {
        const uint8_t *restrict column = code[i];
        for (size_t r = 0; r < n; r++)
            present[r] = (uint8_t)(present[r] | (column[r] != BLANK));
    }
}
