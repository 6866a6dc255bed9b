/*
 * Which kernels this program has, and which it uses.
 *
 * A set of kernels is written for one kind of processor. All sets give the same results to the last bit; the
 * tests run under each. The fastest the processor has is used unless a program asks for another.
 */
#ifndef OM_KERNELS_KERNELS_H
#define OM_KERNELS_KERNELS_H

#include "kernels/columns.h"
#include "kernels/rows.h"
#include "kernels/scan.h"

#define OM_INLINE static inline __attribute__((always_inline))
#include <omstat/kernels.h>

struct om_kernels {
    const char *name;
    uint32_t needs; /* of enum in cpu.h */
    om_scan_function *scan;
    om_scan_function *scan_quoted; /* goes on past quotes around whole fields */
    om_locate_function *locate;
    om_decode_rows_function *decode_rows;
    om_transpose_function *transpose;
    om_column_sums_function *column_sums;
    om_column_index_function *column_index;
    om_column_endorsed_function *column_endorsed;
    om_column_criterion_function *column_criterion;
    om_column_rank_function *column_rank;
    om_column_number_function *column_number;
    om_column_present_function *column_present;
    om_column_unanswered_function *column_unanswered;
    om_column_mask_function *column_mask;
    om_column_forms_function *column_forms;
    om_products_function *products;
    om_with_total_function *with_total;
};

/* All that are compiled in, the slowest and most general first; *n is at least 1. */
const struct om_kernels *om_kernels_all(size_t *n);

/* Can this processor run them? */
bool om_kernels_usable(const struct om_kernels *kernels);

/* The set to use: the last usable one, or the one chosen with om_kernels_choose. */
const struct om_kernels *om_kernels_active(void);

om_scan_function om_scan_scalar, om_scan_quoted_scalar;
om_locate_function om_locate_scalar;
om_decode_rows_function om_decode_rows_scalar;
om_transpose_function om_transpose_scalar;
om_column_sums_function om_column_sums_scalar;
om_column_index_function om_column_index_scalar;
om_column_endorsed_function om_column_endorsed_scalar;
om_column_criterion_function om_column_criterion_scalar;
om_column_rank_function om_column_rank_scalar;
om_column_number_function om_column_number_scalar;
om_column_present_function om_column_present_scalar;
om_column_unanswered_function om_column_unanswered_scalar;
om_column_mask_function om_column_mask_scalar;
om_column_forms_function om_column_forms_scalar;
om_products_function om_products_scalar;
om_with_total_function om_with_total_scalar;
#if defined(__aarch64__) || defined(OM_TEST_NEON)
om_scan_function om_scan_neon, om_scan_quoted_neon;
om_locate_function om_locate_neon;
#endif
#if defined(__x86_64__)
om_scan_function om_scan_avx2, om_scan_quoted_avx2;
om_locate_function om_locate_avx2;
om_decode_rows_function om_decode_rows_avx2;
om_transpose_function om_transpose_avx2;
om_column_sums_function om_column_sums_avx2;
om_column_index_function om_column_index_avx2;
om_column_endorsed_function om_column_endorsed_avx2;
om_column_criterion_function om_column_criterion_avx2;
om_column_rank_function om_column_rank_avx2;
om_column_number_function om_column_number_avx2;
om_column_present_function om_column_present_avx2;
om_column_unanswered_function om_column_unanswered_avx2;
om_column_mask_function om_column_mask_avx2;
om_column_forms_function om_column_forms_avx2;
om_products_function om_products_avx2;
om_with_total_function om_with_total_avx2;
om_scan_function om_scan_avx512, om_scan_quoted_avx512;
om_locate_function om_locate_avx512;
om_decode_rows_function om_decode_rows_avx512;
om_transpose_function om_transpose_avx512;
om_column_sums_function om_column_sums_avx512;
om_column_index_function om_column_index_avx512;
om_column_endorsed_function om_column_endorsed_avx512;
om_column_criterion_function om_column_criterion_avx512;
om_column_rank_function om_column_rank_avx512;
om_column_number_function om_column_number_avx512;
om_column_present_function om_column_present_avx512;
om_column_unanswered_function om_column_unanswered_avx512;
om_column_mask_function om_column_mask_avx512;
om_column_forms_function om_column_forms_avx512;
om_products_function om_products_avx512;
om_with_total_function om_with_total_avx512;
#endif

#endif
