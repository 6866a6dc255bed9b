/*
 * Bytes to a tally. The bytes may come from anybody: every number is checked before it is used, and nothing
 * is allocated that the bytes behind it could not fill. What is accepted is canonical: saved again, it is the
 * same bytes.
 */
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "tally/wire.h"

#include <inttypes.h>
#include <string.h>

struct load {
    struct om_tally *tally;
    struct om_wire in; /* of the section being read */
    bool memory;       /* false: there was none */
};

/* An array for n things that follow; NULL when that went wrong. */
static void *
make(struct load *load, size_t n, size_t size)
{
    void *array = load->in.bad ? NULL : om_calloc(n + 1, size);
    load->memory &= load->in.bad || array != NULL;
    load->in.bad |= !array;
    return array;
}

static char *
get_text(struct load *load)
{
    char *text = om_wire_get_text(&load->in, &load->memory);
    load->in.bad |= !text;
    return text;
}

static void
get_texts(struct load *load, size_t n, struct om_tally_texts *out)
{
    out->at = make(load, n, sizeof *out->at);
    while (!load->in.bad && out->n < n) {
        char *text = get_text(load);
        if (text)
            out->at[out->n++] = text;
    }
    out->capacity = out->n;
}

static void
require(struct load *load, bool holds)
{
    load->in.bad |= !holds;
}

static bool
ascend(const struct om_tally_texts *texts)
{
    for (size_t i = 1; i < texts->n; i++)
        if (strcmp(texts->at[i - 1], texts->at[i]) >= 0)
            return false;
    return true;
}

/* --- what it is about ----------------------------------------------------------------------------------- */

static void
get_instruments(struct load *load)
{
    struct om_tally *tally = load->tally;
    size_t n = om_wire_get_count(&load->in);
    require(load, n > 0 && n <= OM_TALLY_INSTRUMENTS_MAX);
    tally->instrument = make(load, n, sizeof *tally->instrument);
    while (!load->in.bad && tally->n_instruments < n) {
        struct om_tally_instrument *one = &tally->instrument[tally->n_instruments++];
        one->id = get_text(load);
        one->version = get_text(load);
        one->digest = get_text(load);
        one->derived = om_wire_get_below(&load->in, 2);
        if (!load->in.bad && tally->n_instruments > 1)
            require(load, strcmp(one[-1].id, one->id) < 0);
    }
}

static void
get_scales(struct load *load)
{
    struct om_tally *tally = load->tally;
    size_t n = om_wire_get_count(&load->in);
    require(load, n <= OM_TALLY_SCALES_MAX);
    tally->scale = make(load, n, sizeof *tally->scale);
    while (!load->in.bad && tally->n_scales < n) {
        struct om_tally_scale *one = &tally->scale[tally->n_scales++];
        one->instrument = om_wire_get_below(&load->in, tally->n_instruments);
        one->id = get_text(load);
        uint32_t levels = om_wire_get_below(&load->in, OM_TALLY_LEVELS_MAX + 2);
        one->is_total = levels == 0;
        one->n_levels = levels ? levels - 1 : 0;
        if (tally->n_scales > 1)
            require(load, one[-1].instrument <= one->instrument);
    }
}

static void
get_study(struct load *load)
{
    struct om_tally *tally = load->tally;
    get_texts(load, om_wire_get_count(&load->in), &tally->setting);
    uint32_t occasions = om_wire_get_below(&load->in, 3);
    require(load, occasions > 0);
    tally->first = get_text(load);
    if (occasions == 2)
        tally->last = get_text(load);
    size_t by = om_wire_get_below(&load->in, OM_TALLY_COLUMNS_MAX);
    get_texts(load, by, &tally->by);
    size_t described = om_wire_get_below(&load->in, OM_TALLY_COLUMNS_MAX);
    get_texts(load, described, &tally->described);
    require(load, ascend(&tally->by) && ascend(&tally->described));
    get_instruments(load);
    get_scales(load);
}

/* --- its history ---------------------------------------------------------------------------------------- */

static void
get_input(struct load *load, struct om_tally_input *input)
{
    input->name = get_text(load);
    input->digest = get_text(load);
    input->parts = om_wire_get_below(&load->in, (uint64_t)UINT32_MAX + 1);
    if (input->parts)
        input->part = om_wire_get_below(&load->in, (uint64_t)input->parts + 1);
    require(load, !input->parts || input->part);
    input->bytes = om_wire_get(&load->in);
    input->records = om_wire_get(&load->in);
}

