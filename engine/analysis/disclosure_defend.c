/*
 * The defence: what the steps settled is attacked, of all and of each group. Where a small count is not open
 * to doubt, something is taken away, the least wanted that helps. Counts that are withheld of one group are
 * withheld of every group, as a single one would follow from the others and from all; a mean is withheld
 * together with that of the next smallest group.
 */
#include "analysis/disclosure_audit.h"
#include "analysis/disclosure_settle.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* What can be taken away, the least wanted first. */
enum item_kind { POSITIVE_MEANS, RULE, BANDS, CLASSES, IMPROVED, LAST, FIRST, MEANS };
struct item {
    enum item_kind kind;
    size_t which; /* RULE: its number; BANDS: the occasion */
};
enum { ITEMS_MAX = OM_RULES + 8 };

static size_t
list_items(const struct om_settling *settling, struct item item[ITEMS_MAX])
{
    size_t n = 0;
    item[n++] = (struct item){POSITIVE_MEANS, 0};
    for (size_t r = settling->n_rules; r-- > 1;)
        item[n++] = (struct item){RULE, r};
    item[n++] = (struct item){BANDS, 1};
    item[n++] = (struct item){BANDS, 0};
    item[n++] = (struct item){CLASSES, 0};
    item[n++] = (struct item){IMPROVED, 0};
    item[n++] = (struct item){LAST, 0};
    item[n++] = (struct item){FIRST, 0};
    item[n++] = (struct item){MEANS, 0};
    return n;
}

static struct om_published
published_of(const struct om_settling *settling, size_t group)
{
    const struct om_scale_plan *plan = settling->plan;
    struct om_published published = {.parts = plan->group[group]};
    for (size_t r = 0; r < settling->n_rules; r++)
        if (plan->rule[settling->rule[r].id])
            published.rule[settling->rule[r].id] = plan->rule[settling->rule[r].id][group];
    for (size_t which = 0; which < 2 && group == 0; which++)
        published.band[which] = plan->band[which];
    return published;
}

static struct om_audited_unit
unit_of(const struct om_settling *settling, size_t row)
{
    return (struct om_audited_unit){settling->row[row].cell, settling->row[row].n,
                                    published_of(settling, row + settling->first_group)};
}

/* Those with anybody in them. */
static size_t
count_groups(const struct om_settling *settling)
{
    size_t n = 0;
    for (size_t r = 0; r < settling->n_rows; r++)
        n += settling->row[r].n > 0;
    return n;
}

/* Adds the largest rows but one, of those of which something is published, or of the others. */
static void
add_units(const struct om_settling *settling, size_t but, bool published, size_t n_units,
          struct om_audited *audited)
{
    for (size_t i = 0; i < settling->n_rows && audited->n_units < n_units; i++) {
        const size_t row = settling->by_size[i].row;
        const bool is = settling->plan->group[row + settling->first_group] != 0;
        if (row != but && settling->row[row].n > 0 && is == published)
            audited->unit[audited->n_units++] = unit_of(settling, row);
    }
}

/* An attack about a row, or about all (row n_rows), by somebody who knows all groups but n_units: this one,
 * and of the others those first of which nothing is published, or the other way round. */
static struct om_audited
audited_of(const struct om_settling *settling, size_t row, size_t n_units, bool published)
{
    struct om_audited audited = {.view = &settling->view,
                                 .all = {settling->all.cell, settling->all.n, published_of(settling, 0)},
                                 .about_all = row == settling->n_rows,
                                 .classes = settling->rule,
                                 .n_classes = settling->n_rules,
                                 .below = settling->below};
    if (!audited.about_all)
        audited.unit[audited.n_units++] = unit_of(settling, row);
    const size_t groups = count_groups(settling);
    add_units(settling, row, published, n_units, &audited);
    add_units(settling, row, !published, n_units, &audited);
    audited.numbers = groups <= OM_AUDIT_UNITS ? 3 : 2; /* of many groups nobody knows all but so few */
    if (settling->first_group == 0)                     /* all is all there is */
        audited.unit[0].published = (struct om_published){.parts = 0};
    return audited;
}

/* Takes an item out of what is published; false when it is not in it. */
static bool
drop(const struct om_settling *settling, struct item item, struct om_published *published)
{
    unsigned *flags = &published->parts, part = 0;
    switch (item.kind) {
    case POSITIVE_MEANS:
        part = OM_SHOW_POSITIVE_MEANS;
        break;
    case MEANS:
        part = OM_SHOW_MEANS;
        break;
    case LAST:
        part = OM_SHOW_LAST;
        break;
    case FIRST:
        part = OM_SHOW_FIRST | OM_SHOW_POSITIVE | OM_SHOW_POSITIVE_MEANS;
        break;
    case BANDS: {
        const bool had = published->band[item.which] != NULL;
        published->band[item.which] = NULL;
        return had;
    }
    case RULE:
    case CLASSES:
    case IMPROVED:
        if (item.which >= settling->n_rules)
            return false;
        flags = &published->rule[settling->rule[item.which].id];
        part = item.kind == CLASSES ? OM_SHOW_CLASSES : OM_SHOW_CLASSES | OM_SHOW_IMPROVED;
        break;
    }
    const bool had = *flags & part;
    *flags &= ~part;
    return had;
}

/* Is an item taken from one group alone? Its mean is then withheld with that of another. */
static bool
is_of_one(struct item item)
{
    return item.kind == MEANS || item.kind == POSITIVE_MEANS;
}

