/* What was withheld so that the report can be shared. */
#include "report/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* "fewer than 11 persons (cms)" */
static struct om_shown
threshold(const struct om_disclosure *disclosure)
{
    struct om_shown out;
    snprintf(out.text, sizeof out.text, "fewer than %" PRIu64 " persons%s%.8s%s", disclosure->below,
             strcmp(disclosure->preset, "own") == 0 ? "" : " (",
             strcmp(disclosure->preset, "own") == 0 ? "" : disclosure->preset,
             strcmp(disclosure->preset, "own") == 0 ? "" : ")");
    return out;
}

void
om_compose_disclosure(const struct om_compose *compose)
{
    const struct om_disclosure *disclosure = &compose->analysis->disclosure;
    if (disclosure->active)
        om_page_paragraph(
            compose->page, OM_TONE_PLAIN,
            "Shareable: no number tells of %s, alone or together with others. %zu of %zu values "
            "are withheld (*).",
            threshold(disclosure).text, disclosure->n_withheld, disclosure->n_withheld + disclosure->n_shown);
}

void
om_compose_disclosure_rule(const struct om_compose *compose)
{
    const struct om_disclosure *disclosure = &compose->analysis->disclosure;
    char rounded[160] = "";
    if (!disclosure->active)
        return;
    if (disclosure->round > 1)
        snprintf(rounded, sizeof rounded,
                 " Counts are rounded to multiples of %" PRIu64 " and need not add up; shares and intervals "
                 "are computed from these.",
                 disclosure->round);
    om_page_item(compose->page, "shareable",
                 "a number (*) is withheld when it, or what is left when it is taken from another, is about "
                 "%s; none of these can be found from what is shown. Means and SDs are "
                 "rounded to a tenth; tests and intervals are computed from the rounded ones.%s Left out: "
                 "counts of records, findings, medians and extremes, safety items, sub-scales, short forms, "
                 "rules that look at the sample, and further statistics.",
                 threshold(disclosure).text, rounded);
}