static void
get_shard(struct load *load, struct om_tally_shard *shard, bool times)
{
    shard->persons = om_wire_get(&load->in);
    if (times)
        shard->times = om_wire_get(&load->in);
    require(load, !times || shard->times);
    size_t n = om_wire_get_count(&load->in);
    require(load, n > 0);
    shard->input = make(load, n, sizeof *shard->input);
    while (!load->in.bad && shard->n_inputs < n) {
        get_input(load, &shard->input[shard->n_inputs++]);
        if (!load->in.bad && shard->n_inputs > 1)
            require(load, om_tally_compare_inputs(&shard->input[shard->n_inputs - 2],
                                                  &shard->input[shard->n_inputs - 1]) < 0);
    }
}

static void
get_shards(struct load *load, bool times, struct om_tally_shard **out, size_t *n_out)
{
    size_t n = om_wire_get_count(&load->in);
    *out = make(load, n, sizeof **out);
    while (!load->in.bad && *n_out < n) {
        get_shard(load, &(*out)[(*n_out)++], times);
        if (!load->in.bad && *n_out > 1)
            require(load, om_tally_compare_shards(&(*out)[*n_out - 2], &(*out)[*n_out - 1]) < 0);
    }
}

static void
get_present(struct load *load)
{
    get_shards(load, false, &load->tally->shard, &load->tally->n_shards);
}

static void
get_removed(struct load *load)
{
    get_shards(load, true, &load->tally->removed, &load->tally->n_removed);
}

/* --- names ---------------------------------------------------------------------------------------------- */

static void
get_groups(struct load *load)
{
    struct om_tally *tally = load->tally;
    size_t n = om_wire_get_count(&load->in);
    require(load, tally->by.n || n <= 1);
    tally->group = make(load, n, sizeof *tally->group);
    while (!load->in.bad && tally->n_groups < n) {
        struct om_tally_texts *group = &tally->group[tally->n_groups++];
        get_texts(load, tally->by.n, group);
        if (!load->in.bad && tally->n_groups > 1)
            require(load, om_tally_compare_texts(group - 1, group) < 0);
    }
}

static void
get_levels(struct load *load, struct om_tally_scale *scale)
{
    size_t n = om_wire_get_count(&load->in);
    require(load, n <= OM_TALLY_LEVELS_MAX);
    scale->value = make(load, n, sizeof *scale->value);
    while (!load->in.bad && scale->n_values < n) {
        int64_t *value = &scale->value[scale->n_values++];
        *value = om_wire_get_signed(&load->in);
        if (scale->n_values > 1)
            require(load, value[-1] < *value);
    }
}

static void
get_findings(struct load *load)
{
    struct om_tally *tally = load->tally;
    size_t n = om_wire_get_count(&load->in);
    tally->finding = make(load, n, sizeof *tally->finding);
    while (!load->in.bad && tally->n_findings < n) {
        struct om_tally_finding *one = &tally->finding[tally->n_findings++];
        one->severity = om_wire_get_below(&load->in, 4);
        one->code = om_wire_get_below(&load->in, 1000);
        one->column = get_text(load);
        if (!load->in.bad && tally->n_findings > 1)
            require(load, om_tally_compare_findings(one - 1, one) < 0);
    }
}

static void
get_names(struct load *load)
{
    struct om_tally *tally = load->tally;
    get_groups(load);
    tally->value = make(load, tally->described.n, sizeof *tally->value);
    if (!tally->value)
        return;
    for (size_t d = 0; d < tally->described.n && !load->in.bad; d++) {
        get_texts(load, om_wire_get_count(&load->in), &tally->value[d]);
        require(load, ascend(&tally->value[d]));
    }
    for (size_t s = 0; s < tally->n_scales && !load->in.bad; s++)
        if (tally->scale[s].is_total)
            get_levels(load, &tally->scale[s]);
    get_findings(load);
}

/* --- counts --------------------------------------------------------------------------------------------- */

