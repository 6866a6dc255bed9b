#include "kernels/kernels.h"
#include "kernels/cpu.h"

#include <stdatomic.h>
#include <string.h>

static const struct om_kernels all[] = {
    {"scalar", 0, om_scan_scalar, om_scan_quoted_scalar, om_locate_scalar},
#if defined(__aarch64__) || defined(OM_TEST_NEON)
    {"neon", 0, om_scan_neon, om_scan_quoted_neon, om_locate_neon},
#endif
#if defined(__x86_64__)
    {"avx2", OM_CPU_AVX2, om_scan_avx2, om_scan_quoted_avx2, om_locate_avx2},
    {"avx512", OM_CPU_AVX512, om_scan_avx512, om_scan_quoted_avx512, om_locate_avx512},
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
    for (size_t i = ALL; !kernels; i--)
        if (om_kernels_usable(&all[i - 1]))
            kernels = &all[i - 1];
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
