/* The sum of many files, with as many sums of sums as halving takes: each tally is copied a few times only.
 */
#include "base/error.h"
#include "tally/combine.h"

enum { RANKS_MAX = 64 };

/* What was read so far: sums of ever fewer files, of 2^rank each. */
struct pile {
    struct om_tally *sum[RANKS_MAX];
    unsigned rank[RANKS_MAX];
    size_t n;
};

/* The two last sums become one. */
static om_status
join_last(struct pile *pile, const char *name, struct om_error *err)
{
    OM_TRY(om_tally_merge(pile->sum[pile->n - 2], pile->sum[pile->n - 1], name, err));
    om_tally_free(pile->sum[--pile->n]);
    pile->rank[pile->n - 1]++;
    return OM_OK;
}

static om_status
add_file(struct pile *pile, const char *path, struct om_tally_origin *origin, struct om_error *err)
{
    struct om_tally *next = NULL;
    OM_TRY(om_tally_read_file(path, &next, origin, err));
    pile->sum[pile->n] = next;
    pile->rank[pile->n++] = 0;
    if (pile->n > 1) /* before it is hidden in a sum */
        OM_TRY(om_tally_agree(pile->sum[0], next, path, err));
    while (pile->n > 1 && pile->rank[pile->n - 2] == pile->rank[pile->n - 1])
        OM_TRY(join_last(pile, path, err));
    return OM_OK;
}

om_status
om_tally_read_sum(const char *const *path, size_t n, struct om_tally **out, struct om_error *err)
{
    return om_tally_read_files(path, n, NULL, out, err);
}

om_status
om_tally_read_files(const char *const *path, size_t n, struct om_tally_origin *origin, struct om_tally **out,
                    struct om_error *err)
{
    struct pile pile = {.n = 0};
    om_status status = n ? OM_OK : om_fail(err, OM_ERR_INVALID, "no tally to read");
    for (size_t i = 0; i < n && status == OM_OK; i++)
        status = add_file(&pile, path[i], origin ? &origin[i] : NULL, err);
    while (pile.n > 1 && status == OM_OK)
        status = join_last(&pile, path[n - 1], err);
    if (status == OM_OK)
        *out = pile.sum[--pile.n];
    while (pile.n > 0)
        om_tally_free(pile.sum[--pile.n]);
    return status;
}
