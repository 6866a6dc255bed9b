/*
 * The facts of the built-in instruments, written here by hand from the reference and not read from the files:
 * items, codes, ranges, bands, cut-offs, thresholds, missing rules. A slip in a definition shows here.
 */
#include "support/support.h"

#include <math.h>
#include <omstat/instrument.h>
#include <string.h>

static struct om_registry *registry;
static struct om_error err;

static int
start(void **state)
{
    (void)state;
    return om_registry_new(&registry, &err) != OM_OK;
}

static int
finish(void **state)
{
    (void)state;
    om_registry_free(registry);
    return 0;
}

static const struct om_instrument *
instrument(const char *id)
{
    const struct om_instrument *in = om_registry_find(registry, id);
    assert_non_null(in);
    return in;
}

static const struct om_scale *
scale(const char *id, const char *scale_id)
{
    const struct om_scale *s = om_instrument_scale(instrument(id), scale_id);
    assert_non_null(s);
    return s;
}

static void
assert_items(const char *id, const char *name, size_t n_items, int highest, size_t n_scales)
{
    const struct om_instrument *in = instrument(id);
    assert_string_equal(in->name, name);
    assert_int_equal(in->n_items, n_items);
    assert_int_equal(in->minimum, 0);
    assert_int_equal(in->maximum, highest);
    assert_int_equal(in->n_answers, highest + 1);
    assert_int_equal(in->n_scales, n_scales);
    for (int code = 0; code <= OM_CODE_MAX; code++)
        assert_int_equal(in->allowed[code], code <= highest);
    for (size_t i = 0; i < n_items; i++) {
        assert_int_equal(atoi(in->item[i].id), i + 1);
        assert_false(in->item[i].reversed);
    }
}

/* items as first and last number, range, and the missing rule */
static void
assert_scale(const struct om_scale *s, enum om_combine combine, int first, int last, int highest,
             int max_blank)
{
    uint64_t items = 0;
    for (int i = first; i <= last; i++)
        items |= UINT64_C(1) << (i - 1);
    assert_int_equal(s->combine, combine);
    assert_int_equal(s->direction, OM_HIGHER_WORSE);
    assert_true(s->items == items);
    assert_int_equal(s->n_items, last - first + 1);
    assert_int_equal(s->minimum.num, 0);
    assert_int_equal(s->maximum.num, highest);
    assert_int_equal(s->maximum.den, 1);
    assert_int_equal(s->max_blank, max_blank);
    assert_int_equal(s->min_answered, 1);
    if (combine != OM_COMBINE_CLASS)
        assert_int_equal(s->rounding, OM_ROUND_HALF_UP);
    if (max_blank > 0)
        assert_string_equal(s->missing_source.evidence, "recommended");
}

struct expected_band {
    const char *id;
    int from;
};

static void
assert_bands(const struct om_scale *s, const struct expected_band *band, size_t n)
{
    assert_int_equal(s->n_bands, n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(s->band[i].id, band[i].id);
        assert_int_equal(s->band[i].from.num, band[i].from);
        assert_int_equal(s->band[i].from.den, 1);
    }
}

static const struct om_cutoff *
assert_cutoff(const struct om_scale *s, const char *id, int at, bool is_default, bool is_choice)
{
    for (size_t i = 0; i < s->n_cutoffs; i++) {
        if (strcmp(s->cutoff[i].id, id) != 0)
            continue;
        assert_int_equal(s->cutoff[i].at.num, at);
        assert_int_equal(s->cutoff[i].at.den, 1);
        assert_int_equal(s->cutoff[i].is_default, is_default);
        assert_int_equal(s->cutoff[i].is_choice, is_choice);
        return &s->cutoff[i];
    }
    fail_msg("no cut-off %s", id);
    return NULL;
}

static void
assert_threshold(const struct om_scale *s, const char *kind, const char *id, int points, bool is_default)
{
    for (size_t i = 0; i < s->n_thresholds; i++) {
        if (strcmp(s->threshold[i].id, id) != 0 || strcmp(s->threshold[i].kind, kind) != 0)
            continue;
        assert_int_equal(s->threshold[i].points.num, points);
        assert_int_equal(s->threshold[i].is_default, is_default);
        assert_string_equal(s->threshold[i].source.evidence, "verified");
        return;
    }
    fail_msg("no %s threshold %s", kind, id);
}

