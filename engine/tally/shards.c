/* What is in a tally and what was taken out of it: its history, which has no order. */
#include "base/error.h"
#include "base/memory.h"
#include "tally/shards.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static om_status
copy_input(const struct om_tally_input *from, struct om_tally_input *to, struct om_error *err)
{
    *to = *from;
    to->name = om_strdup(from->name);
    to->digest = om_strdup(from->digest);
    return to->name && to->digest ? OM_OK : om_fail_memory(err);
}

static om_status
copy_shard(const struct om_tally_shard *from, struct om_tally_shard *to, struct om_error *err)
{
    *to = (struct om_tally_shard){.persons = from->persons, .times = from->times};
    to->input = om_calloc(from->n_inputs + 1, sizeof *to->input);
    if (!to->input)
        return om_fail_memory(err);
    for (; to->n_inputs < from->n_inputs; to->n_inputs++)
        if (copy_input(&from->input[to->n_inputs], &to->input[to->n_inputs], err) != OM_OK) {
            to->n_inputs++; /* released with the others */
            return OM_ERR_NOMEM;
        }
    return OM_OK;
}

/* --- twice the same? ------------------------------------------------------------------------------------ */

struct named {
    const struct om_tally_input *input;
};

static int
compare_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    return om_tally_compare_inputs(x->input, y->input);
}

static size_t
list_inputs(const struct om_tally *tally, struct named *out)
{
    size_t n = 0;
    for (size_t s = 0; s < tally->n_shards; s++)
        for (size_t i = 0; i < tally->shard[s].n_inputs; i++)
            out[n++].input = &tally->shard[s].input[i];
    return n;
}

static size_t
count_inputs(const struct om_tally *tally)
{
    size_t n = 0;
    for (size_t s = 0; s < tally->n_shards; s++)
        n += tally->shard[s].n_inputs;
    return n;
}

static int
compare_digests(const struct om_tally_input *a, const struct om_tally_input *b)
{
    return strcmp(a->digest, b->digest);
}

/* The first of an ascending list that has this digest or a later one. */
static size_t
find_digest(const struct named *list, size_t n, const struct om_tally_input *input)
{
    size_t low = 0;
    while (low < n) {
        const size_t middle = low + (n - low) / 2;
        if (compare_digests(list[middle].input, input) < 0)
            low = middle + 1;
        else
            n = middle;
    }
    return low;
}

/* Do both count the same records? Parts of one input do when it was parted in two ways. */
static bool
overlap(const struct om_tally_input *a, const struct om_tally_input *b)
{
    return om_tally_compare_inputs(a, b) == 0 || (a->parts != b->parts && a->records && b->records);
}

/* Finds an input that is in both, as each has it; NULL when there is none, or (*memory) no memory. */
static const struct om_tally_input *
find_twice(const struct om_tally *one, const struct om_tally *two, const struct om_tally_input **there,
           bool *memory)
{
    const size_t n = count_inputs(one), m = count_inputs(two);
    struct named *all = om_alloc(n + m + 1, sizeof *all);
    const struct om_tally_input *found = NULL;
    *memory = all != NULL;
    if (!all)
        return NULL;
    list_inputs(one, all);
    list_inputs(two, all + n);
    if (n > 1)
        qsort(all, n, sizeof *all, compare_named);
    for (size_t i = n; i < n + m && !found; i++)
        for (size_t k = find_digest(all, n, all[i].input);
             k < n && !found && compare_digests(all[k].input, all[i].input) == 0; k++)
            if (overlap(all[k].input, all[i].input)) {
                found = all[i].input;
                *there = all[k].input;
            }
    om_free(all);
    return found;
}

/* " 3/64"; nothing where it is the whole. */
static void
say_part(const struct om_tally_input *input, char text[32])
{
    *text = '\0';
    if (input->parts)
        snprintf(text, 32, " %u/%u", (unsigned)input->part, (unsigned)input->parts);
}

static om_status
check_twice(const struct om_tally *one, const struct om_tally *two, struct om_error *err)
{
    bool memory;
    char part[2][32];
    const struct om_tally_input *there = NULL, *input = find_twice(one, two, &there, &memory);
    if (!memory)
        return om_fail_memory(err);
    if (!input)
        return OM_OK;
    say_part(input, part[0]);
    say_part(there, part[1]);
    if (input->parts == there->parts) {
        om_fail(err, OM_ERR_PANEL, "the input '%.100s'%s (%.23s...) is in both, and would be counted twice",
                input->name, part[0], input->digest);
        om_hint(err, "leave it out, or take it out first: omstat merge ALL --subtract PART");
    } else {
        om_fail(err, OM_ERR_PANEL,
                "the input '%.100s'%s (%.23s...) has persons of '%.100s'%s, who would be counted twice",
                input->name, *part[0] ? part[0] : " as a whole", input->digest, there->name,
                *part[1] ? part[1] : " as a whole");
        om_hint(err, "add up parts of one number of parts");
    }
    return OM_ERR_PANEL;
}