/* The same attack without an item: of all and every group, or of groups only. False when there is none. */
static bool
without(const struct om_settling *settling, struct item item, bool of_all, struct om_audited *audited)
{
    bool had = false;
    if (of_all || item.kind == BANDS)
        had |= drop(settling, item, &audited->all.published);
    for (size_t u = 0; u < audited->n_units && (of_all || u == 0 || !is_of_one(item)); u++)
        had |= drop(settling, item, &audited->unit[u].published);
    return had;
}

struct culprit {
    struct item item;
    bool of_all;
};

/* Finds the first item without which everything is open to doubt, of the groups before of all; else the first
 * there is, without which there is less to see. False when there is nothing left to take. */
static om_status
find_culprit(const struct om_settling *settling, const struct om_audited *audited, struct culprit *culprit,
             bool *found, struct om_error *err)
{
    struct item item[ITEMS_MAX];
    const size_t n = list_items(settling, item);
    *found = false;
    for (int of_all = audited->about_all; of_all < 2; of_all++)
        for (size_t i = 0; i < n; i++) {
            struct om_audited less = *audited;
            bool open;
            if (!without(settling, item[i], of_all, &less))
                continue;
            if (!*found)
                *culprit = (struct culprit){item[i], of_all};
            *found = true;
            OM_TRY(om_disclosure_audit(&less, &open, err));
            if (!open)
                continue;
            *culprit = (struct culprit){item[i], of_all};
            return OM_OK;
        }
    return OM_OK;
}

static void
clear(const struct om_settling *settling, unsigned *group, unsigned part, size_t first)
{
    for (size_t g = first; group && g < settling->run->n_groups; g++)
        group[g] &= ~part;
}

/* Takes an item away from the groups from `first` on: from all as well where it is 0. */
static void
take_away(struct om_settling *settling, struct item item, size_t first)
{
    static const unsigned parts[] = {[POSITIVE_MEANS] = OM_SHOW_POSITIVE_MEANS,
                                     [MEANS] = OM_SHOW_MEANS,
                                     [LAST] = OM_SHOW_LAST,
                                     [FIRST] = OM_SHOW_FIRST | OM_SHOW_POSITIVE | OM_SHOW_POSITIVE_MEANS};
    struct om_scale_plan *plan = settling->plan;
    unsigned *rule = item.which < settling->n_rules ? plan->rule[settling->rule[item.which].id] : NULL;
    switch (item.kind) {
    case POSITIVE_MEANS:
    case MEANS:
    case LAST:
    case FIRST:
        clear(settling, plan->group, parts[item.kind], first);
        settling->not_of_groups |= parts[item.kind];
        break;
    case BANDS:
        om_free(plan->band[item.which]);
        plan->band[item.which] = NULL;
        break;
    case RULE:
    case IMPROVED:
        clear(settling, rule, OM_SHOW_IMPROVED | OM_SHOW_CLASSES, first);
        break;
    case CLASSES:
        clear(settling, rule, OM_SHOW_CLASSES, first);
        break;
    }
}

/* Attacks with few groups unknown, then with more and with others: as soon as one attack fails, so do all by
 * those who know less. */
static om_status
attack(const struct om_settling *settling, size_t row, struct om_audited *audited, bool *open,
       struct om_error *err)
{
    static const struct {
        size_t n_units;
        bool published;
    } tries[] = {{2, false}, {4, true}, {OM_AUDIT_UNITS, true}, {OM_AUDIT_UNITS, false}};
    *open = false;
    for (size_t i = 0; i < sizeof tries / sizeof *tries && !*open; i++) {
        *audited = audited_of(settling, row, tries[i].n_units, tries[i].published);
        OM_TRY(om_disclosure_audit(audited, open, err));
        if (audited->n_units == count_groups(settling))
            break; /* there are no more */
    }
    return OM_OK;
}

/* One group, or all; *changed when something had to be taken away. */
static om_status
defend(struct om_settling *settling, size_t row, bool *changed, struct om_error *err)
{
    struct om_audited audited;
    struct culprit culprit;
    bool open = true, found = false;
    OM_TRY(attack(settling, row, &audited, &open, err));
    if (!open)
        OM_TRY(find_culprit(settling, &audited, &culprit, &found, err));
    if (!found)
        return OM_OK;
    *changed = true;
    if (culprit.of_all)
        take_away(settling, culprit.item, 0);
    else if (culprit.item.kind == MEANS && !settling->never_alone[row])
        settling->never_alone[row] = true;
    else if (culprit.item.kind == POSITIVE_MEANS && !settling->never_alone_positive[row])
        settling->never_alone_positive[row] = true;
    else
        take_away(settling, culprit.item, 1);
    return OM_OK;
}

/* Means that have been taken away from all stay so. */
static om_status
settle_means_again(struct om_settling *settling, struct om_error *err)
{
    const unsigned before = settling->plan->group[0];
    if (before & OM_SHOW_MEANS)
        OM_TRY(om_settle_means(settling, err));
    if (before & OM_SHOW_POSITIVE_MEANS)
        OM_TRY(om_settle_positive_means(settling, err));
    clear(settling, settling->plan->group, settling->not_of_groups, 1);
    return OM_OK;
}

om_status
om_disclosure_defend(struct om_settling *settling, struct om_error *err)
{
    if (!(settling->plan->group[0] & OM_SHOW_N))
        return OM_OK;
    for (bool changed = true; changed;) {
        changed = false;
        OM_TRY(defend(settling, settling->n_rows, &changed, err));
        for (size_t r = 0; r < settling->n_rows && settling->first_group; r++)
            if (settling->row[r].n)
                OM_TRY(defend(settling, r, &changed, err));
        if (changed)
            OM_TRY(settle_means_again(settling, err));
    }
    return OM_OK;
}
