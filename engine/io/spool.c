#include "io/spool.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/scratch.h"

#include <string.h>

enum { CHUNK_LEAST = 256, CHUNK_MOST = 8 * 1024 };

struct chunk {
    struct chunk *next;
    size_t used; /* of the last one of a list, what its list says */
    uint8_t bytes[];
};

/* In memory, the oldest first. Where the last one goes on stands here, so that a record takes two lines of
 * the cache and not three. */
struct list {
    struct chunk *first, *last;
    uint8_t *at, *end;
};

static size_t
used(const struct list *list, const struct chunk *chunk)
{
    return chunk == list->last ? (size_t)(list->at - chunk->bytes) : chunk->used;
}

/* What one thread puts away. Each time its memory is full, all lists go to the file, one behind the other:
 *
 *   stretch 0:  part 0 | part 1 | ... ;  stretch 1:  part 0 | part 1 | ...
 *
 * bound[stretch * (parts + 1) + part] is where a part begins, and the next one where it ends. */
struct shelf {
    struct list *list; /* [part] */
    uint64_t *bound;
    size_t n_stretches, stretch_capacity;
    size_t held, limit; /* bytes of chunks */
    struct om_scratch scratch;
};

struct om_spool {
    size_t parts, threads, chunk;
    bool firm;
    struct shelf *shelf;
};

static size_t
clamp(size_t x, size_t least, size_t most)
{
    return x < least ? least : x > most ? most : x;
}

/* A thread's limit lets every part have a chunk, and as much again. */
static void
settle_sizes(struct om_spool *spool, size_t limit)
{
    size_t each = limit / spool->threads;
    spool->chunk = limit ? clamp(each / spool->parts / 2, CHUNK_LEAST, CHUNK_MOST) : CHUNK_MOST;
    if (each < 2 * spool->parts * CHUNK_LEAST)
        each = 2 * spool->parts * CHUNK_LEAST;
    for (size_t t = 0; t < spool->threads; t++) {
        spool->shelf[t].limit = limit ? each : SIZE_MAX;
        spool->shelf[t].scratch = OM_SCRATCH_EMPTY;
    }
}

om_status
om_spool_new(const struct om_spool_spec *spec, struct om_spool **out, struct om_error *err)
{
    struct om_spool *spool = om_calloc(1, sizeof *spool);
    if (!spool)
        return om_fail_memory(err);
    *spool = (struct om_spool){.parts = spec->parts, .threads = spec->threads, .firm = spec->firm};
    spool->shelf = om_calloc(spec->threads, sizeof *spool->shelf);
    bool enough = spool->shelf != NULL;
    if (enough)
        settle_sizes(spool, spec->limit);
    for (size_t t = 0; enough && t < spec->threads; t++) {
        spool->shelf[t].list = om_calloc(spec->parts, sizeof *spool->shelf[t].list);
        enough = spool->shelf[t].list != NULL;
    }
    if (enough) {
        *out = spool;
        return OM_OK;
    }
    om_spool_free(spool);
    return om_fail_memory(err);
}

static void
free_list(struct list *list)
{
    while (list->first) {
        struct chunk *next = list->first->next;
        om_free(list->first);
        list->first = next;
    }
    *list = (struct list){0};
}

static void
free_lists(const struct om_spool *spool, struct shelf *shelf)
{
    for (size_t p = 0; shelf->list && p < spool->parts; p++)
        free_list(&shelf->list[p]);
    shelf->held = 0;
}

void
om_spool_free(struct om_spool *spool)
{
    if (!spool)
        return;
    for (size_t t = 0; spool->shelf && t < spool->threads; t++) {
        free_lists(spool, &spool->shelf[t]);
        om_free(spool->shelf[t].list);
        om_free(spool->shelf[t].bound);
        om_scratch_close(&spool->shelf[t].scratch);
    }
    om_free(spool->shelf);
    om_free(spool);
}

/* --- putting away --------------------------------------------------------------------------------------- */

/* Writes all lists, and where they begin to bound[]. */
static om_status
write_lists(const struct om_spool *spool, struct shelf *shelf, uint64_t *bound, struct om_error *err)
{
    for (size_t p = 0; p < spool->parts; p++) {
        bound[p] = shelf->scratch.length;
        for (const struct chunk *chunk = shelf->list[p].first; chunk; chunk = chunk->next)
            OM_TRY(om_scratch_write(&shelf->scratch, chunk->bytes, used(&shelf->list[p], chunk), err));
    }
    bound[spool->parts] = shelf->scratch.length;
    return om_scratch_flush(&shelf->scratch, err);
}

