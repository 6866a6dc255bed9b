/* May a study ask that of a tally? */
#include "analysis/families.h"
#include "analysis/from_tally.h"
#include "analysis/tally_reading.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/number.h"

#include <string.h>

static om_status
fail_column(const struct om_tally_texts *there, const char *key, const char *column, const char *name,
            struct om_error *err)
{
    struct om_buffer list = OM_BUFFER_EMPTY;
    for (size_t i = 0; i < there->n; i++)
        om_buffer_format(&list, "%s%s", i ? ", " : "", there->at[i]);
    om_fail(err, OM_ERR_USAGE, "--%s: this tally does not tell '%s' apart", key, column);
    om_place(err, name, 0, 0);
    om_hint(err, "it was made with --%s %s; for another column the panel has to be tallied again", key,
            there->n ? om_buffer_string(&list) : "of no column");
    om_buffer_release(&list);
    return OM_ERR_USAGE;
}

static om_status
find_columns(const struct om_texts *asked, const struct om_tally_texts *there, const char *key,
             const char *name, size_t *column, struct om_error *err)
{
    for (size_t i = 0; i < asked->n; i++) {
        size_t at = 0;
        while (at < there->n && !om_ascii_equal(there->at[at], strlen(there->at[at]), asked->at[i]))
            at++;
        if (at == there->n)
            return fail_column(there, key, asked->at[i], name, err);
        column[i] = at;
    }
    return OM_OK;
}

static bool
same_occasion(const char *a, const char *b)
{
    return om_ascii_equal(a, strlen(a), b);
}

static om_status
check_occasions(const struct om_from_tally *c, struct om_error *err)
{
    const struct om_texts *asked = &c->study->panel.occasions;
    const char *last = c->tally->last ? c->tally->last : "";
    if (asked->n == 0 || om_tally_names_occasions(&c->tally->setting, c->study) ||
        (same_occasion(asked->at[0], c->tally->first) &&
         same_occasion(asked->n > 1 ? asked->at[asked->n - 1] : "", last)))
        return OM_OK;
    om_fail(err, OM_ERR_USAGE, "--occasions: this tally compares '%.64s'%s%.64s%s", c->tally->first,
            *last ? " and '" : "", last, *last ? "'" : "");
    om_place(err, c->name, 0, 0);
    om_hint(err, "it has nothing about others; the panel has to be tallied again for them");
    return OM_ERR_USAGE;
}

/* Is the family named, or meant by "all"? */
static bool
names_family(const struct om_study *study, const char *family)
{
    static const char key[] = "statistics: ";
    for (size_t i = 0; i < study->set.n; i++) {
        const char *text = study->set.at[i].text;
        if (strncmp(text, key, sizeof key - 1) != 0)
            continue;
        for (const char *word = text + sizeof key - 1; *word;) {
            size_t length = strcspn(word, ",");
            if (strlen(family) == length && memcmp(word, family, length) == 0)
                return true;
            word += length + (word[length] == ',');
        }
    }
    return false;
}

/* Families that need more than counts: refused when they are named; left out, and said, when all are asked.
 */
static om_status
check_families(struct om_from_tally *c, struct om_study *own, struct om_error *err)
{
    struct om_buffer left_out = OM_BUFFER_EMPTY;
    for (size_t f = 0; om_families[f].id; f++) {
        if (!own->families[f] || !om_families[f].every_occasion)
            continue;
        if (names_family(c->study, om_families[f].id)) {
            om_buffer_release(&left_out);
            om_fail(err, OM_ERR_USAGE, "statistics: %s needs the scores of each person at every occasion",
                    om_families[f].id);
            om_place(err, c->name, 0, 0);
            om_hint(err, "a tally has counts only: report on the panel itself");
            return OM_ERR_USAGE;
        }
        own->families[f] = false;
        om_buffer_format(
            &left_out, "%s%s",
            left_out.length ? ", " : "left out, since a tally cannot know them: ", om_families[f].id);
    }
    own->panel.every_occasion = false;
    om_status status = om_buffer_ok(&left_out) ? OM_OK : om_fail_memory(err);
    if (status == OM_OK && left_out.length)
        status = om_texts_add(&c->out->reading, om_buffer_string(&left_out), left_out.length, err);
    om_buffer_release(&left_out);
    return status;
}

om_status
om_from_tally_ask(struct om_from_tally *c, struct om_study *own, struct om_error *err)
{
    const struct om_panel_spec *panel = &c->study->panel;
    OM_TRY(om_tally_check_settings(&c->tally->setting, c->study, c->name, err));
    OM_TRY(check_occasions(c, err));
    OM_TRY(find_columns(&panel->by, &c->tally->by, "by", c->name, c->by, err));
    OM_TRY(find_columns(&panel->described, &c->tally->described, "describe", c->name, c->described, err));
    return c->has_rows ? OM_OK : check_families(c, own, err);
}
