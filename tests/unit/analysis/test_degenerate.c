/* Every statistic there is, on panels that have next to nothing: a row has a value or the reason why not. */
#include "studies.h"

#include <math.h>

/* A person: group, then PHQ-9, GAD-7 and a total at both occasions; -1 is no score. */
struct one {
    char group;
    int phq[2], gad[2], total[2];
};

static void
put_items(struct text *text, int total, int items, int highest)
{
    for (int i = 0; i < items; i++) {
        char cell[16] = ",";
        int here = total > highest ? highest : total;
        if (total >= 0) {
            snprintf(cell, sizeof cell, ",%d", here);
            total -= here;
        }
        text_put(text, cell);
    }
}

static const char *
panel_of(const struct one *person, size_t n)
{
    struct text text = {0};
    text_put(&text, "id,arm,age");
    for (int which = 0; which < 2; which++) {
        char name[32];
        for (int i = 1; i <= 9; i++)
            snprintf(name, sizeof name, ",phq9_%d_%s", i, which ? "post" : "pre"), text_put(&text, name);
        for (int i = 1; i <= 7; i++)
            snprintf(name, sizeof name, ",gad7_%d_%s", i, which ? "post" : "pre"), text_put(&text, name);
        text_put(&text, which ? ",bdi_post" : ",bdi_pre");
    }
    for (size_t i = 0; i < n; i++) {
        char key[64];
        snprintf(key, sizeof key, "\n%zu,%c,%d", i + 1, person[i].group, 30 + (int)i);
        text_put(&text, key);
        for (int which = 0; which < 2; which++) {
            put_items(&text, person[i].phq[which], 9, 3);
            put_items(&text, person[i].gad[which], 7, 3);
            char total[16] = ",";
            if (person[i].total[which] >= 0)
                snprintf(total, sizeof total, ",%d.5", person[i].total[which]);
            text_put(&text, total);
        }
    }
    text_put(&text, "\n");
    return text_file(&text);
}

/* Rows are numbers or reasons, and what is a fraction is one. */
static void
check_rows(const struct run *run, const char *what)
{
    const struct om_results *results = &run->analysis->results;
    for (size_t i = 0; i < results->n_rows; i++) {
        const struct om_result *row = &results->row[i];
        char where[300];
        snprintf(where, sizeof where, "%s: %s %s %s %s %s %s %s", what, row->group, row->instrument,
                 row->scale, row->population, row->occasion, row->rule, row->statistic);
        if (!row->has_value && !*row->note)
            fail_msg("%s has neither a value nor a reason", where);
        if (row->has_value && !isfinite(row->value))
            fail_msg("%s is not finite", where);
        if (row->has_interval && !(row->lower <= row->upper))
            fail_msg("%s: bounds %g to %g", where, row->lower, row->upper);
        if (row->has_interval && !row->has_value)
            fail_msg("%s has bounds without a value", where);
        size_t length = strlen(row->statistic);
        bool is_p = length > 2 && strcmp(row->statistic + length - 2, ".p") == 0;
        if (is_p && row->has_value && !(row->value >= 0 && row->value <= 1))
            fail_msg("%s is %g", where, row->value);
        if (row->has_ratio && row->numerator > row->denominator)
            fail_msg("%s: %llu of %llu", where, (unsigned long long)row->numerator,
                     (unsigned long long)row->denominator);
    }
}

static void
check_panel(const char *what, const struct one *person, size_t n)
{
    const char *file = panel_of(person, n);
    for (int grouped = 0; grouped < 2; grouped++) {
        struct run run = RUN("input", file, "scale", "bdi:bdi", "rule", "all", "reliability", "bdi=.8",
                             "anchor", "bdi=5", "functional-norms", "bdi=8:3", "statistics", "all",
                             "describe", "age", "by", grouped ? "arm" : "id");
        if (!grouped) { /* a person a group is refused: everyone in one then */
            release(&run);
            run =
                RUN("input", file, "scale", "bdi:bdi", "rule", "all", "statistics", "all", "describe", "age");
        }
        if (run.status != OM_OK)
            fail_msg("%s: %s", what, run.err.message);
        check_rows(&run, what);
        release(&run);
    }
}
#define CHECK(what, ...)                                                                                     \
    check_panel(what, (struct one[]){__VA_ARGS__}, sizeof(struct one[]){__VA_ARGS__} / sizeof(struct one))

