/* The reports that a study file lists. */
#include "analysis/study.h"
#include "base/memory.h"
#include "io/yaml.h"

#include <string.h>

enum { NAME_MAX_LENGTH = 64 };

void
om_study_reports_release(struct om_study_reports *reports)
{
    for (size_t i = 0; i < reports->n_reports; i++) {
        struct om_study_report *report = &reports->report[i];
        for (size_t j = 0; j < report->n_outputs; j++)
            om_free(report->output[j]);
        om_free(report->output);
        om_free(report->name);
    }
    om_free(reports->report);
    *reports = (struct om_study_reports){0};
}

/* It becomes part of names of files. */
static bool
is_plain_name(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= NAME_MAX_LENGTH && name[0] != '-' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == length;
}

static void
check_outputs(struct om_yaml *yaml, const struct om_yaml_node *outputs, const char *const *form,
              size_t n_forms)
{
    if (outputs->kind == OM_YAML_SCALAR)
        om_yaml_enum(yaml, outputs, form, n_forms);
    om_yaml_each(entry, outputs) om_yaml_enum(yaml, entry, form, n_forms);
}

static void
read_report(struct om_yaml *yaml, const struct om_yaml_node *entry, const char *const *form, size_t n_forms,
            struct om_study_report *report)
{
    const struct om_yaml_node *outputs = om_yaml_find(entry, "outputs");
    if (!is_plain_name(entry->key->text))
        om_yaml_fail(yaml, entry->key, "letters, digits, - and _, at most 64",
                     "a report's name becomes that of files");
    report->name = om_yaml_copy_text(yaml, entry->key->text);
    if (!outputs)
        om_yaml_fail(yaml, entry->key, "for example outputs: [html, csv]", "the report has no outputs");
    else
        check_outputs(yaml, outputs, form, n_forms);
    report->output = om_yaml_copy_list(yaml, outputs, &report->n_outputs);
}

om_status
om_study_reports(const char *path, const char *const *form, size_t n_forms, struct om_study_reports *out,
                 struct om_error *err)
{
    struct om_yaml yaml = {0};
    *out = (struct om_study_reports){0};
    om_status status = om_yaml_load(&yaml, path, err);
    if (status != OM_OK)
        return status;
    const struct om_yaml_node *reports = om_yaml_find(yaml.root, "reports");
    if (reports && om_yaml_mapping(&yaml, reports))
        out->report = om_yaml_array(&yaml, reports->n, sizeof *out->report);
    om_yaml_each(entry, out->report ? reports : NULL)
        read_report(&yaml, entry, form, n_forms, &out->report[out->n_reports++]);
    status = yaml.status;
    om_yaml_release(&yaml);
    if (status != OM_OK)
        om_study_reports_release(out);
    return status;
}