static void
assert_norm(const struct om_scale *s, size_t i, double n, double sd, double reliability, const char *kind)
{
    assert_true(i < s->n_norms);
    assert_true(isnan(s->norm[i].mean));
    assert_true(isnan(n) ? isnan(s->norm[i].n) : s->norm[i].n == n);
    assert_true(isnan(sd) ? isnan(s->norm[i].sd) : s->norm[i].sd == sd);
    assert_close(s->norm[i].reliability, reliability, 0);
    assert_string_equal(s->norm[i].reliability_kind, kind);
}

static void
assert_prefixes(const char *id, const char *first, const char *second)
{
    const struct om_instrument *in = instrument(id);
    assert_int_equal(in->n_prefixes, second ? 2 : 1);
    assert_string_equal(in->prefix[0], first);
    if (second)
        assert_string_equal(in->prefix[1], second);
}

static const struct om_naming *
assert_naming(const char *id, const char *name, const char *first, const char *last)
{
    const struct om_instrument *in = instrument(id);
    for (size_t i = 0; i < in->n_namings; i++) {
        if (strcmp(in->naming[i].name, name) != 0)
            continue;
        assert_string_equal(in->naming[i].column[0], first);
        assert_string_equal(in->naming[i].column[in->n_items - 1], last);
        return &in->naming[i];
    }
    fail_msg("no naming %s", name);
    return NULL;
}

/* --- the seven --- */

static void
test_phq9(void **state)
{
    (void)state;
    assert_items("phq9", "PHQ-9", 9, 3, 3);
    const struct om_scale *total = scale("phq9", "total");
    assert_scale(total, OM_COMBINE_SUM, 1, 9, 27, 2);
    static const struct expected_band bands[] = {
        {"minimal", 0}, {"mild", 5}, {"moderate", 10}, {"moderately_severe", 15}, {"severe", 20}};
    assert_bands(total, bands, 5);
    assert_int_equal(total->n_cutoffs, 1);
    assert_string_equal(assert_cutoff(total, "10", 10, true, false)->source.evidence, "verified");
    assert_true(total->has_remission);
    assert_int_equal(total->remission_below.num, 5);
    assert_int_equal(total->n_thresholds, 2);
    assert_threshold(total, "reliable", "nhs", 6, true);
    assert_threshold(total, "meaningful", "mcid", 5, true);
    assert_int_equal(total->n_norms, 2);
    assert_norm(total, 0, NAN, 5.6, 0.84, "test-retest");
    assert_norm(total, 1, NAN, 6.1, 0.89, "alpha");
    assert_prefixes("phq9", "phq9", "phq");
    assert_int_equal(instrument("phq9")->year, 2001);
    assert_string_equal(instrument("phq9")->recall, "2 weeks");
}

static void
test_phq9_algorithm(void **state)
{
    (void)state;
    const struct om_scale *s = scale("phq9", "algorithm");
    assert_scale(s, OM_COMBINE_CLASS, 1, 9, 2, 0);
    for (int i = 0; i < 9; i++)
        assert_int_equal(s->endorsed[i], i == 8 ? 1 : 2);
    assert_int_equal(s->n_classes, 3);
    static const int symptoms[] = {5, 2};
    for (int i = 0; i < 2; i++) {
        assert_string_equal(s->class_[i].id, i == 0 ? "major" : "other");
        assert_int_equal(s->class_[i].n_criteria, 2);
        assert_int_equal(s->class_[i].criterion[0].items, 3); /* items 1 and 2 */
        assert_int_equal(s->class_[i].criterion[0].at_least, 1);
        assert_int_equal(s->class_[i].criterion[1].items, 511);
        assert_int_equal(s->class_[i].criterion[1].at_least, symptoms[i]);
    }
    assert_string_equal(s->class_[2].id, "none");
    assert_true(s->class_[0].positive);
    assert_false(s->class_[1].positive);
    static const struct expected_band bands[] = {{"none", 0}, {"other", 1}, {"major", 2}};
    assert_bands(s, bands, 3);
    assert_int_equal(s->n_cutoffs, 1);
    assert_cutoff(s, "major", 2, true, false);
    assert_string_equal(s->cutoff[0].source.evidence, "verified");
}

