/* Rows of the result set as cells for people. */
#include "report/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint64_t
om_compose_of(const struct om_result *row)
{
    if (!row)
        return OM_WITHHELD;
    return row->has_ratio ? row->denominator : row->has_n ? row->n : OM_WITHHELD;
}

void
om_cell_number(struct om_page *page, uint64_t number)
{
    if (number == OM_WITHHELD)
        om_table_cell(page, OM_TONE_DIM, "*");
    else
        om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, number);
}

void
om_cell_undefined(struct om_page *page, const char *reason)
{
    om_table_cell(page, OM_TONE_DIM, "[%zu]", om_table_note(page, reason[0] ? reason : "not defined"));
}

/* Takes care of a row that has no value to show; true when the cell is written. */
static bool
written(struct om_page *page, const struct om_result *row)
{
    if (!row)
        om_table_cell(page, OM_TONE_PLAIN, "%s", "");
    else if (!row->has_value && strcmp(row->note, OM_NOTE_WITHHELD) == 0)
        om_cell_number(page, OM_WITHHELD);
    else if (!row->has_value)
        om_cell_undefined(page, row->note);
    return !row || !row->has_value;
}

void
om_cell_count(struct om_page *page, const struct om_result *row)
{
    if (!written(page, row))
        om_table_cell(page, OM_TONE_PLAIN, "%s", om_show_fixed(row->value, 0).text);
}

void
om_cell_fixed(struct om_page *page, const struct om_result *row, int decimals, enum om_tone tone)
{
    if (!written(page, row))
        om_table_cell(page, tone, "%s", om_show_fixed(row->value, decimals).text);
}

void
om_cell_score(struct om_page *page, const struct om_result *row, int decimals)
{
    if (!written(page, row))
        om_table_cell(page, OM_TONE_PLAIN, "%s", om_show_score(row->value, decimals).text);
}

void
om_cell_coefficient(struct om_page *page, const struct om_result *row)
{
    if (!written(page, row))
        om_table_cell(page, OM_TONE_PLAIN, "%s", om_show_coefficient(row->value).text);
}

void
om_cell_p(struct om_page *page, const struct om_result *row)
{
    if (!written(page, row))
        om_table_cell(page, OM_TONE_PLAIN, "%s", om_show_p(row->value).text);
}

void
om_cell_mean_sd(struct om_page *page, const struct om_result *mean, const struct om_result *sd, int decimals)
{
    if (written(page, mean))
        return;
    struct om_shown shown = om_show_fixed(mean->value, decimals);
    if (!sd)
        om_table_cell(page, OM_TONE_PLAIN, "%s", shown.text);
    else if (sd->has_value)
        om_table_cell(page, OM_TONE_PLAIN, "%s (%s)", shown.text, om_show_fixed(sd->value, decimals).text);
    else
        om_table_cell(page, OM_TONE_PLAIN, "%s [%zu]", shown.text, om_table_note(page, sd->note));
}

void
om_cell_bounds(struct om_page *page, const struct om_result *row, int decimals)
{
    if (row && row->has_interval)
        om_table_cell(page, OM_TONE_PLAIN, "%s", om_show_bounds(row->lower, row->upper, decimals).text);
    else if (!written(page, row))
        om_cell_undefined(page, row->note);
}

struct om_shown
om_show_share(const struct om_result *row, const uint64_t *of, bool interval)
{
    struct om_shown out;
    bool named = of && *of == row->denominator;
    bool bounded = interval && row->has_interval;
    snprintf(out.text, sizeof out.text, "%" PRIu64 "%s%.20s (%.8s%s%.12s)", row->numerator,
             named ? "" : " of ", named ? "" : om_show_fixed((double)row->denominator, 0).text,
             om_show_percent(row->numerator, row->denominator).text, bounded ? ", " : "",
             bounded ? om_show_percent_bounds(row->lower, row->upper).text : "");
    return out;
}

void
om_cell_share(struct om_page *page, const struct om_result *row, const uint64_t *of, bool interval,
              enum om_tone tone)
{
    if (row && row->has_ratio && row->denominator == 0)
        om_cell_undefined(page, row->note[0] ? row->note : "nobody to count");
    else if (!written(page, row))
        om_table_cell(page, row->has_ratio && row->numerator ? tone : OM_TONE_PLAIN, "%s",
                      row->has_ratio ? om_show_share(row, of, interval).text
                                     : om_show_fixed(row->value, 0).text);
}

void
om_cell_percent_of(struct om_page *page, const struct om_result *row, uint64_t of, enum om_tone tone)
{
    char other[32] = "";
    if (!row || !row->has_ratio || !row->denominator) {
        om_cell_share(page, row, NULL, false, OM_TONE_PLAIN);
        return;
    }
    if (row->denominator != of)
        snprintf(other, sizeof other, " of %" PRIu64, row->denominator);
    om_table_cell(page, row->numerator ? tone : OM_TONE_PLAIN, "%s%s",
                  om_show_percent(row->numerator, row->denominator).text, other);
}

/* -1 lower, 1 higher, 0 neither: where the interval lies. */
static int
side(const struct om_result *change)
{
    if (!change || !change->has_value || !change->has_interval)
        return 0;
    return change->lower > 0 ? 1 : change->upper < 0 ? -1 : 0;
}

enum om_tone
om_tone_of_change(const struct om_result *change, const struct om_scale *scale)
{
    int better = scale->direction == OM_HIGHER_BETTER ? 1 : -1;
    int where = side(change);
    return where == 0 ? OM_TONE_PLAIN : where == better ? OM_TONE_BETTER : OM_TONE_WORSE;
}

void
om_cell_reading(struct om_page *page, const struct om_result *change, const struct om_scale *scale)
{
    enum om_tone tone = om_tone_of_change(change, scale);
    const char *word = tone == OM_TONE_BETTER ? "better" : tone == OM_TONE_WORSE ? "worse" : "unclear";
    bool known = change && change->has_value && change->has_interval;
    om_table_cell(page, tone, "%s", known ? word : "");
}

void
om_cell_bar(struct om_page *page, const struct om_result *row, double full, size_t width)
{
    char bar[3 * 64 + 1] = "";
    bool some = row && row->has_value && row->value > 0;
    size_t length = some ? (size_t)(row->value / full * (double)width + 0.5) : 0, at = 0;
    for (size_t i = 0; i < length && i < 64; i++)
        for (const char *byte = "█"; *byte; byte++)
            bar[at++] = *byte;
    bar[at] = '\0';
    om_table_cell(page, OM_TONE_PLAIN, "%s", some && length == 0 ? "▏" : bar);
    if (some)
        om_table_bar(page, row->value / full);
}
