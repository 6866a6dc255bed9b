#include "instrument/freeze.h"
#include "instrument/load.h"

#include <math.h>

/* Whoever adds a member to one of these writes it below, and then the new size here. */
_Static_assert(sizeof(void *) != 8 ||
                   (sizeof(struct om_source) == 24 && sizeof(struct om_answer) == 24 &&
                    sizeof(struct om_item) == 24 && sizeof(struct om_naming) == 72 &&
                    sizeof(struct om_band) == 32 && sizeof(struct om_cutoff) == 64 &&
                    sizeof(struct om_threshold) == 72 && sizeof(struct om_joint_rule) == 64 &&
                    sizeof(struct om_norm) == 88 && sizeof(struct om_criterion) == 16 &&
                    sizeof(struct om_class) == 40 && sizeof(struct om_scale) == 352 &&
                    sizeof(struct om_safety) == 48 && sizeof(struct om_expectation) == 64 &&
                    sizeof(struct om_vector) == 104 && sizeof(struct om_instrument) == 2024),
               "every member is frozen");

/* --- members: ".name = value," --- */

static void
put_string(struct om_buffer *out, const char *text)
{
    om_buffer_char(out, '"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '?') /* '?': "??=" is a trigraph */
            om_buffer_format(out, "\\%03o", (unsigned)c);
        else
            om_buffer_char(out, *text);
    }
    om_buffer_char(out, '"');
}

static void
put_text(struct om_buffer *out, const char *name, const char *text)
{
    if (!text)
        return;
    om_buffer_format(out, ".%s = ", name);
    put_string(out, text);
    om_buffer_text(out, ",");
}

static void
put_int(struct om_buffer *out, const char *name, int64_t value)
{
    if (value)
        om_buffer_format(out, ".%s = %lld,", name, (long long)value);
}

static void
put_bits(struct om_buffer *out, const char *name, uint64_t bits)
{
    om_buffer_format(out, ".%s = 0x%llxu,", name, (unsigned long long)bits);
}

static void
put_fraction(struct om_buffer *out, const char *name, struct om_fraction value)
{
    om_buffer_format(out, ".%s = {%lld, %lld},", name, (long long)value.num, (long long)value.den);
}

static void
put_double(struct om_buffer *out, const char *name, double value)
{
    if (isnan(value))
        om_buffer_format(out, ".%s = NAN,", name);
    else
        om_buffer_format(out, ".%s = %a,", name, value);
}

static void
put_bytes(struct om_buffer *out, const char *name, const uint8_t *byte, size_t n)
{
    om_buffer_format(out, ".%s = {", name);
    for (size_t i = 0; i < n; i++)
        om_buffer_format(out, "%d,", byte[i]);
    om_buffer_text(out, "},");
}

static void
put_source(struct om_buffer *out, const char *name, const struct om_source *source)
{
    om_buffer_format(out, ".%s = {", name);
    put_text(out, "citation", source->citation);
    put_text(out, "evidence", source->evidence);
    put_text(out, "note", source->note);
    om_buffer_text(out, "},");
}

static void
put_texts(struct om_buffer *out, const char *name, char *const *text, size_t n)
{
    if (n == 0)
        return;
    om_buffer_format(out, ".%s = LIST(char *){", name);
    for (size_t i = 0; i < n; i++) {
        put_string(out, text[i]);
        om_buffer_text(out, ",");
    }
    om_buffer_text(out, "},");
}