static void
test_phq9_safety(void **state)
{
    (void)state;
    const struct om_instrument *in = instrument("phq9");
    const struct om_scale *s = scale("phq9", "item9");
    assert_scale(s, OM_COMBINE_SUM, 9, 9, 3, 0);
    assert_cutoff(s, "1", 1, true, false);
    assert_int_equal(in->n_safety, 1);
    assert_string_equal(in->safety[0].scale, "item9");
    assert_int_equal(in->safety[0].item, 8);
    assert_int_equal(in->safety[0].at_least, 1);
    assert_string_equal(in->safety[0].label, "thoughts of death or self-harm");
    static const char *const others[] = {"gad7", "pcl5", "bipf", "phq2", "phq8", "gad2"};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(instrument(others[i])->n_safety, 0);
}

static void
test_gad7(void **state)
{
    (void)state;
    assert_items("gad7", "GAD-7", 7, 3, 1);
    const struct om_scale *total = scale("gad7", "total");
    assert_scale(total, OM_COMBINE_SUM, 1, 7, 21, 1);
    static const struct expected_band bands[] = {
        {"minimal", 0}, {"mild", 5}, {"moderate", 10}, {"severe", 15}};
    assert_bands(total, bands, 4);
    assert_int_equal(total->n_cutoffs, 2);
    assert_cutoff(total, "10", 10, true, false);
    assert_non_null(strstr(assert_cutoff(total, "8", 8, false, false)->label, "NHS"));
    assert_int_equal(total->remission_below.num, 5);
    assert_non_null(strstr(total->remission_source.note, "analogy"));
    assert_int_equal(total->n_thresholds, 3);
    assert_threshold(total, "reliable", "nhs", 4, true);
    assert_threshold(total, "reliable", "bischoff", 6, false);
    assert_threshold(total, "meaningful", "mcid", 4, true);
    assert_int_equal(total->n_norms, 2);
    assert_norm(total, 0, NAN, 4.7, 0.83, "test-retest");
    assert_norm(total, 1, NAN, 5.1, 0.92, "alpha");
    assert_prefixes("gad7", "gad7", "gad");
}

static void
test_pcl5(void **state)
{
    (void)state;
    assert_items("pcl5", "PCL-5", 20, 4, 6);
    const struct om_scale *total = scale("pcl5", "total");
    assert_scale(total, OM_COMBINE_SUM, 1, 20, 80, 4);
    assert_int_equal(total->n_bands, 0); /* none is official */
    assert_int_equal(total->n_cutoffs, 4);
    assert_cutoff(total, "31", 31, false, false);
    assert_cutoff(total, "32", 32, false, false);
    assert_cutoff(total, "38", 38, false, false);
    assert_non_null(assert_cutoff(total, "33", 33, true, false)->source.note);
    assert_false(total->has_remission);
    assert_int_equal(total->n_thresholds, 3);
    assert_threshold(total, "reliable", "15", 15, true);
    assert_threshold(total, "reliable", "18", 18, false);
    assert_threshold(total, "meaningful", "10", 10, true);
    assert_int_equal(total->n_norms, 4);
    assert_norm(total, 0, 278, NAN, 0.94, "alpha");
    assert_norm(total, 1, NAN, NAN, 0.82, "test-retest");
    assert_norm(total, 2, 468, NAN, 0.96, "alpha");
    assert_norm(total, 3, NAN, NAN, 0.84, "test-retest");
    assert_prefixes("pcl5", "pcl5", "pcl");
    assert_string_equal(instrument("pcl5")->recall, "1 month");
}

static void
test_pcl5_clusters(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        int first, last, highest, max_blank, needed;
    } cluster[] = {{"cluster_b", 1, 5, 20, 1, 1},
                   {"cluster_c", 6, 7, 8, 0, 1},
                   {"cluster_d", 8, 14, 28, 1, 2},
                   {"cluster_e", 15, 20, 24, 1, 2}};
    const struct om_scale *ptsd = scale("pcl5", "provisional_ptsd");
    assert_scale(ptsd, OM_COMBINE_CLASS, 1, 20, 1, 0);
    assert_int_equal(ptsd->n_classes, 2);
    assert_string_equal(ptsd->class_[0].id, "yes");
    assert_string_equal(ptsd->class_[1].id, "no");
    assert_int_equal(ptsd->class_[0].n_criteria, 4);
    assert_cutoff(ptsd, "yes", 1, true, false);
    for (int i = 0; i < 20; i++)
        assert_int_equal(ptsd->endorsed[i], 2);
    for (size_t i = 0; i < 4; i++) {
        const struct om_scale *s = scale("pcl5", cluster[i].id);
        assert_scale(s, OM_COMBINE_SUM, cluster[i].first, cluster[i].last, cluster[i].highest,
                     cluster[i].max_blank);
        assert_true(ptsd->class_[0].criterion[i].items == s->items);
        assert_int_equal(ptsd->class_[0].criterion[i].at_least, cluster[i].needed);
    }
}

