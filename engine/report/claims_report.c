/* Judged claims in one of their views, in memory or in a file. */
#include "base/error.h"
#include "io/sink.h"
#include "report/claims_view.h"

static om_claims_view *const views[] = {om_claims_text, om_claims_markdown, om_claims_json, om_claims_junit};

om_status
om_claims_render(const struct om_claims *claims, const struct om_claims_results *results,
                 enum om_claims_format format, char **text, size_t *length, struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    views[format](&out, claims, results);
    const size_t n = out.length;
    char *taken = om_buffer_take(&out);
    if (!taken)
        return om_fail_memory(err);
    *text = taken;
    *length = n;
    return OM_OK;
}

om_status
om_claims_write(const struct om_claims *claims, const struct om_claims_results *results,
                enum om_claims_format format, const char *path, struct om_error *err)
{
    char *text = NULL;
    size_t length = 0;
    struct om_sink sink = OM_SINK_CLOSED;
    om_status status = om_claims_render(claims, results, format, &text, &length, err);
    if (status == OM_OK)
        status = om_sink_open(&sink, path, err);
    if (status == OM_OK)
        status = om_sink_write(&sink, text, length, err);
    if (status == OM_OK)
        status = om_sink_commit(&sink, err);
    om_sink_abort(&sink);
    om_text_free(text);
    return status;
}
