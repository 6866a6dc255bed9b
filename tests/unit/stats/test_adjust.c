#include <omstat/adjust.h>

#include "base/memory.h"
#include "support/support.h"

static struct om_error err;

static size_t
read_list(const json_t *list, double *out)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        out[i] = json_number_value(json_array_get(list, i));
    return json_array_size(list);
}

static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/adjust.json"), *e;
    size_t i;
    json_array_foreach(root, i, e)
    {
        double p[64], want[64], got[64];
        size_t n = read_list(json_object_get(e, "p"), p);
        for (int way = 0; way < 2; way++) {
            read_list(json_object_get(e, way ? "bh" : "holm"), want);
            assert_ok(om_adjust(p, n, way ? OM_ADJUST_BH : OM_ADJUST_HOLM, got, &err));
            for (size_t k = 0; k < n; k++)
                assert_close(got[k], want[k], 1e-15);
        }
    }
    json_decref(root);
}

/* Adjusted values keep the order of p, are no smaller, and Holm's are no smaller than Benjamini and
 * Hochberg's. */
static void
what_holds_always(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        double p[30], holm[30], bh[30];
        size_t n = 1 + test_random() % 30;
        for (size_t i = 0; i < n; i++)
            p[i] = (double)(test_random() % 50) / 49; /* many ties */
        assert_ok(om_adjust(p, n, OM_ADJUST_HOLM, holm, &err));
        assert_ok(om_adjust(p, n, OM_ADJUST_BH, bh, &err));
        for (size_t i = 0; i < n; i++) {
            assert_true(p[i] <= bh[i] * (1 + 1e-15) && bh[i] <= holm[i] && holm[i] <= 1);
            for (size_t k = 0; k < n; k++)
                assert_true(p[i] > p[k] || (holm[i] <= holm[k] && bh[i] <= bh[k]));
        }
        assert_ok(om_adjust(p, n, OM_ADJUST_BH, p, &err)); /* in place */
        assert_memory_equal(p, bh, n * sizeof *p);
    }
}

static void
none_and_one(void **state)
{
    (void)state;
    double p = 0.04, out;
    assert_ok(om_adjust(NULL, 0, OM_ADJUST_HOLM, NULL, &err));
    assert_ok(om_adjust(&p, 1, OM_ADJUST_HOLM, &out, &err));
    assert_true(out == p);
    om_memory_fail_at(0);
    assert_int_equal(om_adjust(&p, 1, OM_ADJUST_BH, &out, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),
        cmocka_unit_test(what_holds_always),
        cmocka_unit_test(none_and_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