/* A list of structs, its length, and each struct by a function of its own. */
#define PUT_LIST(out, owner, member, count, type, put)                                                       \
    do {                                                                                                     \
        if ((owner)->count == 0)                                                                             \
            break;                                                                                           \
        om_buffer_format(out, "\n." #member " = LIST(struct " #type "){");                                   \
        for (size_t item_ = 0; item_ < (owner)->count; item_++) {                                            \
            om_buffer_text(out, "\n{");                                                                      \
            put(out, &(owner)->member[item_]);                                                               \
            om_buffer_text(out, "},");                                                                       \
        }                                                                                                    \
        om_buffer_format(out, "}, ." #count " = %zu,", (owner)->count);                                      \
    } while (0)

/* --- scales --- */

static void
put_band(struct om_buffer *out, const struct om_band *band)
{
    put_text(out, "id", band->id);
    put_text(out, "label", band->label);
    put_fraction(out, "from", band->from);
}

static void
put_cutoff(struct om_buffer *out, const struct om_cutoff *cutoff)
{
    put_text(out, "id", cutoff->id);
    put_fraction(out, "at", cutoff->at);
    put_int(out, "is_default", cutoff->is_default);
    put_int(out, "is_choice", cutoff->is_choice);
    put_text(out, "label", cutoff->label);
    put_source(out, "source", &cutoff->source);
}

static void
put_threshold(struct om_buffer *out, const struct om_threshold *threshold)
{
    put_text(out, "id", threshold->id);
    put_text(out, "kind", threshold->kind);
    put_fraction(out, "points", threshold->points);
    put_int(out, "is_default", threshold->is_default);
    put_text(out, "label", threshold->label);
    put_source(out, "source", &threshold->source);
}

static void
put_norm(struct om_buffer *out, const struct om_norm *norm)
{
    put_text(out, "id", norm->id);
    put_int(out, "kind", norm->kind);
    put_text(out, "population", norm->population);
    put_double(out, "n", norm->n);
    put_double(out, "mean", norm->mean);
    put_double(out, "sd", norm->sd);
    put_double(out, "reliability", norm->reliability);
    put_text(out, "reliability_kind", norm->reliability_kind);
    put_source(out, "source", &norm->source);
}

static void
put_joint_rule(struct om_buffer *out, const struct om_joint_rule *rule)
{
    put_text(out, "id", rule->id);
    put_fraction(out, "caseness", rule->caseness);
    put_fraction(out, "points", rule->points);
    put_source(out, "source", &rule->source);
}

static void
put_criterion(struct om_buffer *out, const struct om_criterion *criterion)
{
    put_bits(out, "items", criterion->items);
    put_int(out, "at_least", criterion->at_least);
}

static void
put_class(struct om_buffer *out, const struct om_class *class)
{
    put_text(out, "id", class->id);
    put_text(out, "label", class->label);
    put_int(out, "positive", class->positive);
    PUT_LIST(out, class, criterion, n_criteria, om_criterion, put_criterion);
}

static void
put_scale(struct om_buffer *out, const struct om_scale *scale)
{
    put_text(out, "id", scale->id);
    put_text(out, "label", scale->label);
    put_int(out, "combine", scale->combine);
    put_int(out, "direction", scale->direction);
    put_bits(out, "items", scale->items);
    put_int(out, "n_items", (int64_t)scale->n_items);
    put_bytes(out, "endorsed", scale->endorsed, OM_ITEMS_MAX);
    put_int(out, "max_blank", scale->max_blank);
    put_int(out, "min_answered", scale->min_answered);
    put_source(out, "missing_source", &scale->missing_source);
    put_int(out, "rounding", scale->rounding);
    put_fraction(out, "minimum", scale->minimum);
    put_fraction(out, "maximum", scale->maximum);
    put_int(out, "open_range", scale->open_range);
    PUT_LIST(out, scale, band, n_bands, om_band, put_band);
    put_source(out, "band_source", &scale->band_source);
    PUT_LIST(out, scale, cutoff, n_cutoffs, om_cutoff, put_cutoff);
    PUT_LIST(out, scale, threshold, n_thresholds, om_threshold, put_threshold);
    PUT_LIST(out, scale, norm, n_norms, om_norm, put_norm);
    PUT_LIST(out, scale, joint_rule, n_joint_rules, om_joint_rule, put_joint_rule);
    PUT_LIST(out, scale, class_, n_classes, om_class, put_class);
    put_int(out, "has_remission", scale->has_remission);
    put_fraction(out, "remission_below", scale->remission_below);
    put_source(out, "remission_source", &scale->remission_source);
}

/* --- the instrument --- */

static void
put_item(struct om_buffer *out, const struct om_item *item)
{
    put_text(out, "id", item->id);
    put_text(out, "label", item->label);
    put_int(out, "reversed", item->reversed);
}

static void
put_answer(struct om_buffer *out, const struct om_answer *answer)
{
    put_int(out, "code", answer->code);
    put_texts(out, "label", answer->label, answer->n_labels);
    put_int(out, "n_labels", (int64_t)answer->n_labels);
}

static void
put_namings(struct om_buffer *out, const struct om_instrument *in)
{
    if (in->n_namings == 0)
        return;
    om_buffer_text(out, "\n.naming = LIST(struct om_naming){");
    for (size_t i = 0; i < in->n_namings; i++) {
        const struct om_naming *naming = &in->naming[i];
        om_buffer_text(out, "\n{");
        put_text(out, "name", naming->name);
        put_texts(out, "column", naming->column, om_instrument_is_total(in) ? 1 : in->n_items);
        put_texts(out, "missing", naming->missing, naming->n_missing);
        put_int(out, "n_missing", (int64_t)naming->n_missing);
        put_texts(out, "declined", naming->declined, naming->n_declined);
        put_int(out, "n_declined", (int64_t)naming->n_declined);
        put_source(out, "source", &naming->source);
        om_buffer_text(out, "},");
    }
    om_buffer_format(out, "}, .n_namings = %zu,", in->n_namings);
}

static void
put_safety(struct om_buffer *out, const struct om_safety *safety)
{
    put_text(out, "scale", safety->scale);
    put_int(out, "item", safety->item);
    put_int(out, "at_least", safety->at_least);
    put_text(out, "label", safety->label);
    put_source(out, "source", &safety->source);
}

static void
put_expectation(struct om_buffer *out, const struct om_expectation *expect)
{
    put_text(out, "scale", expect->scale);
    put_int(out, "no_score", expect->no_score);
    put_int(out, "has_score", expect->has_score);
    put_fraction(out, "score", expect->score);
    put_text(out, "band", expect->band);
    put_int(out, "positive", expect->positive);
    put_text(out, "cutoff", expect->cutoff);
    put_int(out, "line", (int64_t)expect->line);
}

static void
put_vector(struct om_buffer *out, const struct om_vector *vector)
{
    put_text(out, "name", vector->name);
    put_bytes(out, "code", vector->code, OM_ITEMS_MAX);
    put_int(out, "prorate", vector->prorate);
    PUT_LIST(out, vector, expect, n_expect, om_expectation, put_expectation);
    put_int(out, "line", (int64_t)vector->line);
}

static void
put_items(struct om_buffer *out, const struct om_instrument *in)
{
    om_buffer_text(out, "\n.item = {");
    for (size_t i = 0; i < in->n_items; i++) {
        om_buffer_text(out, "\n{");
        put_item(out, &in->item[i]);
        om_buffer_text(out, "},");
    }
    om_buffer_format(out, "}, .n_items = %zu,", in->n_items);
}

static void
put_codes(struct om_buffer *out, const struct om_instrument *in)
{
    PUT_LIST(out, in, answer, n_answers, om_answer, put_answer);
    put_int(out, "minimum", in->minimum);
    put_int(out, "maximum", in->maximum);
    om_buffer_text(out, ".allowed = {");
    for (int code = 0; code <= OM_CODE_MAX; code++)
        om_buffer_format(out, "%d,", in->allowed[code]);
    om_buffer_text(out, "},");
    put_int(out, "has_na", in->has_na);
    put_texts(out, "na_label", in->na_label, in->n_na_labels);
    put_int(out, "n_na_labels", (int64_t)in->n_na_labels);
}

void
om_instrument_freeze(struct om_buffer *out, const struct om_instrument *in)
{
    om_buffer_text(out, "{");
    put_text(out, "id", in->id);
    put_text(out, "version", in->version);
    put_text(out, "name", in->name);
    put_text(out, "title", in->title);
    put_text(out, "authors", in->authors);
    put_int(out, "year", in->year);
    put_text(out, "recall", in->recall);
    put_text(out, "license", in->license);
    put_source(out, "source", &in->source);
    put_text(out, "parent", in->parent);
    put_bytes(out, "parent_item", in->parent_item, OM_ITEMS_MAX);
    put_items(out, in);
    put_codes(out, in);
    put_texts(out, "prefix", in->prefix, in->n_prefixes);
    put_int(out, "n_prefixes", (int64_t)in->n_prefixes);
    put_namings(out, in);
    PUT_LIST(out, in, scale, n_scales, om_scale, put_scale);
    PUT_LIST(out, in, safety, n_safety, om_safety, put_safety);
    PUT_LIST(out, in, vector, n_vectors, om_vector, put_vector);
    put_text(out, "sha256", in->sha256);
    om_buffer_text(out, "}");
}
