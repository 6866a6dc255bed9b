#include "headers.h"

#include "base/error.h"
#include "base/memory.h"
#include "panel/guess.h"

/* --- names that are understood -------------------------------------------------------------------------- */

/* Every way of writing the names of one occasion that is understood. */
static void
test_one_occasion(void **state)
{
    (void)state;
    static const struct {
        const char *instrument, *pattern;
        int n;
    } cases[] = {
        {"phq9", "phq#", 9},          {"phq9", "phq9_#", 9},       {"phq9", "PHQ#", 9},
        {"phq9", "PHQ-9_#", 9},       {"phq9", "PHQ-9 item #", 9}, {"phq9", "phq_9_#", 9},
        {"phq9", "phq9_q##", 9},      {"phq9", "phq9_##", 9},      {"phq9", "Phq9.#", 9},
        {"phq9", "phq9 #", 9},        {"phq9", "phq9-item-#", 9},  {"phq9", "phq9_question_#", 9},
        {"phq9", "phq9:#", 9},        {"phq9", "phq9/#", 9},       {"phq9", "PHQ010#", 9},
        {"phq9", "DPQ0#0", 9},        {"phq9", "dpq0#0", 9},       {"phq9", "phq9_#_911f02", 9},
        {"phq9", "phq9__#", 9},       {"gad7", "gad7_#", 7},       {"gad7", "gad#", 7},
        {"gad7", "GAD-7_#", 7},       {"gad7", "GAD010#", 7},      {"pcl5", "pcl5_#", 20},
        {"pcl5", "PCL-5 ##", 20},     {"bipf", "bipf_#", 7},       {"bipf", "B-IPF_#", 7},
        {"phq8", "phq8_#", 8},        {"phq2", "phq2_#", 2},       {"gad2", "gad2_#", 2},
        {"gad7", "gad7_#_0a1b2c", 7}, {"phq9", "phq9_i#", 9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct om_texts header = {0};
        struct om_recognition read;
        struct om_error err;
        add_column(&header, "id");
        add_items(&header, cases[i].pattern, 1, cases[i].n);
        if (recognise(&header, NULL, &read, &err) != OM_OK)
            fail_msg("%s: %s", cases[i].pattern, err.message);
        if (read.n_forms != 1)
            fail_msg("%s: %zu forms", cases[i].pattern, read.n_forms);
        assert_form(&read, cases[i].instrument, "", 1);
        om_recognition_release(&read);
        om_texts_release(&header);
    }
}

/* And of two occasions: wherever the word stands, and whatever separates. */
static void
test_two_occasions(void **state)
{
    (void)state;
    static const struct {
        const char *first, *last, *at_first, *at_last;
    } cases[] = {
        {"phq9_#_pre", "phq9_#_post", "pre", "post"},
        {"phq9_pre_#", "phq9_post_#", "pre", "post"},
        {"pre_phq9_#", "post_phq9_#", "pre", "post"},
        {"PHQ9_#_T1", "PHQ9_#_T2", "t1", "t2"},
        {"PHQ#_w1", "PHQ#_w2", "w1", "w2"},
        {"phq9_#_1", "phq9_#_2", "1", "2"},
        {"phq9_1_#", "phq9_2_#", "1", "2"},
        {"PRE.PHQ-9.#", "POST.PHQ-9.#", "pre", "post"},
        {"phq9 # baseline", "phq9 # week 12", "baseline", "week12"},
        {"phq9_q##_pre", "phq9_q##_post", "pre", "post"},
        {"phq9_#_pre_911f02", "phq9_#_post_911f02", "pre", "post"},
        {"phq9_#_fu1", "phq9_#_fu2", "fu1", "fu2"},
        {"DPQ0#0_pre", "DPQ0#0_post", "pre", "post"},
        {"phq9_#_time_1", "phq9_#_time_2", "time1", "time2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct om_texts header = {0};
        struct om_recognition read;
        struct om_error err;
        add_column(&header, "id");
        add_items(&header, cases[i].first, 1, 9);
        add_items(&header, cases[i].last, 1, 9);
        if (recognise(&header, NULL, &read, &err) != OM_OK)
            fail_msg("%s: %s", cases[i].first, err.message);
        if (read.n_forms != 2)
            fail_msg("%s: %zu forms", cases[i].first, read.n_forms);
        assert_form(&read, "phq9", cases[i].at_first, 1);
        assert_form(&read, "phq9", cases[i].at_last, 10);
        om_recognition_release(&read);
        om_texts_release(&header);
    }
}

/* Items are found by number, not by place; other columns may stand between. */
static void
test_order_of_columns_does_not_matter(void **state)
{
    (void)state;
    struct om_texts header = {0};
    struct om_recognition read;
    struct om_error err;
    static const int order[] = {9, 2, 7, 1, 8, 3, 6, 4, 5};
    for (size_t i = 0; i < 9; i++) {
        char name[40];
        snprintf(name, sizeof name, "phq9_%d", order[i]);
        add_column(&header, name);
        add_column(&header, i % 2 ? "age" : "comment");
    }
    assert_ok(recognise(&header, NULL, &read, &err));
    const struct om_form_columns *form = find_form(&read, "phq9", "");
    assert_non_null(form);
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(form->column[order[i] - 1], 2 * i);
    om_recognition_release(&read);
    om_texts_release(&header);
}

/* REDCap names the parts of life, and the NHANES book brings its codes for "no answer". */
static void
test_code_books(void **state)
{
    (void)state;
    struct om_texts header = {0};
    struct om_recognition read;
    struct om_error err;
    static const char *const bipf[] = {"bipf_spouse", "bipf_children",  "bipf_family", "bipf_friends",
                                       "bipf_work",   "bipf_education", "bipf_daily"};
    for (size_t i = 0; i < 7; i++)
        add_column(&header, bipf[i]);
    add_items(&header, "DPQ0#0", 1, 9);
    add_column(&header, "DPQ100"); /* the difficulty question is no item */
    assert_ok(recognise(&header, NULL, &read, &err));
    assert_int_equal(read.n_forms, 2);
    assert_form(&read, "bipf", "", 0);
    assert_form(&read, "phq9", "", 7);
    assert_string_equal(find_form(&read, "phq9", "")->naming->name, "NHANES");
    assert_int_equal(find_form(&read, "phq9", "")->naming->n_declined, 2);
    om_recognition_release(&read);
    om_texts_release(&header);
}

/* --- near collisions
 * ---------------------------------------------------------------------------------------- */

/* Totals, the difficulty question, dates and short forms beside the items are not taken for items. */
static void
test_neighbours_of_the_items(void **state)
{
    (void)state;
    static const char *const beside[] = {
        "phq9",           "phq9_total", "phq9_10",       "phq9_sum",      "phq9_date",     "PHQ9_0",
        "phq9_1_comment", "phq10",      "gad7_total",    "phq90",         "phq9_11",       "pre_date",
        "pre_phq9_1",     "phq9_1_t",   "phq9_complete", "phq9_5_911f02", "phq9_timestamp"};
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        struct om_texts header = {0};
        struct om_recognition read;
        struct om_error err;
        add_column(&header, beside[i]);
        add_items(&header, "phq9_#", 1, 9);
        if (recognise(&header, NULL, &read, &err) != OM_OK)
            fail_msg("%s: %s", beside[i], err.message);
        if (read.n_forms != 1)
            fail_msg("%s: %zu forms", beside[i], read.n_forms);
        assert_form(&read, "phq9", "", 1);
        om_recognition_release(&read);
        om_texts_release(&header);
    }
}

/* Half of the items or fewer are a few questions, not a form with gaps. */
static void
test_a_few_questions(void **state)
{
    (void)state;
    struct om_texts header = {0};
    struct om_recognition read;
    struct om_error err;
    add_items(&header, "gad7_#", 1, 7);
    add_items(&header, "phq9_#", 1, 4);
    add_items(&header, "pcl5_#", 1, 10);
    assert_ok(recognise(&header, NULL, &read, &err));
    assert_int_equal(read.n_forms, 1);
    assert_form(&read, "gad7", "", 0);
    om_recognition_release(&read);
    add_items(&header, "phq9_#", 5, 5);
    assert_int_equal(recognise(&header, NULL, &read, &err), OM_ERR_PANEL);
    om_texts_release(&header);
}

static void
test_short_forms_beside_the_long_one(void **state)
{
    (void)state;
    struct om_texts header = {0};
    struct om_recognition read;
    struct om_error err;
    add_items(&header, "phq9_#_pre", 1, 9);
    add_items(&header, "phq8_#_pre", 1, 8);
    add_items(&header, "phq2_#_pre", 1, 2);
    add_items(&header, "gad7_#_pre", 1, 7);
    add_items(&header, "gad2_#_pre", 1, 2);
    assert_ok(recognise(&header, NULL, &read, &err));
    assert_int_equal(read.n_forms, 5);
    assert_form(&read, "phq9", "pre", 0);
    assert_form(&read, "phq8", "pre", 9);
    assert_form(&read, "phq2", "pre", 17);
    assert_form(&read, "gad7", "pre", 19);
    assert_form(&read, "gad2", "pre", 26);
    om_recognition_release(&read);
    om_texts_release(&header);
}

/* gad7_1_1 may be item 1 at occasion 1 or the reverse; which, the other columns say. */
static void
test_numbers_for_items_and_occasions(void **state)
{
    (void)state;
    struct om_recognition read;
    struct om_error err;
    struct om_texts header = {0};
    add_items(&header, "gad7_#_1", 1, 7);
    add_items(&header, "gad7_#_2", 1, 7);
    add_items(&header, "gad7_#_3", 1, 7);
    assert_ok(recognise(&header, NULL, &read, &err));
    assert_int_equal(read.n_forms, 3);
    assert_form(&read, "gad7", "1", 0);
    assert_form(&read, "gad7", "3", 14);
    om_recognition_release(&read);
    om_texts_release(&header);
}

/* --- what is refused
 * ---------------------------------------------------------------------------------------- */

static void
refuse(struct om_texts *header, const struct om_panel_spec *spec, om_status want, const char *message_has,
       const char *also_has, const char *hint_has)
{
    struct om_recognition read;
    struct om_error err;
    om_status got = recognise(header, spec, &read, &err);
    if (got != want || !strstr(err.message, message_has) || !strstr(err.message, also_has) ||
        !strstr(err.hint, hint_has))
        fail_msg("%s: \"%s\" (%s)", om_status_name(got), err.message, err.hint);
    om_texts_release(header);
}

/* As many occasions as items: both readings are complete, and both are named. */
static void
test_two_readings_of_the_same_columns(void **state)
{
    (void)state;
    struct om_texts header = {0};
    for (int occasion = 1; occasion <= 7; occasion++) {
        char pattern[40];
        snprintf(pattern, sizeof pattern, "gad7_#_%d", occasion);
        add_items(&header, pattern, 1, 7);
    }
    refuse(&header, NULL, OM_ERR_PANEL, "'gad7_{item}_{occasion}'", "'gad7_{occasion}_{item}'",
           "--map gad7=");
}

static void
test_two_sets_of_columns_compete(void **state)
{
    (void)state;
    struct om_texts header = {0};
    add_items(&header, "phq9_#", 1, 9);
    add_items(&header, "phq#", 1, 9);
    refuse(&header, NULL, OM_ERR_PANEL, "'phq9_{item}'", "'phq{item}'", "--map phq9=");

    header = (struct om_texts){0};
    add_items(&header, "phq9_#_pre", 1, 9);
    add_items(&header, "pre_phq9_#", 1, 9);
    refuse(&header, NULL, OM_ERR_PANEL, "'phq9_{item}_{occasion}'", "'{occasion}_phq9_{item}'",
           "--map phq9=");

    header = (struct om_texts){0};
    add_items(&header, "phq9_#", 1, 9);
    add_items(&header, "DPQ0#0", 1, 9);
    refuse(&header, NULL, OM_ERR_PANEL, "'phq9_{item}'", "NHANES", "--map phq9=");
}

static void
test_two_columns_are_one_item(void **state)
{
    (void)state;
    struct om_texts header = {0};
    add_items(&header, "phq9_#", 1, 9);
    add_column(&header, "phq9_03");
    refuse(&header, NULL, OM_ERR_PANEL, "columns 3 and 10", "item 3", "--map phq9=");

    header = (struct om_texts){0};
    add_items(&header, "phq9_#", 1, 9);
    add_column(&header, "PHQ9_5");
    refuse(&header, NULL, OM_ERR_PANEL, "columns 5 and 10", "item 5", "--map phq9=");
}

static void
test_missing_items(void **state)
{
    (void)state;
    struct om_texts header = {0};
    add_items(&header, "phq9_#", 1, 6);
    add_items(&header, "phq9_#", 8, 9);
    refuse(&header, NULL, OM_ERR_PANEL, "no column for item 7 ", "'phq9_{item}'", "--map phq9=");

    header = (struct om_texts){0};
    add_items(&header, "phq#", 1, 8); /* could be a PHQ-8, which it does not say */
    refuse(&header, NULL, OM_ERR_PANEL, "no column for item 9 ", "'phq{item}'", "--map phq9=");

    header = (struct om_texts){0};
    add_items(&header, "phq9_#_pre", 1, 9);
    add_items(&header, "phq9_#_post", 1, 7);
    refuse(&header, NULL, OM_ERR_PANEL, "no column for items 8, 9 ", "at occasion post", "--map phq9=");

    header = (struct om_texts){0};
    add_items(&header, "pcl5_#", 1, 19);
    refuse(&header, NULL, OM_ERR_PANEL, "no column for item 20 ", "PCL-5", "--map pcl5=");
}

/* --- maps
 * --------------------------------------------------------------------------------------------------- */

static struct om_panel_map
map_of(const char *instrument, const char *occasion, const char *pattern)
{
    struct om_panel_map map = {.instrument = (char *)(uintptr_t)instrument,
                               .occasion = (char *)(uintptr_t)occasion,
                               .pattern = (char *)(uintptr_t)pattern};
    return map;
}

/* A map takes the place of the names: what looks like the instrument elsewhere is left alone. */
static void
test_map_by_pattern(void **state)
{
    (void)state;
    struct om_recognition read;
    struct om_error err;
    struct om_texts header = {0};
    add_items(&header, "phq9_#", 1, 9);
    add_items(&header, "Item#_num", 1, 9);
    add_items(&header, "Item#", 1, 9);
    struct om_panel_map map = map_of("phq9", NULL, "item{item}_num");
    struct om_panel_spec spec = {.map = &map, .n_maps = 1};
    assert_ok(recognise(&header, &spec, &read, &err));
    assert_int_equal(read.n_forms, 1);
    assert_form(&read, "phq9", "", 9);
    om_recognition_release(&read);

    map = map_of("phq9", NULL, "Item{item}");
    assert_ok(recognise(&header, &spec, &read, &err));
    assert_int_equal(read.n_forms, 1);
    assert_form(&read, "phq9", "", 18);
    om_recognition_release(&read);

    map = map_of("phq9", NULL, "phq9_{item}"); /* also the way out of two readings */
    add_items(&header, "phq#", 1, 9);
    assert_ok(recognise(&header, &spec, &read, &err));
    assert_int_equal(read.n_forms, 1);
    assert_form(&read, "phq9", "", 0);
    om_recognition_release(&read);
    om_texts_release(&header);
}

/* Leading zeros, and the longest item first: "1" and "10" are told apart. */
static void
test_map_with_zeros_and_two_digits(void **state)
{
    (void)state;
    struct om_recognition read;
    struct om_error err;
    struct om_texts header = {0};
    add_column(&header, "");
    add_items(&header, "Q28_##_MONTH", 1, 20);
    struct om_panel_map map = map_of("pcl5", NULL, "Q28_{item}_MONTH");
    struct om_panel_spec spec = {.map = &map, .n_maps = 1};
    assert_ok(recognise(&header, &spec, &read, &err));
    assert_form(&read, "pcl5", "", 1);
    om_recognition_release(&read);
    om_texts_release(&header);
    add_items(&header, "s#", 1, 20);
    map = map_of("pcl5", NULL, "S{item}");
    assert_ok(recognise(&header, &spec, &read, &err));
    assert_form(&read, "pcl5", "", 0);
    om_recognition_release(&read);
    om_texts_release(&header);
}

static void
test_map_with_occasions(void **state)
{
    (void)state;
    struct om_recognition read;
    struct om_error err;
    struct om_texts header = {0};
    add_items(&header, "before.q#", 1, 9);
    add_items(&header, "at week 8.q#", 1, 9);
    add_column(&header, "notes.q1"); /* fits the pattern, but is no form */
    struct om_panel_map map = map_of("phq9", NULL, "{occasion}.q{item}");
    struct om_panel_spec spec = {.map = &map, .n_maps = 1};
    assert_ok(recognise(&header, &spec, &read, &err));
    assert_int_equal(read.n_forms, 2);
    assert_form(&read, "phq9", "before", 0);
    assert_form(&read, "phq9", "atweek8", 9);
    om_recognition_release(&read);

    struct om_panel_map two[] = {map_of("phq9", "pre", "before.q{item}"), map_of("phq9", "post", NULL)};
    add_items(&two[1].columns, "at week 8.q#", 1, 9);
    spec = (struct om_panel_spec){.map = two, .n_maps = 2};
    assert_ok(recognise(&header, &spec, &read, &err));
    assert_int_equal(read.n_forms, 2);
    assert_form(&read, "phq9", "pre", 0);
    assert_form(&read, "phq9", "post", 9);
    om_recognition_release(&read);
    om_texts_release(&two[1].columns);
    om_texts_release(&header);
}

/* A list is in item order whatever the order of the file. */
static void
test_map_by_list(void **state)
{
    (void)state;
    struct om_recognition read;
    struct om_error err;
    struct om_texts header = {0};
    add_column(&header, "sad");
    add_column(&header, "id");
    add_column(&header, "Interest");
    struct om_panel_map map = map_of("phq2", NULL, NULL);
    add_column(&map.columns, "interest");
    add_column(&map.columns, "SAD");
    struct om_panel_spec spec = {.map = &map, .n_maps = 1};
    assert_ok(recognise(&header, &spec, &read, &err));
    const struct om_form_columns *form = find_form(&read, "phq2", "");
    assert_non_null(form);
    assert_int_equal(form->column[0], 2);
    assert_int_equal(form->column[1], 0);
    om_recognition_release(&read);

    add_column(&map.columns, "id");
    struct om_texts copy = {0};
    for (size_t i = 0; i < header.n; i++)
        add_column(&copy, header.at[i]);
    refuse(&copy, &spec, OM_ERR_USAGE, "lists 3 columns", "2 items", "one column for each item");
    om_texts_release(&map.columns);
    om_texts_release(&header);
}

static void
test_maps_that_fit_nothing(void **state)
{
    (void)state;
    struct om_texts header = {0};
    struct om_panel_map map = map_of("phq9", NULL, "question{item}");
    struct om_panel_spec spec = {.map = &map, .n_maps = 1};
    add_items(&header, "phq9_#", 1, 9);
    refuse(&header, &spec, OM_ERR_USAGE, "'question{item}'", "phq9", "{item}");

    map = map_of("phq99", NULL, "phq9_{item}");
    add_items(&header, "phq9_#", 1, 9);
    refuse(&header, &spec, OM_ERR_USAGE, "'phq99'", "not known", "--instrument");

    map = map_of("phq9", NULL, "phq9_{item}");
    add_items(&header, "phq9_#", 1, 4); /* less than half, but asked for */
    refuse(&header, &spec, OM_ERR_PANEL, "items 5, 6, 7, 8, 9", "PHQ-9", "--map");

    map = map_of("phq2", NULL, NULL);
    add_column(&map.columns, "phq9_1");
    add_column(&map.columns, "nowhere");
    add_items(&header, "phq9_#", 1, 9);
    refuse(&header, &spec, OM_ERR_USAGE, "'nowhere'", "phq2", "first line");
    om_texts_release(&map.columns);
}

/* --- odds and ends
 * ------------------------------------------------------------------------------------------- */

/* Names that nothing is made of, however odd, are no error. */
static void
test_strange_names(void **state)
{
    (void)state;
    struct om_recognition read;
    struct om_error err;
    struct om_texts header = {0};
    char lengthy[5000];
    memset(lengthy, 'a', sizeof lengthy - 1);
    lengthy[sizeof lengthy - 1] = '\0';
    static const char *const names[] = {
        "",       " ",         "_",    "____",   "1",
        "-",      "phq",       "9",    "é",      "a_b_c_d_e_f_g_h_i_j_k_l_m_n_o_p_q_r_s_t_u_v_w_x_y_z",
        "{item}", "phq{item}", "%s%n", "phq9_%d"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        add_column(&header, names[i]);
    add_column(&header, lengthy);
    assert_ok(recognise(&header, NULL, &read, &err));
    assert_int_equal(read.n_forms, 0);
    om_recognition_release(&read);
    om_texts_release(&header);
}

static void
test_patterns(void **state)
{
    (void)state;
    const struct om_instrument *phq9 = om_registry_find(registry, "phq9");
    char occasion[OM_OCCASION_TEXT];
    int item;
    assert_true(om_guess_pattern(phq9, "Q{item}", "q07", &item, occasion));
    assert_int_equal(item, 6);
    assert_string_equal(occasion, "");
    assert_true(om_guess_pattern(phq9, "{item}{occasion}", "3pre", &item, occasion));
    assert_int_equal(item, 2);
    assert_string_equal(occasion, "pre");
    assert_true(om_guess_pattern(phq9, "{occasion}_{item}", "a_b_9", &item, occasion));
    assert_string_equal(occasion, "ab");
    assert_false(om_guess_pattern(phq9, "q{item}", "q10", &item, occasion));
    assert_false(om_guess_pattern(phq9, "q{item}", "q", &item, occasion));
    assert_false(om_guess_pattern(phq9, "q{item}", "q1_", &item, occasion));
    assert_false(om_guess_pattern(phq9, "q{item}", "", &item, occasion));
    assert_false(om_guess_pattern(phq9, "q{item}{x}", "q1", &item, occasion));
    assert_false(om_guess_pattern(phq9, "{occasion}", "pre", &item, occasion));
    assert_false(om_guess_pattern(phq9, "", "", &item, occasion));
}

static void
test_out_of_memory(void **state)
{
    (void)state;
    struct om_texts header = {0};
    add_items(&header, "phq9_#_pre", 1, 9);
    add_items(&header, "gad7_#_pre", 1, 7);
    size_t live = om_memory_live();
    om_status status = OM_ERR_NOMEM;
    for (size_t k = 0; k < 1000 && status == OM_ERR_NOMEM; k++) {
        struct om_recognition read;
        struct om_error err;
        om_memory_fail_at(k);
        status = recognise(&header, NULL, &read, &err);
        om_memory_fail_at((size_t)-1);
        if (status == OM_OK)
            om_recognition_release(&read);
        assert_int_equal(om_memory_live(), live);
    }
    assert_int_equal(status, OM_OK);
    om_texts_release(&header);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_occasion),
        cmocka_unit_test(test_two_occasions),
        cmocka_unit_test(test_order_of_columns_does_not_matter),
        cmocka_unit_test(test_code_books),
        cmocka_unit_test(test_neighbours_of_the_items),
        cmocka_unit_test(test_a_few_questions),
        cmocka_unit_test(test_short_forms_beside_the_long_one),
        cmocka_unit_test(test_numbers_for_items_and_occasions),
        cmocka_unit_test(test_two_readings_of_the_same_columns),
        cmocka_unit_test(test_two_sets_of_columns_compete),
        cmocka_unit_test(test_two_columns_are_one_item),
        cmocka_unit_test(test_missing_items),
        cmocka_unit_test(test_map_by_pattern),
        cmocka_unit_test(test_map_with_zeros_and_two_digits),
        cmocka_unit_test(test_map_with_occasions),
        cmocka_unit_test(test_map_by_list),
        cmocka_unit_test(test_maps_that_fit_nothing),
        cmocka_unit_test(test_strange_names),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, make_registry, free_registry);
}
