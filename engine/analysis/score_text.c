#include "analysis/score_text.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdio.h>

enum { REASONS = OM_REASON_UNDETERMINED + 1 };

/* A scale whose pieces are being made. */
struct making {
    struct om_score_text *text;
    const struct om_scorer *scorer;
    const struct om_safety *safety;
};

/* A piece for each level, and an empty field for none. */
static om_status
make_scores(const struct making *m, struct om_error *err)
{
    for (size_t i = 0; i <= m->scorer->n_levels; i++) {
        struct om_csv_writer writer = om_csv_piece_begin(&m->text->pieces);
        if (i < m->scorer->n_levels)
            om_csv_write_double(&writer, (double)m->scorer->level[i].value / (double)m->scorer->unit);
        else
            om_csv_write_empty(&writer);
        OM_TRY(om_csv_piece_end(&m->text->pieces, err));
    }
    return OM_OK;
}

static om_status
make_unscored(const struct making *m, enum om_reason reason, struct om_error *err)
{
    for (size_t answered = 0; answered < m->text->n_answers; answered++) {
        struct om_csv_writer writer = om_csv_piece_begin(&m->text->pieces);
        om_csv_write_integer(&writer, (int64_t)answered);
        om_csv_write_empty(&writer);
        om_csv_write_empty(&writer);
        om_csv_write_text(&writer, om_reason_text(reason));
        if (m->safety)
            om_csv_write_empty(&writer);
        OM_TRY(om_csv_piece_end(&m->text->pieces, err));
    }
    return OM_OK;
}

static bool
is_flagged(const struct making *m, const struct om_level *level)
{
    return m->safety && level->value >= m->safety->at_least * m->scorer->unit;
}

static om_status
make_scored(const struct making *m, const struct om_level *level, struct om_error *err)
{
    for (size_t answered = 0; answered < m->text->n_answers; answered++) {
        struct om_csv_writer writer = om_csv_piece_begin(&m->text->pieces);
        om_csv_write_integer(&writer, (int64_t)answered);
        om_csv_write_text(&writer, level->band >= 0 ? m->scorer->scale->band[level->band].id : "");
        if (m->scorer->has_cutoff)
            om_csv_write_integer(&writer, level->positive);
        else
            om_csv_write_empty(&writer);
        om_csv_write_empty(&writer);
        if (m->safety)
            om_csv_write_integer(&writer, is_flagged(m, level));
        OM_TRY(om_csv_piece_end(&m->text->pieces, err));
    }
    return OM_OK;
}

/* Levels that agree in band, screening status and flag share their pieces. */
static om_status
make_all_scored(const struct making *m, struct om_error *err)
{
    size_t *shared = om_calloc((m->scorer->scale->n_bands + 1) * 4, sizeof *shared); /* 0 = not made yet */
    if (!shared)
        return om_fail_memory(err);
    om_status status = OM_OK;
    for (size_t i = 0; i < m->scorer->n_levels && status == OM_OK; i++) {
        const struct om_level *level = &m->scorer->level[i];
        size_t *at = &shared[(level->band + 1) * 4 + level->positive * 2 + is_flagged(m, level)];
        if (*at == 0) {
            *at = m->text->pieces.n;
            status = make_scored(m, level, err);
        }
        m->text->scored[i] = *at;
    }
    om_free(shared);
    return status;
}

om_status
om_score_text_init(struct om_score_text *text, const struct om_scorer *scorer, const struct om_safety *safety,
                   struct om_error *err)
{
    const struct making m = {.text = text, .scorer = scorer, .safety = safety};
    *text = (struct om_score_text){.n_answers = scorer->scale->n_items + 1,
                                   .scored = om_alloc(scorer->n_levels + 1, sizeof *text->scored)};
    om_status status = text->scored ? make_scores(&m, err) : om_fail_memory(err);
    text->unscored = text->pieces.n;
    for (int reason = 0; reason < REASONS && status == OM_OK; reason++)
        status = make_unscored(&m, (enum om_reason)reason, err);
    if (status == OM_OK)
        status = make_all_scored(&m, err);
    if (status != OM_OK)
        om_score_text_release(text);
    return status;
}

void
om_score_text_release(struct om_score_text *text)
{
    om_csv_pieces_release(&text->pieces);
    om_free(text->scored);
    *text = (struct om_score_text){0};
}

void
om_score_text_header(struct om_csv_writer *writer, const struct om_scorer *scorer,
                     const struct om_safety *safety)
{
    static const char *const parts[] = {"", "_n_answered", "_band", "_positive", "_reason", "_flag"};
    char name[128];
    for (size_t p = 0; p < sizeof parts / sizeof parts[0] - !safety; p++) {
        snprintf(name, sizeof name, "%s_%s%s", scorer->instrument->id, scorer->scale->id, parts[p]);
        om_csv_write_text(writer, name);
    }
}

size_t
om_score_text_room(const struct om_score_column *column, size_t n)
{
    size_t room = OM_CSV_PIECE;
    for (size_t i = 0; i < n; i++)
        room += 2 * column[i].text->pieces.longest;
    return room;
}
