/* The smallest instrument, as text to vary, and the registries it is loaded into. */
#ifndef OM_TESTS_TINY_H
#define OM_TESTS_TINY_H

#include "support/support.h"

#include <omstat/instrument.h>
#include <string.h>

#define HEAD    "id: tiny\nversion: 1\nname: Tiny\n"    /* lines 1 to 3 */
#define ITEMS   "items: {1: a, 2: b, 3: c}\n"           /* line 4 */
#define ANSWERS "answers: {0: no, 1: some, 2: yes}\n"   /* line 5 */
#define TOTAL   "scales:\n  total:\n    combine: sum\n" /* lines 6 to 8 */
#define START   HEAD ITEMS ANSWERS                      /* the next line is 6 */
#define TINY    START TOTAL                             /* the next line is 9 */

struct fault {
    const char *text;
    uint64_t line, column;
    const char *message, *hint; /* parts of them */
};

/* Adding each text to a registry of the built-in instruments fails as said, and leaves no trace. */
static inline void
assert_faults(const struct fault *fault, size_t n)
{
    struct om_registry *registry;
    struct om_error err;
    assert_ok(om_registry_new(&registry, &err));
    size_t count = om_registry_count(registry);
    for (size_t i = 0; i < n; i++) {
        const struct fault *f = &fault[i];
        memset(&err, 0, sizeof err);
        om_status status = om_registry_add_text(registry, "t.yaml", f->text, strlen(f->text), NULL, &err);
        if (status != OM_ERR_DEFINITION || err.line != f->line || err.column != f->column ||
            !strstr(err.message, f->message) || !strstr(err.hint, f->hint) || strcmp(err.file, "t.yaml") != 0)
            fail_msg("fault %zu: got %d at %d:%d \"%s\" (%s), expected %d:%d \"%s\" (%s)\n%s", i, (int)status,
                     (int)err.line, (int)err.column, err.message, err.hint, (int)f->line, (int)f->column,
                     f->message, f->hint, f->text);
        assert_int_equal(om_registry_count(registry), count);
    }
    om_registry_free(registry);
}

#define ASSERT_FAULTS(table) assert_faults(table, sizeof(table) / sizeof(table)[0])

#endif
