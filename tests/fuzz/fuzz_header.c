/*
 * Header recognition: whatever a header holds, the study file that says how it is read (omstat init) can be
 * loaded, and reads the panel in the same way. Letter case of item columns does not matter.
 */
#include "fuzz/fuzz.h"
#include "panel/recognise.h"

#include <ctype.h>
#include <omstat/analysis.h>

static const struct om_registry *
registry(void)
{
    static struct om_registry *known;
    if (!known)
        require(om_registry_new(&known, NULL) == OM_OK);
    return known;
}

/* Columns are in the header, and no form takes one twice. */
static void
check_forms(const struct om_recognition *read, size_t n_columns)
{
    for (size_t i = 0; i < read->n_forms; i++) {
        const struct om_form_columns *form = &read->form[i];
        require(form->instrument && memchr(form->occasion, '\0', sizeof form->occasion));
        for (size_t k = 0; k < form->instrument->n_items; k++) {
            require(form->column[k] < n_columns);
            for (size_t j = 0; j < k; j++)
                require(form->column[j] != form->column[k]);
        }
    }
}

static void
try_names(const uint8_t *data, size_t size, bool upper)
{
    static const struct om_panel_spec nothing;
    struct om_texts header = {0};
    struct om_recognition read = {0};
    struct om_error err = {0};
    for (size_t from = 0, at = 0; at <= size && header.n < 300; at++) {
        if (at < size && data[at] != ',' && data[at] != '\n' && data[at] != '\0')
            continue;
        require(om_texts_add(&header, (const char *)data + from, at - from, NULL) == OM_OK);
        for (char *c = header.at[header.n - 1]; upper && *c; c++)
            *c = (char)((unsigned char)*c < 0x80 ? toupper(*c) : *c);
        from = at + 1;
    }
    om_status status = om_recognise(registry(), &nothing, &header, &read, &err);
    require_words(status, &err);
    require(status == OM_OK || status == OM_ERR_PANEL || status == OM_ERR_USAGE);
    if (status == OM_OK)
        check_forms(&read, header.n);
    om_recognition_release(&read);
    om_texts_release(&header);
}

static char *
describe(const char *panel, const char *yaml, om_status *status)
{
    static char study_path[64];
    static int fd = -1;
    struct om_study *study = NULL;
    struct om_error err = {0};
    char *text = NULL;
    require(om_study_new(&study, NULL) == OM_OK);
    *status = OM_OK;
    if (yaml) {
        if (fd < 0)
            snprintf(study_path, sizeof study_path, "/proc/self/fd/%d", fd = memfd_create("study", 0));
        require(ftruncate(fd, 0) == 0 && pwrite(fd, yaml, strlen(yaml), 0) == (ssize_t)strlen(yaml));
        *status = om_study_load(study, study_path, &err);
    }
    if (*status == OM_OK)
        *status = om_study_add_input(study, panel, &err);
    if (*status == OM_OK)
        *status = om_study_describe(study, &text, &err);
    require_words(*status, &err);
    require(*status != OM_ERR_INTERNAL && *status != OM_ERR_INVALID);
    if (yaml && *status != OM_OK)
        fprintf(stderr, "%s:%llu: %s (%s)\n%s", err.file, (unsigned long long)err.line, err.message, err.hint,
                yaml);
    om_study_free(study);
    return text;
}

/* The same words from `from` up to `to`, or all of them. */
static void
same_text(const char *a, const char *b, const char *from, const char *to)
{
    const char *in_a = from ? strstr(a, from) : a, *in_b = from ? strstr(b, from) : b;
    require(in_a && in_b);
    const char *end = to ? strstr(in_a, to) : NULL;
    if (end ? strncmp(in_a, in_b, (size_t)(end - in_a)) == 0 : strcmp(in_a, in_b) == 0)
        return;
    fprintf(stderr, "--- one reading\n%s--- the other\n%s", a, b);
    abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    registry();
    const size_t live = om_memory_live();
    try_names(data, size, false);
    try_names(data, size, true);
    require(om_memory_live() == live);

    om_status status;
    const char *panel = fuzz_file(data, size);
    char *first = describe(panel, NULL, &status);
    if (status == OM_OK) {
        char *second = describe(panel, first, &status);
        require(status == OM_OK);
        char *third = describe(panel, second, &status);
        require(status == OM_OK);
        same_text(first, second, "\nlayout:", "\nshift:"); /* what is taken for what */
        same_text(second, third, NULL, NULL);              /* and all that was said of it */
        om_text_free(second);
        om_text_free(third);
    }
    om_text_free(first);
    require(om_memory_live() == live);
    return 0;
}
