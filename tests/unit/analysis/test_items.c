/* Items left unanswered, against counting cells one by one. */
#include "unit/analysis/studies.h"

#include <stdlib.h>
#include <unistd.h>

enum { ITEMS = 7, PERSONS = 700, GROUPS = 3, TEXT = 1 << 20 };

/* [group, 0 = all][occasion][item]; the last item counts the forms */
static uint64_t expected[GROUPS + 1][2][ITEMS + 1];

/* One form of the B-IPF, which offers "does not apply". */
static int
write_form(char *to, size_t group, size_t occasion)
{
    static const char *const cells[] = {"3", "0", "6", "NA", "", "", "refused", "9"};
    const bool none = test_random() % 5 == 0, whole = test_random() % 3 == 0;
    bool missing[ITEMS], form = false;
    int n = 0;
    for (size_t i = 0; i < ITEMS; i++) {
        const char *cell = none ? "" : cells[test_random() % (whole ? 3 : sizeof cells / sizeof *cells)];
        missing[i] = cell[0] == '\0' || cell[0] == 'r' || cell[0] == '9';
        form |= cell[0] != '\0';
        n += sprintf(to + n, ",%s", cell);
    }
    for (size_t g = 0; g < 2 && form; g++) {
        uint64_t *counts = expected[g ? group + 1 : 0][occasion];
        for (size_t i = 0; i < ITEMS; i++)
            counts[i] += missing[i];
        counts[ITEMS]++;
    }
    return n;
}

static const char *
write_panel(void)
{
    char *text = malloc(TEXT);
    assert_non_null(text);
    int n = sprintf(text, "id,arm");
    for (int k = 0; k < 2; k++)
        for (int i = 1; i <= ITEMS; i++)
            n += sprintf(text + n, ",bipf_%d_%s", i, k ? "post" : "pre");
    n += sprintf(text + n, "\n");
    memset(expected, 0, sizeof expected);
    for (unsigned p = 0; p < PERSONS; p++) {
        const size_t group = test_random() % GROUPS;
        n += sprintf(text + n, "%u,%c", p, (char)('a' + group));
        for (size_t k = 0; k < 2; k++)
            n += write_form(text + n, group, k);
        n += sprintf(text + n, "\n");
    }
    const char *path = temporary_file(".csv", text, (size_t)n);
    free(text);
    return path;
}

/* Slips this sees: "does not apply" taken for missing, cells that are no answer not taken for it, forms that
 * are not there counted, the last rows of a block counted twice or left over from another one. */
static void
unanswered_items_are_counted(void **state)
{
    static const char *const groups[] = {"all", "arm=a", "arm=b", "arm=c"}, *const occasions[] = {"pre",
                                                                                                  "post"};
    (void)state;
    const char *path = write_panel();
    for (int threads = 1; threads <= 2; threads++) {
        struct run run =
            RUN("input", path, "by", "arm", "declined", "refused", "threads", threads == 1 ? "1" : "2");
        assert_run(&run);
        for (size_t g = 0; g <= GROUPS; g++)
            for (size_t k = 0; k < 2; k++)
                for (size_t i = 0; i < ITEMS; i++) {
                    char statistic[32];
                    snprintf(statistic, sizeof statistic, "item_missing.%s",
                             run.analysis->instrument[0]->item[i].id);
                    const struct om_result *row =
                        om_results_find(&run.analysis->results, groups[g], "bipf", "total", "all",
                                        occasions[k], "", statistic);
                    assert_non_null(row);
                    assert_int_equal(row->numerator, expected[g][k][i]);
                    assert_int_equal(row->denominator, expected[g][k][ITEMS]);
                }
        release(&run);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(unanswered_items_are_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
