/* Headers of panels, made up for tests of how columns are recognised. */
#ifndef TESTS_PANEL_HEADERS_H
#define TESTS_PANEL_HEADERS_H

#include "panel/recognise.h"
#include "support/support.h"

#include <stdio.h>
#include <string.h>

static struct om_registry *registry;

static int
make_registry(void **state)
{
    (void)state;
    struct om_error err;
    return om_registry_new(&registry, &err) == OM_OK ? 0 : -1;
}

static int
free_registry(void **state)
{
    (void)state;
    om_registry_free(registry);
    return 0;
}

static inline void
add_column(struct om_texts *header, const char *name)
{
    struct om_error err;
    assert_ok(om_texts_add(header, name, strlen(name), &err));
}

/* Adds the columns from..to whose names the pattern gives: a '#' is the number, "##" with a leading zero. */
static inline void
add_items(struct om_texts *header, const char *pattern, int from, int to)
{
    for (int i = from; i <= to; i++) {
        char name[200];
        size_t n = 0;
        for (const char *p = pattern; *p; p++) {
            if (*p != '#') {
                name[n++] = *p;
                continue;
            }
            bool padded = p[1] == '#';
            n += (size_t)snprintf(name + n, sizeof name - n, padded ? "%02d" : "%d", i);
            p += padded;
        }
        name[n] = '\0';
        add_column(header, name);
    }
}

static inline om_status
recognise(const struct om_texts *header, const struct om_panel_spec *spec, struct om_recognition *out,
          struct om_error *err)
{
    static const struct om_panel_spec nothing;
    *err = (struct om_error){.status = OM_OK};
    return om_recognise(registry, spec ? spec : &nothing, header, out, err);
}

static inline const struct om_form_columns *
find_form(const struct om_recognition *read, const char *instrument, const char *occasion)
{
    for (size_t i = 0; i < read->n_forms; i++)
        if (strcmp(read->form[i].instrument->id, instrument) == 0 &&
            strcmp(read->form[i].occasion, occasion) == 0)
            return &read->form[i];
    return NULL;
}

/* The form is there, and its items are the columns from `first` on, in order. */
static inline void
assert_form(const struct om_recognition *read, const char *instrument, const char *occasion, size_t first)
{
    const struct om_form_columns *form = find_form(read, instrument, occasion);
    if (!form)
        fail_msg("no form of %s at '%s'", instrument, occasion);
    else
        for (size_t i = 0; i < form->instrument->n_items; i++)
            assert_int_equal(form->column[i], first + i);
}

#endif
