#include "csv/boundary.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* --- libcsv's states ------------------------------------------------------------------------------------ */

enum state {
    BETWEEN,  /* records */
    BEFORE,   /* a field: behind a delimiter */
    PLAIN,    /* in a field without quotes around it */
    QUOTED,   /* in one with them */
    CLOSING,  /* behind a quote that may have closed it */
    CLOSING_, /* and blanks behind that */
    STATES
};

enum kind { OTHER, BLANK, DELIMITER, QUOTE, LINE_END, KINDS };

/* As in csv_parse of libcsv, where nothing is strict. */
static const uint8_t next_state[STATES][KINDS] = {
    [BETWEEN] = {PLAIN, BETWEEN, BEFORE, QUOTED, BETWEEN},
    [BEFORE] = {PLAIN, BEFORE, BEFORE, QUOTED, BETWEEN},
    [PLAIN] = {PLAIN, PLAIN, BEFORE, PLAIN, BETWEEN},
    [QUOTED] = {QUOTED, QUOTED, QUOTED, CLOSING, QUOTED},
    [CLOSING] = {QUOTED, CLOSING_, BEFORE, QUOTED, BETWEEN},
    [CLOSING_] = {QUOTED, CLOSING_, BEFORE, CLOSING, BETWEEN},
};

/* --- a proof -------------------------------------------------------------------------------------------- */

/* (a) of boundary.h: from one start of a line, with both states; (b): with the quoted one alone. */
struct proof {
    uint8_t kind[256];
    char before;             /* the byte before the next one */
    bool started;            /* (a) has begun */
    uint64_t from;           /* (a): w */
    uint8_t outside, inside; /* (a): the states it has led to */
    size_t delimiters;       /* (a): since w */
    bool open;               /* (b) has begun, and the field has not ended */
    uint64_t open_from;      /* (b): w */
    uint8_t quoted;          /* (b): the state it has led to */
    bool found;
    uint64_t place;
};

static void
start_proof(struct proof *proof, char delimiter)
{
    *proof =
        (struct proof){.before = 'x'}; /* whether the first byte begins a line is not known: it does not */
    proof->kind[' '] = proof->kind['\t'] = BLANK;
    proof->kind['\n'] = proof->kind['\r'] = LINE_END;
    proof->kind['"'] = QUOTE;
    proof->kind[(unsigned char)(delimiter ? delimiter : ',')] = DELIMITER;
}

/* The byte at `at` is the first of a line. */
static void
begin_line(struct proof *proof, uint64_t at)
{
    if (proof->started && proof->outside == BETWEEN && proof->inside == BETWEEN) {
        proof->found = true;
        proof->place = at;
        return;
    }
    if (!proof->started || at - proof->from >= OM_CSV_FIELD_LIMIT ||
        proof->delimiters >= OM_CSV_FIELDS_LIMIT) {
        proof->started = true;
        proof->from = at;
        proof->outside = BETWEEN;
        proof->inside = QUOTED;
        proof->delimiters = 0;
    }
    if (!proof->open) {
        proof->open = true;
        proof->open_from = at;
        proof->quoted = QUOTED;
    }
}

static void
prove_on(struct proof *proof, const char *bytes, size_t n, uint64_t at)
{
    enum { LONGEST = 2 * OM_CSV_FIELD_LIMIT + 64 };
    for (size_t i = 0; i < n && !proof->found; i++) {
        const char c = bytes[i];
        if (proof->before == '\n' || (proof->before == '\r' && c != '\n'))
            begin_line(proof, at + i);
        const uint8_t kind = proof->kind[(unsigned char)c];
        proof->outside = next_state[proof->outside][kind];
        proof->inside = next_state[proof->inside][kind];
        proof->delimiters += kind == DELIMITER;
        proof->quoted = next_state[proof->quoted][kind];
        proof->open &= proof->quoted >= QUOTED;
        if (proof->open && at + i - proof->open_from > LONGEST && !proof->found) {
            proof->found = true;
            proof->place = proof->open_from;
        }
        proof->before = c;
    }
}

/* Looks for a place that is proven, in [from, to). */
static om_status
look(const struct om_csv_extent *extent, uint64_t from, uint64_t to, bool *found, uint64_t *place,
     struct om_error *err)
{
    enum { STEP = 64 * 1024 };
    struct proof proof;
    start_proof(&proof, extent->delimiter);
    char *bytes = om_alloc(STEP, 1);
    om_status status = OM_OK;
    if (!bytes)
        return om_fail_memory(err);
    for (uint64_t at = from; at < to && status == OM_OK && !proof.found; at += STEP) {
        size_t n = to - at < STEP ? (size_t)(to - at) : STEP;
        status = om_input_read_at(extent->source, at, bytes, n, err);
        if (status == OM_OK)
            prove_on(&proof, bytes, n, at);
    }
    om_free(bytes);
    *found = proof.found;
    *place = proof.place;
    return status;
}

