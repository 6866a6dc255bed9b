#include "panel/spec.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

om_status
om_texts_add(struct om_texts *texts, const char *text, size_t length, struct om_error *err)
{
    if (!om_grow(&texts->at, &texts->capacity, texts->n, sizeof *texts->at))
        return om_fail_memory(err);
    texts->at[texts->n] = om_strndup(text, length);
    if (!texts->at[texts->n])
        return om_fail_memory(err);
    texts->n++;
    return OM_OK;
}

om_status
om_texts_add_all(struct om_texts *texts, const struct om_texts *from, struct om_error *err)
{
    for (size_t i = 0; i < from->n; i++)
        OM_TRY(om_texts_add(texts, from->at[i], strlen(from->at[i]), err));
    return OM_OK;
}

void
om_texts_release(struct om_texts *texts)
{
    for (size_t i = 0; i < texts->n; i++)
        om_free(texts->at[i]);
    om_free(texts->at);
    *texts = (struct om_texts){0};
}

int
om_texts_find(const struct om_texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->n; i++)
        if (om_ascii_equal(text, strlen(text), texts->at[i]))
            return (int)i;
    return -1;
}

bool
om_spec_severity(const struct om_panel_spec *spec, int code, enum om_severity *severity)
{
    bool known = code >= OM_FINDING_FIRST && code <= OM_FINDING_LAST && *severity != OM_FATAL;
    uint8_t said = known ? spec->said[code - OM_FINDING_FIRST] : OM_SAID_NOTHING;
    if (said >= OM_SAID_LEAST)
        *severity = (enum om_severity)(said - OM_SAID_LEAST);
    return said != OM_SAID_OFF;
}

void
om_panel_spec_release(struct om_panel_spec *spec)
{
    for (size_t i = 0; i < spec->n_inputs; i++) {
        om_free(spec->input[i].occasion);
        om_free(spec->input[i].path);
    }
    for (size_t i = 0; i < spec->n_maps; i++) {
        om_free(spec->map[i].instrument);
        om_free(spec->map[i].occasion);
        om_free(spec->map[i].pattern);
        om_texts_release(&spec->map[i].columns);
    }
    for (size_t i = 0; i < spec->n_tokens; i++) {
        om_free(spec->token[i].column);
        om_free(spec->token[i].text);
    }
    for (size_t i = 0; i < spec->n_recodes; i++) {
        om_free(spec->recode[i].column);
        om_free(spec->recode[i].text);
    }
    for (size_t i = 0; i < spec->n_rules; i++)
        om_column_rule_release(&spec->rule[i]);
    om_free(spec->rule);
    om_free(spec->input);
    om_free(spec->id);
    om_free(spec->occasion_column);
    om_texts_release(&spec->by);
    om_texts_release(&spec->described);
    om_texts_release(&spec->occasions);
    om_free(spec->map);
    om_free(spec->token);
    om_free(spec->recode);
    *spec = (struct om_panel_spec){0};
}

struct om_spool_spec
om_spec_spool(const struct om_panel_spec *spec, size_t parts, size_t threads, enum om_waiting what)
{
    const size_t limit = spec->memory ? spec->memory : (size_t)OM_MEMORY_USUAL;
    return (struct om_spool_spec){
        .parts = parts, .threads = threads, .limit = limit / what, .firm = spec->memory != 0};
}
