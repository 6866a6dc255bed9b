/* Rows of the rule over several scales (nhs): who was a case, recovered, changed reliably. */
#include "analysis/kept.h"
#include "base/error.h"

void
om_joint_words_release(struct om_joint_words *words)
{
    om_buffer_release(&words->instrument);
    om_buffer_release(&words->caseness);
    om_buffer_release(&words->change);
}

static void
name_scales(const struct om_run *run, struct om_joint_words *words)
{
    const char *between = "";
    om_buffer_text(&words->caseness, "a case: ");
    for (size_t s = 0; s < run->n_scales; s++) {
        const struct om_run_scale *scale = &run->scale[s];
        if (!scale->joint_rule)
            continue;
        const struct om_joint_rule *rule = scale->joint_rule;
        const char *id = scale->info.instrument->id;
        om_buffer_format(&words->instrument, "%s%s", *between ? "+" : "", id);
        om_buffer_format(
            &words->caseness, "%s%s %s %.10g", *between ? " or " : "", id,
            scale->info.scale->direction == OM_HIGHER_WORSE ? ">=" : "<=", om_fraction_value(rule->caseness));
        om_buffer_format(&words->change, "%s%s %.10g", between, id, om_fraction_value(rule->points));
        between = ", ";
    }
    om_buffer_format(&words->change, " points or more; %s",
                     run->study->joint_improvement == OM_JOINT_BOTH
                         ? "both: every measure by its points"
                         : "composite: some measure by its points, and none the other way");
}

/* Persons whose state has all of these bits. */
static uint64_t
persons_with(const uint64_t *count, unsigned bits)
{
    uint64_t n = 0;
    for (unsigned state = 0; state < OM_JOINT_MISSING; state++)
        n += (state & bits) == bits ? count[state] : 0;
    return n;
}

static om_status
rows_cases(struct om_view *view, const struct om_joint_words *words, uint64_t n, struct om_error *err)
{
    static const unsigned bits[2] = {OM_JOINT_CASE_FIRST, OM_JOINT_CASE_LAST};
    for (size_t which = 0; which < 2; which++) {
        view->row.occasion = view->occasion[which];
        OM_TRY(om_add_rate(view, "positive", persons_with(view->group->joint, bits[which]), n,
                           om_buffer_string(&words->caseness), err));
    }
    return OM_OK;
}

static om_status
rows_classes(struct om_view *view, const struct om_joint_words *words, unsigned among, struct om_error *err)
{
    const uint64_t *count = view->group->joint;
    const enum om_joint_improvement improvement = view->run->study->joint_improvement;
    view->row.occasion = "change";
    for (int c = 0; c < OM_JOINT_CLASSES; c++) {
        enum om_joint_class class_ = (enum om_joint_class)c;
        unsigned of = among | (om_joint_of_cases(class_) ? OM_JOINT_CASE_FIRST : 0);
        uint64_t k = 0;
        for (unsigned state = 0; state < OM_JOINT_MISSING; state++)
            if ((state & of) == of && om_joint_is(state, class_, improvement))
                k += count[state];
        OM_TRY(om_add_rate(
            view, om_view_name(view, "class", om_joint_class_id(class_)), k, persons_with(count, of),
            om_buffer_string(class_ == OM_JOINT_RECOVERY ? &words->caseness : &words->change), err));
    }
    return OM_OK;
}

static om_status
rows_population(struct om_view *view, const struct om_joint_words *words, enum om_population population,
                struct om_error *err)
{
    const bool all = population == OM_POPULATION_ALL;
    const unsigned among = all ? 0 : OM_JOINT_CASE_FIRST;
    view->row.population = all ? "all" : "positive";
    uint64_t n = persons_with(view->group->joint, among);
    if (all)
        OM_TRY(rows_cases(view, words, n, err));
    view->row.occasion = "change";
    OM_TRY(
        om_add_count(view, "n", n, view->group->persons, "persons with every score at both occasions", err));
    return rows_classes(view, words, among, err);
}

om_status
om_joint_words(const struct om_run *run, struct om_joint_words *words, struct om_error *err)
{
    *words = (struct om_joint_words){OM_BUFFER_EMPTY, OM_BUFFER_EMPTY, OM_BUFFER_EMPTY};
    if (!run->has_joint)
        return OM_OK;
    name_scales(run, words);
    return om_buffer_ok(&words->instrument) && om_buffer_ok(&words->caseness) && om_buffer_ok(&words->change)
               ? OM_OK
               : om_fail_memory(err);
}

om_status
om_rows_joint(struct om_view *view, struct om_error *err)
{
    const struct om_joint_words *words = &view->kept->joint;
    if (!view->run->has_joint || !view->occasion[1])
        return OM_OK;
    view->row.instrument = om_buffer_string(&words->instrument);
    view->row.scale = "total";
    view->row.rule = om_rule_id(OM_RULE_NHS);
    for (int p = 0; p < 2; p++)
        if (view->run->study->populations[p])
            OM_TRY(rows_population(view, words, (enum om_population)p, err));
    return OM_OK;
}
