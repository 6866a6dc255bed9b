/* Figures as files. */
#include <omstat/figures.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/convert.h"
#include "io/directory.h"
#include "io/sink.h"
#include "report/figure.h"
#include "report/outputs.h"

#include <string.h>

static om_status
write_file(const struct om_figure_output *output, const char *id, const char *ending, const void *bytes,
           size_t length, struct om_error *err)
{
    struct om_sink sink = OM_SINK_CLOSED;
    struct om_buffer path = OM_BUFFER_EMPTY;
    size_t last = strlen(output->directory);
    om_buffer_format(&path, "%s%s%s.%s", output->directory,
                     last && output->directory[last - 1] == '/' ? "" : "/", id, ending);
    om_status status =
        om_buffer_ok(&path) ? om_sink_open(&sink, om_buffer_string(&path), err) : om_fail_memory(err);
    if (status == OM_OK)
        status = om_sink_write(&sink, bytes, length, err);
    if (status == OM_OK)
        status = om_sink_commit(&sink, err);
    om_sink_abort(&sink);
    if (status == OM_OK && output->written)
        status = om_outputs_add_bytes(output->written, output->directory, om_buffer_string(&path), bytes,
                                      length, err);
    if (status == OM_OK && output->wrote)
        output->wrote(output->context, om_buffer_string(&path));
    om_buffer_release(&path);
    return status;
}

/* Twice the natural size: sharp in a document. */
static om_status
write_png(const struct om_figure_output *output, const struct om_figure *figure, struct om_error *err)
{
    const char *const argument[] = {output->rsvg_convert, "--zoom", "2", "--format", "png", NULL};
    struct om_buffer png = OM_BUFFER_EMPTY;
    om_status status = om_convert(argument, figure->svg, figure->svg_length, &png, err);
    if (status == OM_OK)
        status = write_file(output, figure->id, "png", om_buffer_string(&png), png.length, err);
    om_buffer_release(&png);
    return status;
}

void
om_figure_file(const struct om_figure *figure, struct om_buffer *out)
{
    om_buffer_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    om_buffer_add(out, figure->svg, figure->svg_length);
}

om_status
om_figures_write(const struct om_figures *figures, const struct om_figure_output *output,
                 struct om_error *err)
{
    OM_TRY(om_directory_make(output->directory, err));
    for (size_t i = 0; i < figures->n; i++) {
        const struct om_figure *figure = &figures->at[i];
        struct om_buffer text = OM_BUFFER_EMPTY;
        om_figure_file(figure, &text);
        om_status status = om_buffer_ok(&text) ? write_file(output, figure->id, "svg",
                                                            om_buffer_string(&text), text.length, err)
                                               : om_fail_memory(err);
        om_buffer_release(&text);
        if (status == OM_OK && output->rsvg_convert)
            status = write_png(output, figure, err);
        if (status != OM_OK)
            return status;
    }
    return OM_OK;
}