static om_status
try_to_spill(const struct om_spool *spool, struct shelf *shelf, bool *done, struct om_error *err)
{
    const size_t n = spool->parts + 1;
    *done = spool->firm;
    if (!spool->firm)
        OM_TRY(om_scratch_has_room(&shelf->scratch, done, err));
    if (!*done)
        return OM_OK;
    if (!om_grow(&shelf->bound, &shelf->stretch_capacity, shelf->n_stretches, n * sizeof *shelf->bound))
        return om_fail_memory(err);
    OM_TRY(write_lists(spool, shelf, shelf->bound + shelf->n_stretches * n, err));
    shelf->n_stretches++;
    free_lists(spool, shelf);
    return OM_OK;
}

static om_status
spill(const struct om_spool *spool, struct shelf *shelf, struct om_error *err)
{
    struct om_error why = {0};
    bool done;
    const om_status status = try_to_spill(spool, shelf, &done, &why);
    if (status == OM_OK && done)
        return OM_OK;
    if (!spool->firm) { /* what is in memory stays there, and so does what comes */
        shelf->limit = SIZE_MAX;
        return OM_OK;
    }
    if (err)
        *err = why;
    return status;
}

/* For as many whole records as there is room for, one at least. */
static om_status
add_chunk(const struct om_spool *spool, struct shelf *shelf, size_t part, size_t bytes, struct om_error *err)
{
    const size_t room = bytes < spool->chunk ? spool->chunk / bytes * bytes : bytes;
    if (shelf->held + room > shelf->limit && shelf->held > 0)
        OM_TRY(spill(spool, shelf, err));
    struct chunk *chunk = om_alloc(sizeof *chunk + room, 1);
    struct list *list = &shelf->list[part];
    if (!chunk)
        return om_fail_memory(err);
    chunk->next = NULL;
    if (list->last) {
        list->last->used = used(list, list->last);
        list->last->next = chunk;
    } else {
        list->first = chunk;
    }
    list->last = chunk;
    list->at = chunk->bytes;
    list->end = chunk->bytes + room;
    shelf->held += room;
    return OM_OK;
}

om_status
om_spool_room(struct om_spool *spool, size_t thread, size_t part, size_t bytes, uint8_t **at,
              struct om_error *err)
{
    struct shelf *shelf = &spool->shelf[thread];
    struct list *list = &shelf->list[part];
    if ((size_t)(list->end - list->at) < bytes)
        OM_TRY(add_chunk(spool, shelf, part, bytes, err));
    *at = list->at;
    list->at += bytes;
    return OM_OK;
}

/* --- taking out ----------------------------------------------------------------------------------------- */

static uint64_t
bytes_of(const struct om_spool *spool, const struct shelf *shelf, size_t part)
{
    uint64_t bytes = 0;
    for (size_t s = 0; s < shelf->n_stretches; s++) {
        const uint64_t *bound = shelf->bound + s * (spool->parts + 1) + part;
        bytes += bound[1] - bound[0];
    }
    for (const struct chunk *chunk = shelf->list[part].first; chunk; chunk = chunk->next)
        bytes += used(&shelf->list[part], chunk);
    return bytes;
}

uint64_t
om_spool_bytes(const struct om_spool *spool, size_t part)
{
    uint64_t bytes = 0;
    for (size_t t = 0; t < spool->threads; t++)
        bytes += bytes_of(spool, &spool->shelf[t], part);
    return bytes;
}

/* A place in the records of a part that one thread has put away; zeroed, the first. */
struct place {
    size_t stretch;
    uint64_t at; /* bytes of it, or of the chunk, that were read */
    const struct chunk *chunk;
    bool in_memory;
};

