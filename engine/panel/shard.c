#include "panel/shard.h"
#include "csv/boundary.h"
#include "base/error.h"
#include "io/source.h"

/* The first byte of a shard, of `total` bytes. */
static uint64_t
first_byte(uint64_t total, size_t shard, size_t n_shards)
{
    return (uint64_t)((unsigned __int128)total * shard / n_shards);
}

bool
om_shard_has(size_t shard, size_t n_shards, uint64_t total, uint64_t at)
{
    return n_shards <= 1 ||
           (first_byte(total, shard - 1, n_shards) <= at && at < first_byte(total, shard, n_shards));
}

static struct om_csv_extent
extent_of(const struct om_panel *panel, const struct om_panel_file *file)
{
    const char *waiting;
    struct om_csv_lines at;
    const struct om_input *source = om_csv_source(file->reader);
    om_csv_waiting(file->reader, &waiting, &at);
    return (struct om_csv_extent){.source = source,
                                  .delimiter = panel->spec->delimiter,
                                  .n_fields = file->header.n,
                                  .begin = at.offset,
                                  .end = source->total,
                                  .near = panel->spec->piece};
}

/* What the digest has seen was read with the header. */
static om_status
restart_digest(const struct om_panel *panel, struct om_panel_file *file, struct om_error *err)
{
    if (!file->part && !file->none)
        return OM_OK;
    om_digest_release(&file->digest);
    return om_digest_open(&file->digest, panel->spec->digest, file->to - file->from, err);
}

/* The part of one file; `start` is its first byte among those of all, and [from, to) are the shard's. */
static om_status
cut_file(const struct om_panel *panel, struct om_panel_file *file, uint64_t start, uint64_t from, uint64_t to,
         struct om_error *err)
{
    const struct om_csv_extent extent = extent_of(panel, file);
    const uint64_t end = start + extent.end;
    if (from <= start && end <= to)
        return OM_OK;
    file->none = to <= start || end <= from;
    if (!om_input_is_plain(extent.source) || extent.begin >= extent.end) /* it is not cut */
        file->none = file->elsewhere;
    else if (!file->none) {
        file->part = true;
        file->from = extent.begin;
        file->to = extent.end;
        if (from > start)
            OM_TRY(om_csv_first_record(&extent, from - start, &file->from, err));
        if (to < end)
            OM_TRY(om_csv_first_record(&extent, to - start, &file->to, err));
        file->none = file->from >= file->to;
    }
    return restart_digest(panel, file, err);
}

om_status
om_panel_cut(struct om_panel *panel, struct om_error *err)
{
    const size_t shard = panel->spec->shard, n = panel->spec->n_shards;
    uint64_t total = 0, start = 0;
    if (n <= 1)
        return OM_OK;
    for (size_t f = 0; f < panel->n_files; f++) {
        const uint64_t size = om_csv_bytes_total(panel->file[f].reader);
        total += size;
        if (size > 0)
            continue;
        om_fail(err, OM_ERR_USAGE, "a shard can be read of a file only, not of a pipe");
        om_place(err, panel->file[f].path, 0, 0);
        om_hint(err, "write the input to a file first, or leave out --shard");
        return OM_ERR_USAGE;
    }
    const uint64_t from = first_byte(total, shard - 1, n), to = first_byte(total, shard, n);
    for (size_t f = 0; f < panel->n_files; f++) {
        OM_TRY(cut_file(panel, &panel->file[f], start, from, to, err));
        start += om_csv_bytes_total(panel->file[f].reader);
    }
    return OM_OK;
}

uint64_t
om_panel_file_bytes(const struct om_panel_file *file)
{
    return file->part || file->none ? file->to - file->from : om_csv_bytes_read(file->reader);
}

/* --- places --------------------------------------------------------------------------------------------- */

/* Counts once; where that fails, the file has become unreadable, and the places stay those of the shard. */
static void
count_before(const struct om_panel *panel, struct om_panel_file *file)
{
    const struct om_csv_extent extent = extent_of(panel, file);
    const char *waiting;
    struct om_csv_lines at;
    uint64_t records = 0, lines = 0;
    file->counted = true;
    if (om_csv_count_records(&extent, file->from, &records, &lines, NULL) != OM_OK)
        return;
    om_csv_waiting(file->reader, &waiting, &at);
    file->records_before = 1 + records; /* the header is a record */
    file->lines_before = at.line - 1 + lines;
}

struct om_record_place
om_panel_place(const struct om_panel *panel, struct om_record_place place)
{
    struct om_panel_file *file = &panel->file[place.file];
    if (!file->part || place.line == 0 || place.in_file)
        return place;
    if (!file->counted)
        count_before(panel, file);
    place.line += file->lines_before;
    place.number += file->records_before;
    place.in_file = true;
    return place;
}