static void
test_few(void **state)
{
    (void)state;
    CHECK("one person", {'a', {12, 7}, {9, 4}, {20, 9}});
    CHECK("two persons", {'a', {12, 7}, {9, 4}, {20, 9}}, {'a', {15, 15}, {12, 3}, {22, 30}});
    CHECK("one each", {'a', {12, 7}, {9, 4}, {20, 9}}, {'b', {15, 15}, {12, 3}, {22, 30}});
    CHECK("three", {'a', {12, 7}, {9, 4}, {20, 9}}, {'b', {15, 15}, {12, 3}, {22, 30}},
          {'b', {3, 9}, {1, 8}, {5, 15}});
    CHECK("nobody paired in b", {'a', {12, 7}, {9, 4}, {20, 9}}, {'a', {15, 15}, {12, 3}, {22, 30}},
          {'b', {3, -1}, {1, -1}, {5, -1}}, {'c', {-1, 3}, {-1, 3}, {-1, 3}});
    CHECK("one measure only", {'a', {12, 7}, {-1, -1}, {-1, 4}}, {'b', {15, 15}, {-1, -1}, {5, -1}});
}

static void
test_flat(void **state)
{
    (void)state;
    CHECK("nobody changed", {'a', {12, 12}, {9, 9}, {20, 20}}, {'a', {15, 15}, {12, 12}, {22, 22}},
          {'b', {3, 3}, {1, 1}, {5, 5}}, {'b', {8, 8}, {8, 8}, {8, 8}});
    CHECK("all the same", {'a', {12, 12}, {9, 9}, {20, 20}}, {'a', {12, 12}, {9, 9}, {20, 20}},
          {'b', {12, 12}, {9, 9}, {20, 20}}, {'b', {12, 12}, {9, 9}, {20, 20}});
    CHECK("one change", {'a', {12, 7}, {9, 4}, {20, 15}}, {'a', {15, 10}, {12, 7}, {22, 17}},
          {'b', {13, 8}, {11, 6}, {15, 10}}, {'b', {18, 13}, {18, 13}, {18, 13}});
    CHECK("flat before", {'a', {12, 7}, {9, 4}, {20, 9}}, {'a', {12, 15}, {9, 3}, {20, 30}},
          {'b', {12, 9}, {9, 8}, {20, 15}}, {'b', {12, 1}, {9, 0}, {20, 0}});
    CHECK("flat after", {'a', {12, 7}, {9, 4}, {20, 9}}, {'a', {1, 7}, {19, 4}, {10, 9}},
          {'b', {2, 7}, {7, 4}, {21, 9}}, {'b', {22, 7}, {2, 4}, {0, 9}});
    CHECK("zeros", {'a', {0, 0}, {0, 0}, {0, 0}}, {'a', {0, 0}, {0, 0}, {0, 0}},
          {'b', {0, 0}, {0, 0}, {0, 0}});
    CHECK("extremes", {'a', {27, 0}, {21, 0}, {63, 0}}, {'a', {0, 27}, {0, 21}, {0, 63}},
          {'b', {27, 0}, {21, 0}, {63, 0}}, {'b', {0, 27}, {0, 21}, {0, 63}});
    CHECK("on a line", {'a', {2, 4}, {1, 2}, {3, 6}}, {'a', {4, 8}, {2, 4}, {6, 12}},
          {'b', {6, 12}, {3, 6}, {9, 18}}, {'b', {8, 16}, {4, 8}, {12, 24}});
    CHECK("no positives", {'a', {1, 2}, {1, 2}, {3, 6}}, {'a', {4, 3}, {2, 4}, {6, 5}},
          {'b', {6, 2}, {3, 6}, {9, 8}}, {'b', {8, 6}, {4, 8}, {2, 4}});
}

/* One occasion: what compares two is absent, the rest is there. */
static void
test_one_occasion(void **state)
{
    (void)state;
    static const char *const panels[] = {
        "id,arm,age,gad2_1,gad2_2,bdi\n1,a,30,1,2,4.5\n",
        "id,arm,age,gad2_1,gad2_2,bdi\n1,a,30,1,2,4.5\n2,b,,1,2,4.5\n3,b,50,,,\n",
        "id,arm,age,gad2_1,gad2_2,bdi\n1,a,x,3,3,4.5\n2,b,y,1,2,6\n3,b,50,0,0,\n4,a,1,2,3,9\n5,a,1,2,3,9\n",
    };
    for (size_t i = 0; i < sizeof panels / sizeof panels[0]; i++) {
        struct run run = RUN("input", file_of(panels[i]), "scale", "bdi:bdi", "statistics", "all", "describe",
                             "age", "by", "arm");
        if (run.status != OM_OK)
            fail_msg("%s", run.err.message);
        check_rows(&run, "one occasion");
        release(&run);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few),
        cmocka_unit_test(test_flat),
        cmocka_unit_test(test_one_occasion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
