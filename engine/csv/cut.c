#include "csv/cut.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

enum { PAGE = 4096, LINE = 64 };

void
om_cut_open(struct om_cut *cut, struct om_input *source, struct om_digest *digest, size_t size)
{
    *cut = (struct om_cut){.source = source, .digest = digest, .size = size};
    cut->anywhere = om_input_anywhere(source);
    cut->base = cut->next = source->taken;
    cut->end = source->total;
}

void
om_cut_open_part(struct om_cut *cut, struct om_input *source, struct om_digest *digest, size_t size,
                 uint64_t from, uint64_t to)
{
    *cut = (struct om_cut){.source = source, .digest = digest, .size = size, .anywhere = true};
    cut->base = cut->next = from;
    cut->end = to;
}

void
om_cut_close(struct om_cut *cut)
{
    om_free(cut->rest);
    *cut = (struct om_cut){0};
}

void
om_piece_release(struct om_piece *piece)
{
    om_free(piece->buffer);
    *piece = (struct om_piece){0};
}

/* What was in the buffer is lost. */
static om_status
make_room(struct om_piece *piece, size_t capacity, struct om_error *err)
{
    if (capacity <= piece->capacity)
        return OM_OK;
    char *larger = om_alloc_lines(capacity, 1);
    if (!larger)
        return om_fail_memory(err);
    om_free(piece->buffer);
    piece->buffer = larger;
    piece->capacity = capacity;
    return OM_OK;
}

/* --- in order ------------------------------------------------------------------------------------------- */

/* Where to cut: behind the last LF, or, where there is none, anywhere but between CR and LF. */
static size_t
last_cut(const char *bytes, size_t n)
{
    const char *lf = memrchr(bytes, '\n', n);
    return lf ? (size_t)(lf - bytes) + 1 : n - (bytes[n - 1] == '\r');
}

static om_status
keep_rest(struct om_cut *cut, const char *bytes, size_t n, struct om_error *err)
{
    if (n > cut->rest_capacity) {
        char *larger = om_realloc(cut->rest, n, 1);
        if (!larger)
            return om_fail_memory(err);
        cut->rest = larger;
        cut->rest_capacity = n;
    }
    if (n)
        memcpy(cut->rest, bytes, n);
    cut->n_rest = n;
    return OM_OK;
}

static om_status
read_in_order(struct om_cut *cut, struct om_piece *piece, struct om_error *err)
{
    size_t used = cut->n_rest, got = 1, until = used + cut->size;
    OM_TRY(make_room(piece, until, err));
    if (used)
        memcpy(piece->buffer, cut->rest, used);
    while (used < until && got > 0) {
        OM_TRY(om_input_read(cut->source, piece->buffer + used, until - used, &got, err));
        used += got;
    }
    cut->ended = piece->last = got == 0;
    piece->taken = cut->source->taken;
    piece->bytes = piece->buffer;
    piece->length = cut->ended || used == 0 ? used : last_cut(piece->buffer, used);
    piece->n_region = 0;
    return keep_rest(cut, piece->buffer + piece->length, used - piece->length, err);
}

/* --- anywhere ------------------------------------------------------------------------------------------- */

/* Behind the first LF of bytes [from, from + OM_CUT_REACH), or from + 1 where there is none: the same for the
 * two pieces that meet there. The byte at `from` is the one before the region. */
static size_t
cut_behind(const char *bytes, size_t n, size_t from)
{
    size_t reach = n - from < OM_CUT_REACH ? n - from : OM_CUT_REACH;
    const char *lf = memchr(bytes + from, '\n', reach);
    return lf ? (size_t)(lf - bytes) + 1 : from + 1;
}

om_status
om_cut_claim(struct om_cut *cut, struct om_piece *piece, struct om_error *err)
{
    if (!cut->anywhere)
        return read_in_order(cut, piece, err);
    uint64_t left = cut->end - cut->next;
    size_t size = cut->size > PAGE ? cut->size - (cut->source->start + cut->next) % PAGE : cut->size;
    piece->offset = cut->next;
    piece->n_region = left < size ? (size_t)left : size;
    piece->taken = cut->next += piece->n_region;
    cut->ended = piece->last = cut->next == cut->end;
    return OM_OK;
}

om_status
om_cut_read(const struct om_cut *cut, struct om_piece *piece, struct om_error *err)
{
    if (!cut->anywhere)
        return OM_OK;
    bool before = piece->offset > cut->base; /* then the byte before says whether the region begins a line */
    uint64_t left = cut->end - piece->offset;
    size_t wanted = piece->n_region + OM_CUT_REACH;
    if (wanted > left)
        wanted = (size_t)left;
    OM_TRY(make_room(piece, LINE + wanted + 1, err));
    char *region = piece->buffer + LINE, *from = region - before;
    if (before) /* by itself: the copy of the rest is a quarter faster from page to line */
        OM_TRY(om_input_read_at(cut->source, piece->offset - 1, from, 1, err));
    OM_TRY(om_input_read_at(cut->source, piece->offset, region, wanted, err));
    size_t start = before ? cut_behind(from, wanted + 1, 0) : 0;
    size_t end =
        piece->last ? wanted + before : cut_behind(from, wanted + before, before + piece->n_region - 1);
    piece->bytes = from + start;
    piece->length = end > start ? end - start : 0;
    piece->region = region;
    return OM_OK;
}

om_status
om_cut_pass(struct om_cut *cut, const struct om_piece *piece, struct om_error *err)
{
    cut->passed = piece->taken;
    if (!cut->anywhere)
        return OM_OK;
    om_digest_update(cut->digest, piece->region, piece->n_region);
    cut->source->taken = piece->taken;
    return piece->last ? om_input_finish(cut->source, err) : OM_OK;
}
