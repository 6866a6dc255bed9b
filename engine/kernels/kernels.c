#include "kernels/kernels.h"
#include "kernels/cpu.h"

#include <stdatomic.h>
#include <string.h>

#define SCAN(x) .scan = om_scan_##x, .scan_quoted = om_scan_quoted_##x, .locate = om_locate_##x
#define COUNT(x)                                                                                             \
    .decode_rows = om_decode_rows_##x, .transpose = om_transpose_##x, .column_sums = om_column_sums_##x,     \
    .column_index = om_column_index_##x, .column_endorsed = om_column_endorsed_##x,                          \
    .column_criterion = om_column_criterion_##x, .column_rank = om_column_rank_##x,                          \
    .column_number = om_column_number_##x, .column_present = om_column_present_##x,                          \
    .column_unanswered = om_column_unanswered_##x, .column_mask = om_column_mask_##x,                        \
    .column_forms = om_column_forms_##x, .products = om_products_##x, .with_total = om_with_total_##x

static const struct om_kernels all[] = {
    {"scalar", 0, SCAN(scalar), COUNT(scalar)},
#if defined(__aarch64__) || defined(OM_TEST_NEON)
    {"neon", 0, SCAN(neon), COUNT(scalar)}, /* the compiler knows how to count with NEON */
#endif
#if defined(__x86_64__)
    {"avx2", OM_CPU_AVX2, SCAN(avx2), COUNT(avx2)},
    {"avx512", OM_CPU_AVX512, SCAN(avx512), COUNT(avx512)},
#endif
};
enum { ALL = sizeof all / sizeof *all };

static const struct om_kernels *_Atomic chosen; /* NULL: the fastest */

const struct om_kernels *
om_kernels_all(size_t *n)
{
    *n = ALL;
    return all;
}

bool
om_kernels_usable(const struct om_kernels *kernels)
{
    return (kernels->needs & ~om_cpu_features()) == 0;
}

const struct om_kernels *
om_kernels_active(void)
{
    const struct om_kernels *kernels = atomic_load(&chosen);
    if (kernels)
        return kernels;
    for (size_t i = ALL; !kernels; i--)
        if (om_kernels_usable(&all[i - 1]))
            kernels = &all[i - 1];
    atomic_store(&chosen, kernels); /* every thread finds the same */
    return kernels;
}

const char *
om_kernels_name(void)
{
    return om_kernels_active()->name;
}

const char *
om_kernels_usable_name(size_t i)
{
    for (size_t k = 0; k < ALL; k++)
        if (om_kernels_usable(&all[k]) && i-- == 0)
            return all[k].name;
    return NULL;
}

bool
om_kernels_choose(const char *name)
{
    const struct om_kernels *found = NULL;
    for (size_t i = 0; name && i < ALL; i++)
        if (strcmp(all[i].name, name) == 0 && om_kernels_usable(&all[i]))
            found = &all[i];
    if (name && !found)
        return false;
    atomic_store(&chosen, found);
    return true;
}