/* What a and b of a kind and subject are below. */
static void
limits(const struct om_tally *tally, enum om_tally_kind kind, size_t subject, uint64_t *a, uint64_t *b)
{
    enum { RECORDS = 5, PERSONS = 2, SUMS = 65, STATES = 128, ITEMS = 65 };
    *a = *b = 1;
    switch (kind) {
    case OM_TALLY_RECORDS:
        *a = RECORDS;
        break;
    case OM_TALLY_FINDINGS:
        *a = tally->n_findings;
        break;
    case OM_TALLY_PERSONS:
        *a = PERSONS;
        break;
    case OM_TALLY_DESCRIBED:
        *a = tally->value[subject].n;
        break;
    case OM_TALLY_SCORES:
        *a = *b = 1 + (uint64_t)om_tally_scale_levels(&tally->scale[subject]);
        break;
    case OM_TALLY_SAFETY:
        *a = *b = tally->scale[subject].is_total ? 0 : 2 + (uint64_t)tally->scale[subject].n_levels;
        break;
    case OM_TALLY_SUMS:
        *a = *b = SUMS;
        break;
    case OM_TALLY_ITEMS:
        *a = ITEMS;
        break;
    case OM_TALLY_JOINT:
    case OM_TALLY_KINDS:
        *a = STATES;
        break;
    }
}

static void
get_cells(struct load *load, enum om_tally_kind kind, size_t subject, struct om_tally_cells *cells)
{
    enum { CELL = 3 }; /* bytes at least */
    size_t n = om_wire_get_count(&load->in);
    uint64_t limit_a, limit_b;
    require(load, n <= (size_t)(load->in.end - load->in.at) / CELL);
    if (load->in.bad || n == 0)
        return;
    cells->at = make(load, n, sizeof *cells->at);
    limits(load->tally, kind, subject, &limit_a, &limit_b);
    uint64_t a = 0, b = 0;
    while (!load->in.bad && cells->n < n) {
        uint64_t more = om_wire_get_below(&load->in, limit_a), next = om_wire_get_below(&load->in, limit_b);
        require(load, more || next || cells->n == 0);
        a += more;
        b = more ? next : b + next;
        uint64_t count = om_wire_get(&load->in);
        require(load, a < limit_a && b < limit_b && count);
        if (!load->in.bad)
            cells->at[cells->n++] = (struct om_tally_cell){(uint32_t)a, (uint32_t)b, count};
    }
}

static void
get_counts(struct load *load, enum om_tally_kind kind)
{
    struct om_tally *tally = load->tally;
    const size_t lists = om_tally_lists(tally, kind), subjects = om_tally_subjects(tally, kind);
    require(load, lists <= (size_t)(load->in.end - load->in.at)); /* a byte each at least */
    tally->cells[kind] = make(load, lists, sizeof *tally->cells[kind]);
    tally->has[kind] = tally->cells[kind] != NULL;
    for (size_t i = 0; i < lists && !load->in.bad; i++)
        get_cells(load, kind, i % subjects, &tally->cells[kind][i]);
}

/* --- the whole ------------------------------------------------------------------------------------------ */

typedef void section_fn(struct load *load);

/* Before the counts, in this order. */
static const struct {
    const char *tag;
    section_fn *get;
} sections[] = {{"STDY", get_study}, {"SHRD", get_present}, {"GONE", get_removed}, {"NAME", get_names}};
enum { SECTIONS = sizeof sections / sizeof sections[0] };

/* The place of a section in the file, or -1. */
static int
find_section(const unsigned char *tag)
{
    for (int i = 0; i < SECTIONS; i++)
        if (memcmp(tag, sections[i].tag, 4) == 0)
            return i;
    for (int kind = 0; kind < OM_TALLY_KINDS; kind++)
        if (memcmp(tag, om_wire_kind[kind], 4) == 0)
            return SECTIONS + kind;
    return -1;
}

static om_status
fail_bytes(const char *name, const char *what, struct om_error *err)
{
    om_fail(err, OM_ERR_PANEL, "this tally is damaged%s", what);
    om_place(err, name, 0, 0);
    om_hint(err, "copy it again in binary mode, or make it again with `omstat tally`");
    return OM_ERR_PANEL;
}

static om_status
fail_damaged(const char *name, struct om_error *err)
{
    return fail_bytes(name, "", err);
}

/* whole: 0 where not even that is there. */
static om_status
fail_cut(const char *name, size_t length, uint64_t whole, struct om_error *err)
{
    if (whole)
        om_fail(err, OM_ERR_PANEL, "this tally is cut: %zu bytes of %" PRIu64, length, whole);
    else
        om_fail(err, OM_ERR_PANEL, "this tally is cut: it has %zu bytes, not even a head", length);
    om_place(err, name, 0, 0);
    om_hint(err, "copy it again, or make it again with `omstat tally`");
    return OM_ERR_PANEL;
}

