#include "report/sidecar.h"

#include "base/error.h"

static void
see(void *context, const void *bytes, size_t length)
{
    struct om_sidecar *sidecar = context;
    om_sha256_update(&sidecar->sha256, bytes, length);
    sidecar->bytes += length;
}

om_status
om_sidecar_open(struct om_sidecar *sidecar, const char *path, struct om_sink *output, struct om_error *err)
{
    if (!path)
        return OM_OK;
    OM_TRY(om_sink_open(&sidecar->sink, path, err));
    OM_TRY(om_sha256_init(&sidecar->sha256, err));
    sidecar->open = true;
    output->tap = see;
    output->tap_context = sidecar;
    return OM_OK;
}

om_status
om_sidecar_write(struct om_sidecar *sidecar, const struct om_analysis *analysis,
                 const struct om_report_options *options, const struct om_sink *output, struct om_error *err)
{
    if (!sidecar->open)
        return OM_OK;
    struct om_output_info info = {.path = output->path, .bytes = sidecar->bytes};
    OM_TRY(om_sha256_final(&sidecar->sha256, info.sha256, err));
    struct om_buffer out = OM_BUFFER_EMPTY;
    struct om_json json = OM_JSON(&out);
    om_manifest_json_of(&json, analysis, options, &info);
    om_status status = om_buffer_ok(&out)
                           ? om_sink_write(&sidecar->sink, om_buffer_string(&out), out.length, err)
                           : om_fail_memory(err);
    om_buffer_release(&out);
    return status;
}

om_status
om_sidecar_commit(struct om_sidecar *sidecar, struct om_error *err)
{
    return sidecar->open ? om_sink_commit(&sidecar->sink, err) : OM_OK;
}

void
om_sidecar_abort(struct om_sidecar *sidecar)
{
    om_sha256_release(&sidecar->sha256);
    om_sink_abort(&sidecar->sink);
}
