#include "instrument_text.h"

#include "fill.h"
#include "line.h"

static void
put_identity(FILE *stream, const struct om_instrument *instrument)
{
    struct om_line head = {0};
    char year[16];
    snprintf(year, sizeof year, "%d", instrument->year);
    om_line_add(&head, "%s (%s): %s", instrument->name, instrument->id, instrument->title);
    om_fill(stream, head.text, 0, 0);
    om_put_fact(stream, "definition", instrument->version);
    om_put_fact(stream, "authors", instrument->authors);
    om_put_fact(stream, "year", instrument->year ? year : NULL);
    om_put_fact(stream, "recall", instrument->recall);
    om_put_fact(stream, "licence", instrument->license);
    om_put_source(stream, "source", &instrument->source);
    if (instrument->parent) {
        struct om_line line = {0};
        om_line_add(&line, "%s, its items", instrument->parent);
        for (size_t i = 0; i < instrument->n_items; i++)
            om_line_add(&line, " %d", instrument->parent_item[i] + 1);
        om_put_fact(stream, "part of", line.text);
    }
    om_put_fact(stream, "sha256", instrument->sha256);
}

static void
add_labels(struct om_line *line, char *const *label, size_t n)
{
    for (size_t i = 0; i < n; i++)
        om_line_add(line, "%s\"%s\"", i == 0 ? "" : i == 1 ? ", also read: " : ", ", label[i]);
}

static void
put_items(FILE *stream, const struct om_instrument *instrument)
{
    if (om_instrument_is_total(instrument))
        return;
    fputs("\nItems\n", stream);
    for (size_t i = 0; i < instrument->n_items; i++) {
        struct om_line line = {0};
        om_line_add(&line, "%s%s", instrument->item[i].label ? instrument->item[i].label : "",
                    instrument->item[i].reversed ? " (reversed)" : "");
        om_fill_entry(stream, OM_LINE_MARGIN, instrument->item[i].id, line.text, OM_LINE_FACT);
    }
    fputs("\nAnswers\n", stream);
    for (size_t i = 0; i < instrument->n_answers; i++) {
        struct om_line line = {0};
        char code[16];
        snprintf(code, sizeof code, "%d", instrument->answer[i].code);
        add_labels(&line, instrument->answer[i].label, instrument->answer[i].n_labels);
        om_fill_entry(stream, OM_LINE_MARGIN, code, line.text, OM_LINE_FACT);
    }
    if (instrument->has_na) {
        struct om_line line = {0};
        add_labels(&line, instrument->na_label, instrument->n_na_labels);
        om_fill_entry(stream, OM_LINE_MARGIN, "not applicable", line.text, OM_LINE_FACT + 2);
    }
}

static void
put_safety(FILE *stream, const struct om_instrument *instrument)
{
    if (instrument->n_safety)
        fputs("\nSafety\n", stream);
    for (size_t i = 0; i < instrument->n_safety; i++) {
        const struct om_safety *safety = &instrument->safety[i];
        struct om_line line = {0};
        om_line_add(&line, "item %s at %d or more, whatever the total", instrument->item[safety->item].id,
                    safety->at_least);
        if (safety->label)
            om_line_add(&line, ": %s", safety->label);
        om_line_source(&line, &safety->source);
        om_put_fact(stream, safety->scale, line.text);
    }
}

static void
add_words(struct om_line *line, const char *lead, char *const *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        om_line_add(line, "%s%s", i ? " " : lead, word[i]);
}

static void
put_names(FILE *stream, const struct om_instrument *instrument)
{
    fputs("\nColumn names understood\n", stream);
    if (instrument->n_prefixes) {
        struct om_line line = {0};
        add_words(&line, "", instrument->prefix, instrument->n_prefixes);
        om_line_add(&line, ", with an item: %s_%s", instrument->prefix[0], instrument->item[0].id);
        om_put_fact(stream, "prefixes", line.text);
    }
    for (size_t i = 0; i < instrument->n_namings; i++) {
        const struct om_naming *naming = &instrument->naming[i];
        struct om_line line = {0};
        add_words(&line, "", naming->column, instrument->n_items);
        add_words(&line, "; missing: ", naming->missing, naming->n_missing);
        add_words(&line, "; declined: ", naming->declined, naming->n_declined);
        om_line_source(&line, &naming->source);
        om_put_fact(stream, naming->name, line.text);
    }
}

void
om_put_instrument(FILE *stream, const struct om_instrument *instrument)
{
    put_identity(stream, instrument);
    put_items(stream, instrument);
    for (size_t i = 0; i < instrument->n_scales; i++)
        om_put_scale(stream, instrument, &instrument->scale[i]);
    put_safety(stream, instrument);
    put_names(stream, instrument);
    fprintf(stream, "\n%zu test vectors\n", instrument->n_vectors);
}
