/* Filling item sums from arrays, and from files of answers. */
#ifndef OM_TESTS_ITEM_FORMS_H
#define OM_TESTS_ITEM_FORMS_H

#include <ctype.h>
#include <omstat/reliability.h>
#include <stdio.h>
#include <string.h>
#include "support/support.h"

static inline void
fresh_sums(struct om_item_sums *sums, size_t k)
{
    struct om_error err;
    om_item_sums_release(sums);
    assert_ok(om_item_sums_init(sums, k, &err));
}

static inline void
sums_of_codes(struct om_item_sums *sums, size_t k, size_t n, const uint8_t *codes)
{
    fresh_sums(sums, k);
    for (size_t i = 0; i < n; i++)
        assert_true(om_item_sums_add(sums, codes + i * k, 1));
}

/* The codes of a panel of an oracle: n rows of k. */
static inline void
sums_of_json(struct om_item_sums *sums, const json_t *panel)
{
    size_t k = (size_t)json_at(panel, "k"), n = (size_t)json_at(panel, "n");
    const json_t *codes = json_object_get(panel, "codes");
    assert_true(json_array_size(codes) == n * k && k <= OM_SUMS_ITEMS_MAX);
    fresh_sums(sums, k);
    for (size_t i = 0; i < n; i++) {
        uint8_t form[OM_SUMS_ITEMS_MAX];
        for (size_t j = 0; j < k; j++)
            form[j] = (uint8_t)json_number_value(json_array_get(codes, i * k + j));
        assert_true(om_item_sums_add(sums, form, 1));
    }
}

/* k item columns from column `first` (from 0); forms with an empty or impossible answer are left out. */
static inline void
sums_of_file(struct om_item_sums *sums, const char *path, int first, size_t k, int highest)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[1024];
    fresh_sums(sums, k);
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        uint8_t codes[OM_SUMS_ITEMS_MAX];
        size_t found = 0;
        int column = 0;
        char *rest = line, *field;
        line[strcspn(line, "\r\n")] = 0;
        for (; (field = strsep(&rest, ",")); column++) {
            int code = isdigit((unsigned char)field[0]) ? atoi(field) : -1;
            if (column >= first && column < first + (int)k && code >= 0 && code <= highest)
                codes[found++] = (uint8_t)code;
        }
        if (found == k)
            assert_true(om_item_sums_add(sums, codes, 1));
    }
    fclose(file);
}

#endif