/* A place before `at` where a record begins, or the first one of all. */
static om_status
prove(const struct om_csv_extent *extent, uint64_t at, uint64_t *place, struct om_error *err)
{
    enum { NEAR = 32 * 1024, FARTHER = 16 };
    for (uint64_t back = extent->near ? extent->near : NEAR; back < at - extent->begin; back *= FARTHER) {
        bool found = false;
        OM_TRY(look(extent, at - back, at, &found, place, err));
        if (found)
            return OM_OK;
    }
    *place = extent->begin;
    return OM_OK;
}

/* --- reading on from there ------------------------------------------------------------------------------ */

/* Reads a part of a file for nothing but where its records begin. */
struct walk {
    struct om_csv_reader *reader;
    char *bytes;
    size_t capacity, held; /* bytes of an unfinished record, or behind the last line end */
    uint64_t at;           /* of bytes[0] in the file */
    uint64_t wanted;       /* the first record here, or behind it, is looked for */
    bool found;
    uint64_t start;          /* of it */
    uint64_t records, lines; /* passed */
};

static void
see_record(struct walk *walk, uint64_t start)
{
    if (walk->found || walk->at + start < walk->wanted)
        return;
    walk->found = true;
    walk->start = walk->at + start;
}

static void
see_part(struct walk *walk, const struct om_csv_part *part)
{
    for (size_t r = 0; part->rows && r < part->rows->n_rows; r++)
        if (part->rows->verdict[r] != OM_ROW_BLANK)
            see_record(walk, part->byte_offset + part->rows->row[r].start);
    for (size_t r = 0; !part->rows && r < part->records.n_records; r++)
        see_record(walk, part->records.record[r].byte_offset);
    if (part->broken.code)
        see_record(walk, part->broken.byte_offset);
}

/* Up to where the bytes are read now: behind the last LF, or anywhere but between CR and LF. */
static size_t
whole_lines(const char *bytes, size_t n)
{
    const char *lf = memrchr(bytes, '\n', n);
    return lf ? (size_t)(lf - bytes) + 1 : n - (n > 0 && bytes[n - 1] == '\r');
}

static om_status
make_room(struct walk *walk, struct om_error *err)
{
    size_t capacity = walk->held + OM_CSV_BLOCK;
    if (capacity <= walk->capacity)
        return OM_OK;
    char *larger = om_realloc(walk->bytes, 2 * capacity, 1);
    if (!larger)
        return om_fail_memory(err);
    walk->bytes = larger;
    walk->capacity = 2 * capacity;
    return OM_OK;
}

static om_status
walk_on(struct walk *walk, const struct om_csv_extent *extent, uint64_t end, struct om_error *err)
{
    OM_TRY(make_room(walk, err));
    const uint64_t from = walk->at + walk->held;
    size_t n = walk->capacity - walk->held;
    n = end - from < n ? (size_t)(end - from) : n;
    OM_TRY(om_input_read_at(extent->source, from, walk->bytes + walk->held, n, err));
    n += walk->held;
    const bool last = walk->at + n == end;
    const size_t used = last ? n : whole_lines(walk->bytes, n);
    om_csv_feed(walk->reader, om_input_name(extent->source), walk->bytes, used, last);
    struct om_csv_part part = {0};
    while (!part.ended && !walk->found) {
        OM_TRY(om_csv_next_part(walk->reader, extent->n_fields, &part, err));
        om_csv_notes_clear(walk->reader);
        see_part(walk, &part);
    }
    if (walk->found)
        return OM_OK;
    struct om_csv_progress progress = om_csv_progress(walk->reader);
    walk->records += progress.records;
    walk->lines += progress.lines;
    walk->at += used - progress.tail;
    walk->held = n - used + progress.tail;
    memmove(walk->bytes, walk->bytes + n - walk->held, walk->held);
    return OM_OK;
}

/* From a place where a record begins to the first record wanted, or to the end. */
static om_status
walk(struct walk *walk, const struct om_csv_extent *extent, uint64_t from, uint64_t end, struct om_error *err)
{
    walk->at = from;
    om_status status = om_csv_open_fed(extent->delimiter, &walk->reader, err);
    while (status == OM_OK && !walk->found && walk->at + walk->held < end)
        status = walk_on(walk, extent, end, err);
    om_csv_close(walk->reader);
    om_free(walk->bytes);
    if (status != OM_OK && err)
        err->line = err->column = 0; /* it counts from where the walk began */
    return status;
}

om_status
om_csv_first_record(const struct om_csv_extent *extent, uint64_t at, uint64_t *start, struct om_error *err)
{
    uint64_t place = extent->begin;
    struct walk on = {.wanted = at};
    *start = extent->end;
    if (at >= extent->end)
        return OM_OK;
    if (at > extent->begin)
        OM_TRY(prove(extent, at, &place, err));
    OM_TRY(walk(&on, extent, place, extent->end, err));
    if (on.found)
        *start = on.start;
    return OM_OK;
}

om_status
om_csv_count_records(const struct om_csv_extent *extent, uint64_t until, uint64_t *records, uint64_t *lines,
                     struct om_error *err)
{
    struct walk on = {.wanted = UINT64_MAX};
    OM_TRY(walk(&on, extent, extent->begin, until, err));
    *records = on.records;
    *lines = on.lines;
    return OM_OK;
}
