/*
 * Counting answers, a block of records at a time.
 *
 * Codes are column-major: code[i] is the column of item i, one byte a record. The loops have no branches and
 * touch one column after the other, so that the compiler turns them into vector instructions. Codes of 0x80
 * and above mean that there is no answer (see <omstat/instrument.h>).
 */
#ifndef OM_KERNELS_ITEMS_H
#define OM_KERNELS_ITEMS_H

#include <stddef.h>
#include <stdint.h>

/* What an item's code means to a sum. */
struct om_item_rule {
    uint8_t minimum, maximum; /* codes outside are invalid */
    uint8_t reversed;         /* 1: minimum + maximum - code is added */
};

/* Per record; each of n bytes or words, written by om_kernel_sum. */
struct om_item_counts {
    uint16_t *sum;     /* of the valid answers */
    uint8_t *answered; /* how many there are */
    uint8_t *na;       /* "does not apply" */
    uint8_t *invalid;  /* answers that are not allowed */
};

void om_kernel_sum(const uint8_t *const *code, const struct om_item_rule *rule, size_t n_items, size_t n,
                   struct om_item_counts *out);

/* Per record: how many items are endorsed (an allowed code at or above endorsed[i]), and how many could be if
 * every blank or declined one were. "Does not apply" is not endorsed. */
void om_kernel_endorsed(const uint8_t *const *code, const uint8_t *endorsed, size_t n_items, size_t n,
                        uint8_t *at_least, uint8_t *at_most);

/* Per record: how many items have an answer of any kind, allowed or not: a code below OM_CODE_BLANK. */
void om_kernel_answered(const uint8_t *const *code, size_t n_items, size_t n, uint8_t *answered);

/* Per record: ORs 1 into present where any of the items is not a plain blank. */
void om_kernel_present(const uint8_t *const *code, size_t n_items, size_t n, uint8_t *present);

#endif