static void
test_bipf(void **state)
{
    (void)state;
    const struct om_instrument *in = instrument("bipf");
    assert_items("bipf", "B-IPF", 7, 6, 1);
    const struct om_scale *total = scale("bipf", "total");
    assert_scale(total, OM_COMBINE_PERCENT, 1, 7, 100, 1);
    static const struct expected_band bands[] = {
        {"none", 0}, {"mild", 11}, {"moderate", 31}, {"severe", 51}, {"extreme", 81}};
    assert_bands(total, bands, 5);
    assert_string_equal(total->band_source.evidence, "verified");
    assert_non_null(strstr(total->band_source.note, "secondary source"));
    assert_int_equal(total->n_cutoffs, 2);
    const struct om_cutoff *above_10 = assert_cutoff(total, "10", 11, true, true);
    assert_string_equal(above_10->label, "above 10");
    assert_non_null(strstr(above_10->source.note, "No cut-off is published"));
    assert_string_equal(assert_cutoff(total, "30", 31, false, true)->label, "above 30");
    assert_int_equal(total->n_thresholds, 0);
    assert_int_equal(total->n_norms, 0);
    assert_false(total->has_remission);
    assert_true(in->has_na);
    static const char *const na[] = {"NA", "N/A", "Not applicable", "Does not apply"};
    assert_int_equal(in->n_na_labels, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(in->na_label[i], na[i]);
    assert_prefixes("bipf", "bipf", "b_ipf");
    assert_string_equal(assert_naming("bipf", "REDCap", "bipf_spouse", "bipf_daily")->column[3],
                        "bipf_friends");
}

static void
test_short_forms(void **state)
{
    (void)state;
    static const struct {
        const char *id, *name, *parent;
        int n, highest, max_blank, cutoff;
        size_t n_cutoffs;
    } form[] = {{"phq2", "PHQ-2", "phq9", 2, 6, 0, 3, 2},
                {"phq8", "PHQ-8", "phq9", 8, 24, 1, 10, 1},
                {"gad2", "GAD-2", "gad7", 2, 6, 0, 3, 1}};
    for (size_t i = 0; i < 3; i++) {
        const struct om_instrument *in = instrument(form[i].id), *parent = instrument(form[i].parent);
        assert_items(form[i].id, form[i].name, (size_t)form[i].n, 3, 1);
        assert_string_equal(in->parent, form[i].parent);
        for (int j = 0; j < form[i].n; j++) {
            assert_int_equal(in->parent_item[j], j);
            assert_string_equal(in->item[j].label, parent->item[j].label);
        }
        const struct om_scale *total = scale(form[i].id, "total");
        assert_scale(total, OM_COMBINE_SUM, 1, form[i].n, form[i].highest, form[i].max_blank);
        assert_int_equal(total->n_cutoffs, form[i].n_cutoffs);
        assert_ptr_equal(om_scale_default_cutoff(total), &total->cutoff[0]);
        assert_int_equal(total->cutoff[0].at.num, form[i].cutoff);
        assert_int_equal(in->n_namings, 0);
        assert_prefixes(form[i].id, form[i].id, NULL);
        assert_string_equal(in->recall, "2 weeks");
    }
    static const struct expected_band bands[] = {
        {"minimal", 0}, {"mild", 5}, {"moderate", 10}, {"moderately_severe", 15}, {"severe", 20}};
    assert_bands(scale("phq8", "total"), bands, 5);
}

/* --- what all share --- */

static int
code_of(const struct om_instrument *in, const char *label)
{
    for (size_t i = 0; i < in->n_answers; i++)
        for (size_t j = 0; j < in->answer[i].n_labels; j++)
            if (strcmp(in->answer[i].label[j], label) == 0)
                return in->answer[i].code;
    return -1;
}

static void
test_wordings(void **state)
{
    (void)state;
    static const char *const ids[] = {"phq9", "gad7", "phq2", "phq8", "gad2"};
    for (size_t i = 0; i < 5; i++) {
        const struct om_instrument *in = instrument(ids[i]);
        assert_int_equal(code_of(in, "Not at all"), 0);
        assert_int_equal(code_of(in, "Several days"), 1);
        assert_int_equal(code_of(in, "More than half the days"), 2);
        assert_int_equal(code_of(in, "More than half"), 2);
        assert_int_equal(code_of(in, "Nearly every day"), 3);
        assert_int_equal(code_of(in, "Almost every day"), 3);
    }
    assert_int_equal(code_of(instrument("gad7"), "Not at all sure"), 0);
    static const char *const pcl5[] = {"Not at all", "A little bit", "Moderately", "Quite a bit",
                                       "Extremely"};
    for (int code = 0; code < 5; code++)
        assert_int_equal(code_of(instrument("pcl5"), pcl5[code]), code);
}

static void
test_code_books(void **state)
{
    (void)state;
    const struct om_naming *nhanes = assert_naming("phq9", "NHANES", "DPQ010", "DPQ090");
    assert_string_equal(nhanes->column[4], "DPQ050");
    assert_int_equal(nhanes->n_missing, 0);
    assert_int_equal(nhanes->n_declined, 2);
    assert_string_equal(nhanes->declined[0], "7");
    assert_string_equal(nhanes->declined[1], "9");
    assert_string_equal(assert_naming("phq9", "CDISC", "PHQ0101", "PHQ0109")->column[6], "PHQ0107");
    assert_naming("gad7", "CDISC", "GAD0101", "GAD0107");
    assert_string_equal(assert_naming("gad7", "CDISC version 2", "GAD0201", "GAD0207")->source.evidence,
                        "recalled");
    static const char *const phq9[] = {"44250-9", "44255-8", "44259-0", "44254-1", "44251-7",
                                       "44258-2", "44252-5", "44253-3", "44260-8"};
    static const char *const gad7[] = {"69725-0", "68509-9", "69733-4", "69734-2",
                                       "69735-9", "69689-8", "69736-7"};
    const struct om_naming *loinc = assert_naming("phq9", "LOINC", phq9[0], phq9[8]);
    for (size_t i = 0; i < 9; i++)
        assert_string_equal(loinc->column[i], phq9[i]);
    loinc = assert_naming("gad7", "LOINC", gad7[0], gad7[6]);
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(loinc->column[i], gad7[i]);
    assert_non_null(strstr(loinc->source.note, "Regenstrief"));
}

/* A default is verified, or says in a note why it is the default; nothing is verified without a citation. */
static void
test_every_default_has_a_source(void **state)
{
    (void)state;
    for (size_t k = 0; k < om_registry_count(registry); k++) {
        const struct om_instrument *in = om_registry_at(registry, k);
        assert_non_null(in->source.citation);
        assert_true(*in->license != '\0');
        assert_true(in->n_vectors > 0);
        for (size_t j = 0; j < in->n_scales; j++) {
            for (size_t i = 0; i < in->scale[j].n_cutoffs; i++)
                assert_non_null(in->scale[j].cutoff[i].source.evidence);
            for (size_t i = 0; i < in->scale[j].n_thresholds; i++)
                assert_non_null(in->scale[j].threshold[i].source.citation);
        }
    }
}

/* Every scale is the subject of a worked example. */
static void
test_every_scale_has_a_vector(void **state)
{
    (void)state;
    for (size_t k = 0; k < om_registry_count(registry); k++) {
        const struct om_instrument *in = om_registry_at(registry, k);
        for (size_t s = 0; s < in->n_scales; s++) {
            size_t n = 0;
            for (size_t v = 0; v < in->n_vectors; v++)
                for (size_t e = 0; e < in->vector[v].n_expect; e++)
                    n += strcmp(in->vector[v].expect[e].scale, in->scale[s].id) == 0;
            assert_true(n > 0);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phq9),
        cmocka_unit_test(test_phq9_algorithm),
        cmocka_unit_test(test_phq9_safety),
        cmocka_unit_test(test_gad7),
        cmocka_unit_test(test_pcl5),
        cmocka_unit_test(test_pcl5_clusters),
        cmocka_unit_test(test_bipf),
        cmocka_unit_test(test_short_forms),
        cmocka_unit_test(test_wordings),
        cmocka_unit_test(test_code_books),
        cmocka_unit_test(test_every_default_has_a_source),
        cmocka_unit_test(test_every_scale_has_a_vector),
    };
    return cmocka_run_group_tests(tests, start, finish);
}