static om_status
fail_newer(const char *name, const char *what, struct om_error *err)
{
    om_fail(err, OM_ERR_PANEL, "this tally has %s that this version of omstat does not know", what);
    om_place(err, name, 0, 0);
    om_hint(err, "read it with the version that made it, or a later one");
    return OM_ERR_PANEL;
}

/* One section behind the other; those that are known in their order, each once, and the first ones all. */
static om_status
get_sections(struct load *load, struct om_wire rest, const char *name, struct om_error *err)
{
    int next = 0;
    while (rest.at < rest.end) {
        const unsigned char *tag = rest.at;
        if (rest.end - rest.at < OM_WIRE_SECTION)
            return fail_damaged(name, err);
        rest.at += 4;
        uint64_t flags = om_wire_get_fixed(&rest, 4), length = om_wire_get_fixed(&rest, 8);
        if (length > (uint64_t)(rest.end - rest.at))
            return fail_damaged(name, err);
        load->in = (struct om_wire){.at = rest.at, .end = rest.at + length};
        rest.at += length;
        int at = find_section(tag);
        if (at < 0 && (flags & OM_WIRE_OPTIONAL))
            continue;
        if (at < 0 || flags)
            return fail_newer(name, "a section", err);
        if (at < next || (next < SECTIONS && at != next))
            return fail_damaged(name, err);
        next = at + 1;
        if (at < SECTIONS)
            sections[at].get(load);
        else
            get_counts(load, (enum om_tally_kind)(at - SECTIONS));
        if (!load->memory)
            return om_fail_memory(err);
        if (load->in.bad || load->in.at != load->in.end)
            return fail_damaged(name, err);
    }
    return next >= SECTIONS ? OM_OK : fail_damaged(name, err);
}

/* Is it a whole file, of a format that is known? */
static om_status
check_frame(const unsigned char *bytes, size_t length, const char *name, struct om_error *err)
{
    struct om_wire in = {bytes + sizeof om_wire_magic, bytes + length, false};
    if (!om_tally_is(bytes, length)) {
        om_fail(err, OM_ERR_PANEL, "this is no tally");
        om_place(err, name, 0, 0);
        om_hint(err, "`omstat tally` makes one of a panel");
        return OM_ERR_PANEL;
    }
    if (length < OM_WIRE_HEADER)
        return fail_cut(name, length, 0, err);
    if (memcmp(bytes, om_wire_magic, sizeof om_wire_magic) != 0)
        return fail_bytes(name, ": its line ends were changed on the way", err);
    uint64_t version = om_wire_get_fixed(&in, 4), zero = om_wire_get_fixed(&in, 4);
    uint64_t whole = om_wire_get_fixed(&in, 8);
    if (version > OM_WIRE_VERSION)
        return fail_newer(name, "a format", err);
    if (length < whole)
        return fail_cut(name, length, whole, err);
    if (version == 0 || zero || length > whole || length < OM_WIRE_HEADER + OM_WIRE_CHECKSUM)
        return fail_damaged(name, err);
    in = (struct om_wire){bytes + length - OM_WIRE_CHECKSUM, bytes + length, false};
    struct om_hash128 checksum = om_hash128(bytes, length - OM_WIRE_CHECKSUM, 0);
    uint64_t low = om_wire_get_fixed(&in, 8), high = om_wire_get_fixed(&in, 8);
    return low == checksum.low && high == checksum.high ? OM_OK : fail_damaged(name, err);
}

om_status
om_tally_load(const void *bytes, size_t length, const char *name, struct om_tally **out, struct om_error *err)
{
    struct load load = {.memory = true};
    const unsigned char *start = bytes;
    OM_TRY(check_frame(start, length, name, err));
    OM_TRY(om_tally_new(&load.tally, err));
    om_status status = get_sections(
        &load, (struct om_wire){start + OM_WIRE_HEADER, start + length - OM_WIRE_CHECKSUM, false}, name, err);
    const char *fault = status == OM_OK ? om_tally_fault(load.tally) : NULL;
    if (fault) {
        status = om_fail(err, OM_ERR_PANEL, "this is no tally that omstat made: %s", fault);
        om_place(err, name, 0, 0);
        om_hint(err, "make it again with `omstat tally`");
    }
    if (status == OM_OK)
        *out = load.tally;
    else
        om_tally_free(load.tally);
    return status;
}
