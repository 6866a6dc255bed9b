#include <omstat/findings.h>
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "validate/collect.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct om_findings {
    struct om_finding_group *group; /* in the order the header promises */
    size_t n, capacity;
    bool out_of_memory;
};

const char *
om_severity_name(enum om_severity severity)
{
    static const char *const names[] = {"note", "warning", "error", "fatal"};
    return (unsigned)severity < sizeof names / sizeof names[0] ? names[severity] : "";
}

om_status
om_findings_new(struct om_findings **out, struct om_error *err)
{
    struct om_findings *findings = om_calloc(1, sizeof *findings);
    if (!findings)
        return om_fail_memory(err);
    *out = findings;
    return OM_OK;
}

static void
release_finding(struct om_finding *finding)
{
    const char *text[] = {finding->file, finding->column, finding->message, finding->hint, finding->value};
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        char *owned;
        memcpy(&owned, &text[i], sizeof owned); /* ours: borrowed text was copied in */
        om_free(owned);
    }
}

void
om_findings_free(struct om_findings *findings)
{
    if (!findings)
        return;
    for (size_t i = 0; i < findings->n; i++)
        for (size_t k = 0; k < findings->group[i].n_kept; k++)
            release_finding(&findings->group[i].first[k]);
    om_free(findings->group);
    om_free(findings);
}

static const char *
text_of(const char *text)
{
    return text ? text : "";
}

int
om_error_finding_code(const struct om_error *err, const char **rest)
{
    const char *text = err->message;
    int code = 0;
    *rest = text;
    if (strncmp(text, "OM", 2) != 0 || strspn(text + 2, "0123456789") != 3 || text[5] != ' ')
        return 0;
    for (size_t i = 2; i < 5; i++)
        code = 10 * code + (text[i] - '0');
    *rest = text + 6;
    return code;
}

/* Worst first, then by code, then by column; files may have different columns in the same place. */
static int
compare(const struct om_finding *a, const struct om_finding *b)
{
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (a->code != b->code)
        return a->code < b->code ? -1 : 1;
    if (a->column_number != b->column_number)
        return a->column_number < b->column_number ? -1 : 1;
    return strcmp(text_of(a->column), text_of(b->column));
}

/* The group of a finding, made when it is the first of its kind. NULL without memory. */
static struct om_finding_group *
group_of(struct om_findings *findings, const struct om_finding *finding)
{
    size_t at = 0;
    while (at < findings->n && compare(&findings->group[at].first[0], finding) < 0)
        at++;
    if (at < findings->n && compare(&findings->group[at].first[0], finding) == 0)
        return &findings->group[at];
    if (!om_grow(&findings->group, &findings->capacity, findings->n, sizeof *findings->group))
        return NULL;
    memmove(&findings->group[at + 1], &findings->group[at], (findings->n - at) * sizeof *findings->group);
    findings->group[at] = (struct om_finding_group){0};
    findings->n++;
    return &findings->group[at];
}

static bool
copy_finding(struct om_finding *to, const struct om_finding *from)
{
    *to = *from;
    to->file = om_strdup(text_of(from->file));
    to->column = om_strdup(text_of(from->column));
    to->message = om_strdup(text_of(from->message));
    to->hint = om_strdup(text_of(from->hint));
    to->value = from->value ? om_strdup(from->value) : NULL;
    if (to->file && to->column && to->message && to->hint && (to->value || !from->value))
        return true;
    release_finding(to);
    return false;
}

static void
drop_group(struct om_findings *findings, struct om_finding_group *group)
{
    size_t at = (size_t)(group - findings->group);
    memmove(group, group + 1, (findings->n - at - 1) * sizeof *group);
    findings->n--;
}

void
om_findings_collect(void *context, const struct om_finding *finding)
{
    om_findings_collect_many(context, finding, 1);
}

void
om_findings_collect_many(struct om_findings *findings, const struct om_finding *finding, uint64_t count)
{
    struct om_finding_group *group = group_of(findings, finding);
    if (!group) {
        findings->out_of_memory = true;
        return;
    }
    if (group->n_kept < OM_FINDINGS_KEPT) {
        if (copy_finding(&group->first[group->n_kept], finding)) {
            group->n_kept++;
        } else {
            findings->out_of_memory = true;
            if (group->n_kept == 0) {
                drop_group(findings, group);
                return;
            }
        }
    }
    group->count += count;
}

size_t
om_findings_groups(const struct om_findings *findings)
{
    return findings->n;
}

const struct om_finding_group *
om_findings_group(const struct om_findings *findings, size_t index)
{
    return &findings->group[index];
}

uint64_t
om_findings_count(const struct om_findings *findings, enum om_severity at_least)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < findings->n; i++)
        if (findings->group[i].first[0].severity >= at_least)
            sum += findings->group[i].count;
    return sum;
}

uint64_t
om_findings_count_new(const struct om_findings *findings, enum om_severity at_least)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < findings->n; i++)
        if (findings->group[i].first[0].severity >= at_least)
            sum += findings->group[i].count - findings->group[i].known;
    return sum;
}

void
om_finding_fingerprint(const struct om_finding *finding, char text[OM_FINGERPRINT_TEXT])
{
    /* The hash is a function of these bytes for good: baselines hold it. */
    const char *column = text_of(finding->column);
    struct om_hash128 hash = om_hash128(column, strlen(column), (uint64_t)finding->code);
    snprintf(text, OM_FINGERPRINT_TEXT, "%016" PRIx64 "%016" PRIx64, hash.high, hash.low);
}

void
om_findings_accept(struct om_findings *findings, const char *fingerprint, uint64_t count)
{
    for (size_t i = 0; i < findings->n && count > 0; i++) {
        struct om_finding_group *group = &findings->group[i];
        char own[OM_FINGERPRINT_TEXT];
        om_finding_fingerprint(&group->first[0], own);
        if (group->first[0].severity == OM_FATAL || strcmp(own, fingerprint) != 0)
            continue;
        uint64_t fresh = group->count - group->known, more = fresh < count ? fresh : count;
        group->known += more;
        count -= more;
    }
}

om_status
om_findings_status(const struct om_findings *findings)
{
    return findings->out_of_memory ? OM_ERR_NOMEM : OM_OK;
}
