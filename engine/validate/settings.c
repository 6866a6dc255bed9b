#include "validate/settings.h"
#include "base/memory.h"

void
om_exam_settings_release(struct om_exam_settings *settings)
{
    for (size_t i = 0; i < settings->n_rules; i++) {
        om_expression_free(settings->rule[i].when);
        om_expression_free(settings->rule[i].then);
        om_free(settings->rule[i].text);
        om_free(settings->rule[i].message);
    }
    om_free(settings->rule);
    om_free(settings->date);
    *settings = (struct om_exam_settings){0};
}