/* --- adding and taking out ------------------------------------------------------------------------------ */

static int
compare_shards(const void *a, const void *b)
{
    return om_tally_compare_shards(a, b);
}

/* Copies the shards of both into a list that ascends; those of `left_out` are not copied. */
static om_status
join(const struct om_tally_shard *const *from, const size_t *n, const struct om_tally *left_out,
     struct om_tally_shard **out, size_t *n_out, struct om_error *err)
{
    *out = om_calloc(n[0] + n[1] + 1, sizeof **out);
    if (!*out)
        return om_fail_memory(err);
    for (size_t side = 0; side < 2; side++)
        for (size_t s = 0; s < n[side]; s++) {
            const struct om_tally_shard *shard = &from[side][s];
            if (left_out && left_out->n_shards &&
                bsearch(shard, left_out->shard, left_out->n_shards, sizeof *shard, compare_shards))
                continue;
            OM_TRY(copy_shard(shard, &(*out)[(*n_out)++], err));
        }
    if (*n_out > 1)
        qsort(*out, *n_out, sizeof **out, compare_shards);
    return OM_OK;
}

/* Equal ones of an ascending list become one, taken out so many times. */
static om_status
unite_times(struct om_tally_shard *list, size_t *n, struct om_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        if (kept == 0 || om_tally_compare_shards(&list[kept - 1], &list[i]) != 0) {
            list[kept++] = list[i];
            continue;
        }
        bool overflow = __builtin_add_overflow(list[kept - 1].times, list[i].times, &list[kept - 1].times);
        om_tally_shard_release(&list[i]);
        if (overflow) {
            for (i++; i < *n; i++)
                om_tally_shard_release(&list[i]);
            *n = kept;
            return om_fail(err, OM_ERR_PANEL, "a shard was taken out more often than can be counted");
        }
    }
    *n = kept;
    return OM_OK;
}

static om_status
join_removed(const struct om_tally_shard *const *from, const size_t *n, struct om_tally *out,
             struct om_error *err)
{
    OM_TRY(join(from, n, NULL, &out->removed, &out->n_removed, err));
    return unite_times(out->removed, &out->n_removed, err);
}

om_status
om_tally_add_shards(const struct om_tally *one, const struct om_tally *two, struct om_tally *out,
                    struct om_error *err)
{
    const struct om_tally_shard *const in[2] = {one->shard, two->shard};
    const struct om_tally_shard *const taken[2] = {one->removed, two->removed};
    OM_TRY(check_twice(one, two, err));
    OM_TRY(join(in, (size_t[]){one->n_shards, two->n_shards}, NULL, &out->shard, &out->n_shards, err));
    return join_removed(taken, (size_t[]){one->n_removed, two->n_removed}, out, err);
}

/* Of a tally that is taken out, each shard counts as taken out once. */
static om_status
mark_removed(const struct om_tally *part, struct om_tally_shard **list, struct om_error *err)
{
    *list = om_calloc(part->n_shards + 1, sizeof **list);
    if (!*list)
        return om_fail_memory(err);
    for (size_t s = 0; s < part->n_shards; s++) {
        (*list)[s] = part->shard[s]; /* borrowed */
        (*list)[s].times = 1;
    }
    return OM_OK;
}

static om_status
check_contained(const struct om_tally *from, const struct om_tally *part, struct om_error *err)
{
    for (size_t s = 0; s < part->n_shards; s++) {
        const struct om_tally_shard *shard = &part->shard[s];
        const struct om_tally_shard *there =
            from->n_shards ? bsearch(shard, from->shard, from->n_shards, sizeof *shard, compare_shards)
                           : NULL;
        if (there && there->persons == shard->persons)
            continue;
        om_fail(err, OM_ERR_PANEL, "the input '%.100s' is not in the tally it is to be taken out of",
                shard->n_inputs ? shard->input[0].name : "");
        om_hint(err, "`omstat tally --show` lists what is in a tally");
        return OM_ERR_PANEL;
    }
    return OM_OK;
}

om_status
om_tally_remove_shards(const struct om_tally *from, const struct om_tally *part, struct om_tally *out,
                       struct om_error *err)
{
    static const struct om_tally_shard none[1];
    const struct om_tally_shard *const in[2] = {from->shard, none};
    struct om_tally_shard *taken = NULL;
    OM_TRY(check_contained(from, part, err));
    OM_TRY(join(in, (size_t[]){from->n_shards, 0}, part, &out->shard, &out->n_shards, err));
    OM_TRY(mark_removed(part, &taken, err));
    const struct om_tally_shard *const both[2] = {from->removed, taken};
    om_status status = join_removed(both, (size_t[]){from->n_removed, part->n_shards}, out, err);
    om_free(taken);
    return status;
}
