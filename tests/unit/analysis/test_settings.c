/* The text form of settings: what is written is read back as it was, whatever is in it. */
#include "support/support.h"

#include "analysis/settings.h"
#include "base/memory.h"

#include <string.h>

static const struct om_study_key kinds[] = {
    {.name = "plain", .argument = "X"},
    {.name = "list", .argument = "X[,X]", .list = true},
    {.name = "targeted", .argument = "A=X", .targeted = true},
    {.name = "both", .argument = "A=X[,X]", .targeted = true, .list = true},
};

static char *
value_of(const struct om_study_setting *setting, bool base_names)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_setting_value(&out, setting, base_names);
    return om_buffer_take(&out);
}

static void
assert_round_trip(const struct om_study_setting *setting)
{
    struct om_error err;
    struct om_texts values = {0};
    char *target, *text = value_of(setting, false);
    assert_ok(om_setting_parse(setting->key, text, &target, &values, &err));
    assert_int_equal(target != NULL, setting->target != NULL);
    if (target)
        assert_string_equal(target, setting->target);
    assert_int_equal(values.n, setting->values.n);
    for (size_t i = 0; i < values.n; i++)
        assert_string_equal(values.at[i], setting->values.at[i]);
    om_free(text);
    om_free(target);
    om_texts_release(&values);
}

/* A word of up to five of the bytes that mean something somewhere. */
static void
random_word(char word[6], bool may_be_empty)
{
    static const char bytes[] = "a\\,= \t:'\"\n";
    const size_t length = test_random() % 6;
    for (size_t i = 0; i < length; i++)
        word[i] = bytes[test_random() % (sizeof bytes - 1)];
    word[length] = '\0';
    if (!length && !may_be_empty)
        strcpy(word, "b");
}

static void
test_round_trip(void **state)
{
    (void)state;
    struct om_error err;
    for (int round = 0; round < 20000; round++) {
        char target[6], word[6];
        struct om_study_setting setting = {.key = &kinds[test_random() % 4]};
        const size_t n = setting.key->list ? 1 + test_random() % 3 : 1;
        random_word(target, false);
        if (setting.key->targeted && test_random() % 2)
            setting.target = target;
        for (size_t i = 0; i < n; i++) {
            random_word(word, true);
            assert_ok(om_texts_add(&setting.values, word, strlen(word), &err));
        }
        assert_round_trip(&setting);
        om_texts_release(&setting.values);
    }
}

static void
assert_parsed(const struct om_study_key *key, const char *text, const char *target, const char *first,
              size_t n)
{
    struct om_error err;
    struct om_texts values = {0};
    char *got;
    assert_ok(om_setting_parse(key, text, &got, &values, &err));
    assert_int_equal(got != NULL, target != NULL);
    if (target)
        assert_string_equal(got, target);
    assert_int_equal(values.n, n);
    assert_string_equal(values.at[0], first);
    om_free(got);
    om_texts_release(&values);
}

/* As people write them. */
static void
test_by_hand(void **state)
{
    (void)state;
    assert_parsed(&kinds[1], " a , b,, ", NULL, "a", 4);
    assert_parsed(&kinds[1], "", NULL, "", 1);
    assert_parsed(&kinds[1], "a\\,b", NULL, "a,b", 1);
    assert_parsed(&kinds[1], "C:\\x", NULL, "C:\\x", 1);
    assert_parsed(&kinds[1], "end\\", NULL, "end\\", 1);
    assert_parsed(&kinds[0], "a,b\\,=", NULL, "a,b\\,=", 1);
    assert_parsed(&kinds[2], "t=a=b", "t", "a=b", 1);
    assert_parsed(&kinds[2], "=a=b", NULL, "a=b", 1);
    assert_parsed(&kinds[2], "a", NULL, "a", 1);
    assert_parsed(&kinds[3], "t\\=u=1:0,2:1", "t=u", "1:0", 2);
}

/* Files are named without their folders, but not for running again. */
static void
test_base_names(void **state)
{
    (void)state;
    static const struct om_study_key file = {.name = "occasion", .argument = "NAME=FILE", .targeted = true};
    char *at[] = {(char[]){"/home/jane/clinic=3/pre.csv"}};
    const struct om_study_setting setting = {&file, (char[]){"pre"}, {at, 1, 1}, NULL};
    char *with = value_of(&setting, false), *without = value_of(&setting, true);
    assert_string_equal(with, "pre=/home/jane/clinic=3/pre.csv");
    assert_string_equal(without, "pre=pre.csv");
    om_free(with);
    om_free(without);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_base_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