/* Reads on: at most `most` bytes, 0 at the end. */
static om_status
read_on(const struct om_spool *spool, const struct shelf *shelf, size_t part, struct place *place,
        uint8_t *to, size_t most, size_t *n, struct om_error *err)
{
    for (*n = 0; !place->in_memory; place->stretch++, place->at = 0) {
        if (place->stretch == shelf->n_stretches) {
            place->in_memory = true;
            place->chunk = shelf->list[part].first;
            break;
        }
        const uint64_t *bound = shelf->bound + place->stretch * (spool->parts + 1) + part,
                       left = bound[1] - bound[0] - place->at;
        if (left == 0)
            continue;
        *n = left < most ? (size_t)left : most;
        OM_TRY(om_scratch_read(&shelf->scratch, bound[0] + place->at, to, *n, err));
        place->at += *n;
        return OM_OK;
    }
    for (; place->chunk && *n == 0; place->chunk = place->at ? place->chunk : place->chunk->next) {
        const size_t left = used(&shelf->list[part], place->chunk) - (size_t)place->at;
        *n = left < most ? left : most;
        if (*n)
            memcpy(to, place->chunk->bytes + place->at, *n);
        place->at = *n < left ? place->at + *n : 0;
    }
    return OM_OK;
}

om_status
om_spool_take(struct om_spool *spool, size_t part, uint8_t *to, struct om_error *err)
{
    for (size_t t = 0; t < spool->threads; t++) {
        struct shelf *shelf = &spool->shelf[t];
        struct place place = {0};
        size_t n;
        do {
            OM_TRY(read_on(spool, shelf, part, &place, to, SIZE_MAX, &n, err));
            to += n;
        } while (n > 0);
        free_list(&shelf->list[part]);
    }
    return OM_OK;
}

/* --- walking -------------------------------------------------------------------------------------------- */

enum { AHEAD = 64 * 1024 }; /* bytes read at once, of each thread */

struct om_spool_walk {
    const struct om_spool *spool;
    size_t part, bytes;
    om_spool_number_fn *number;
    const void *context;
    struct stream {
        struct place place;
        uint8_t *buffer;
        size_t n, at;
        uint64_t number; /* of the record at hand */
    } stream[];
};

/* Brings the next record of a thread to hand; n is 0 when there is none. */
static om_status
step(struct om_spool_walk *walk, size_t t, struct om_error *err)
{
    struct stream *s = &walk->stream[t];
    if (s->at == s->n) {
        const size_t most = walk->bytes < AHEAD ? AHEAD / walk->bytes * walk->bytes : walk->bytes;
        s->at = 0;
        OM_TRY(
            read_on(walk->spool, &walk->spool->shelf[t], walk->part, &s->place, s->buffer, most, &s->n, err));
    }
    if (s->n)
        s->number = walk->number(walk->context, s->buffer + s->at);
    return OM_OK;
}

om_status
om_spool_walk_new(const struct om_spool *spool, size_t part, size_t bytes, om_spool_number_fn *number,
                  const void *context, struct om_spool_walk **out, struct om_error *err)
{
    struct om_spool_walk *walk = om_calloc(1, sizeof *walk + spool->threads * sizeof *walk->stream);
    if (!walk)
        return om_fail_memory(err);
    *walk = (struct om_spool_walk){
        .spool = spool, .part = part, .bytes = bytes, .number = number, .context = context};
    om_status status = OM_OK;
    for (size_t t = 0; t < spool->threads && status == OM_OK; t++) {
        walk->stream[t].buffer = om_alloc(bytes < AHEAD ? AHEAD : bytes, 1);
        status = walk->stream[t].buffer ? step(walk, t, err) : om_fail_memory(err);
    }
    if (status == OM_OK)
        *out = walk;
    else
        om_spool_walk_free(walk);
    return status;
}

om_status
om_spool_walk_next(struct om_spool_walk *walk, const uint8_t **record, struct om_error *err)
{
    struct stream *next = NULL;
    *record = NULL;
    for (size_t t = 0; t < walk->spool->threads; t++) {
        struct stream *s = &walk->stream[t];
        if (s->n && s->at == s->n)
            OM_TRY(step(walk, t, err));
        if (s->n && (!next || s->number < next->number))
            next = s;
    }
    if (!next)
        return OM_OK;
    *record = next->buffer + next->at;
    next->at += walk->bytes;
    if (next->at < next->n)
        next->number = walk->number(walk->context, next->buffer + next->at);
    return OM_OK;
}

void
om_spool_walk_free(struct om_spool_walk *walk)
{
    if (!walk)
        return;
    for (size_t t = 0; t < walk->spool->threads; t++)
        om_free(walk->stream[t].buffer);
    om_free(walk);
}
