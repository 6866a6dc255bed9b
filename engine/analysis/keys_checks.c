/* The keys of what `omstat validate` looks for beyond single cells. */
#include "analysis/keys.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

om_status
om_key_max_missing(struct om_study *study, const char *target, const struct om_texts *values,
                   struct om_error *err)
{
    struct om_fraction share;
    (void)target;
    if (!om_fraction_parse(values->at[0], strlen(values->at[0]), &share) || share.num < 0 ||
        share.num > share.den)
        return om_fail_key(err, "max-missing", "a share from 0 to 1, such as 0.2");
    study->exam.max_missing = share;
    return OM_OK;
}

om_status
om_key_min_group(struct om_study *study, const char *target, const struct om_texts *values,
                 struct om_error *err)
{
    int32_t n;
    (void)target;
    if (om_integer_parse(values->at[0], strlen(values->at[0]), &n) != 1 || n < 1)
        return om_fail_key(err, "min-group", "a whole number, 1 or more");
    study->exam.min_group = (size_t)n;
    return OM_OK;
}

om_status
om_key_date(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    if (!*values->at[0])
        return om_fail_key(err, "date", "a column, or in a wide panel a pattern such as 'date_{occasion}'");
    char *copy = om_strdup(values->at[0]);
    if (!copy)
        return om_fail_memory(err);
    om_free(study->exam.date);
    study->exam.date = copy;
    return OM_OK;
}

/* "7..120" */
om_status
om_key_interval(struct om_study *study, const char *target, const struct om_texts *values,
                struct om_error *err)
{
    static const char possible[] = "days, such as 7..120";
    const char *text = values->at[0], *dots = strstr(text, "..");
    int32_t low, high;
    (void)target;
    if (!dots || om_integer_parse(text, (size_t)(dots - text), &low) != 1 ||
        om_integer_parse(dots + 2, strlen(dots + 2), &high) != 1 || low < 0 || low > high)
        return om_fail_key(err, "interval", possible);
    study->exam.has_interval = true;
    study->exam.interval[0] = low;
    study->exam.interval[1] = high;
    return OM_OK;
}

/* --- rules between fields ------------------------------------------------------------------------------- */

/* The next "=>" that is not in quotes, or NULL. */
static const char *
find_arrow(const char *text)
{
    for (; *text; text++) {
        if (strchr("'\"`", *text)) {
            text = strchr(text + 1, *text);
            if (!text)
                return NULL;
        } else if (text[0] == '=' && text[1] == '>') {
            return text;
        }
    }
    return NULL;
}

static om_status
parse_condition(const char *which, const char *text, size_t length, struct om_expression **out,
                struct om_error *err)
{
    struct om_error why = {0};
    char *copy = om_strndup(text, length);
    if (!copy)
        return om_fail_memory(err);
    om_status status = om_expression_parse(copy, out, &why);
    if (status == OM_ERR_NOMEM) {
        om_fail_memory(err);
    } else if (status != OM_OK) {
        om_fail(err, status, "checks, character %llu of '%s': %s", (unsigned long long)why.column, which,
                why.message);
        om_hint(err, "%s", why.hint);
    }
    om_free(copy);
    return status;
}

/* WHEN => THEN, or WHEN => THEN => MESSAGE */
static om_status
add_rule(struct om_study *study, const char *text, struct om_error *err)
{
    struct om_exam_settings *exam = &study->exam;
    const char *then = find_arrow(text), *message = then ? find_arrow(then + 2) : NULL;
    if (!then)
        return om_fail_key(err, "checks", "write WHEN => THEN, for example 'bipf_5 == na => employed == 0'");
    if (!om_grow(&exam->rule, &exam->rule_capacity, exam->n_rules, sizeof *exam->rule))
        return om_fail_memory(err);
    struct om_field_rule *rule = &exam->rule[exam->n_rules++];
    *rule = (struct om_field_rule){0};
    const char *end = message ? message : text + strlen(text);
    OM_TRY(parse_condition("when", text, (size_t)(then - text), &rule->when, err));
    OM_TRY(parse_condition("then", then + 2, (size_t)(end - then - 2), &rule->then, err));
    rule->text = om_strndup(text, (size_t)(end - text));
    if (message) {
        const char *words = message + 2;
        size_t length = strlen(words);
        om_trim(&words, &length);
        rule->message = om_strndup(words, length);
    }
    return rule->text && (rule->message || !message) ? OM_OK : om_fail_memory(err);
}

om_status
om_key_checks(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    for (size_t i = 0; i < values->n; i++)
        OM_TRY(add_rule(study, values->at[i], err));
    return OM_OK;
}
