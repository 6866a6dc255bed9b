#include "panel/ids.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

void
om_ids_release(struct om_ids *ids)
{
    om_free(ids->last);
    om_free(ids->place);
    om_dictionary_release(&ids->kept);
    *ids = (struct om_ids){0};
}

/* Shorter first, then by bytes. */
static int
compare(const char *a, size_t m, const char *b, size_t n)
{
    return m != n ? (m > n) - (m < n) : memcmp(a, b, n);
}

static om_status
remember_last(struct om_ids *ids, const struct om_record_row *row, struct om_error *err)
{
    if (!ids->last || row->id_length > ids->last_capacity) {
        char *larger = om_realloc(ids->last, 2 * (size_t)row->id_length, 1);
        if (!larger)
            return om_fail_memory(err);
        ids->last = larger;
        ids->last_capacity = 2 * (size_t)row->id_length;
    }
    memcpy(ids->last, row->id, row->id_length);
    ids->last_length = row->id_length;
    return OM_OK;
}

/* Looks among the ids that are kept, and keeps this one. */
static om_status
look_up(struct om_ids *ids, const struct om_record_row *row, size_t file, enum om_id_answer *answer,
        struct om_record_place *place, struct om_error *err)
{
    bool is_new;
    uint32_t index = om_dictionary_add(&ids->kept, row->id, row->id_length, &is_new);
    if (index == OM_DICTIONARY_FULL || !om_grow(&ids->place, &ids->place_capacity, index, sizeof *ids->place))
        return om_fail_memory(err);
    if (is_new)
        ids->place[index] = (struct om_record_place){.file = file, .line = row->line, .number = row->number};
    *answer = is_new ? OM_ID_NEW : OM_ID_SEEN;
    *place = ids->place[index];
    return OM_OK;
}

static void
forget(struct om_ids *ids)
{
    om_dictionary_release(&ids->kept);
    om_free(ids->place);
    ids->place = NULL;
    ids->place_capacity = 0;
    ids->forgot = true;
}

om_status
om_ids_check(struct om_ids *ids, const struct om_record_row *row, size_t file, enum om_id_answer *answer,
             struct om_record_place *place, struct om_error *err)
{
    *answer = OM_ID_NEW;
    if (!ids->unordered) {
        ids->unordered = ids->last && compare(row->id, row->id_length, ids->last, ids->last_length) <= 0;
        OM_TRY(remember_last(ids, row, err));
    }
    if (ids->forgot) {
        *answer = ids->unordered ? OM_ID_LOST : OM_ID_NEW;
        return OM_OK;
    }
    if (ids->may_forget && !ids->unordered && ids->kept.n == OM_IDS_KEPT) {
        forget(ids);
        return OM_OK;
    }
    return look_up(ids, row, file, answer, place, err);
}
