#include "analysis/fingerprint.h"
#include "base/buffer.h"
#include "base/error.h"

#include <inttypes.h>

static void
put_fraction(struct om_buffer *out, struct om_fraction f)
{
    om_buffer_format(out, " %" PRId64 "/%" PRId64, f.num, f.den);
}

static void
put_items(struct om_buffer *out, const struct om_instrument *instrument)
{
    om_buffer_format(out, "instrument %s\ncodes %d %d na %d:", instrument->id, instrument->minimum,
                     instrument->maximum, instrument->has_na);
    for (int code = 0; code <= OM_CODE_MAX; code++)
        if (instrument->allowed[code])
            om_buffer_format(out, " %d", code);
    if (instrument->parent)
        om_buffer_format(out, "\nparent %s", instrument->parent);
    for (size_t i = 0; i < instrument->n_items; i++)
        om_buffer_format(out, "\nitem %s %d %d", instrument->item[i].id, instrument->item[i].reversed,
                         instrument->parent ? instrument->parent_item[i] : -1);
}

/* In the numbers of its own items, since their order has no meaning. */
static void
put_scale(struct om_buffer *out, const struct om_instrument *instrument, const struct om_scale *scale)
{
    om_buffer_format(out, "\nscale %s %d %d %016" PRIx64 " %d %d", scale->id, (int)scale->combine,
                     (int)scale->direction, scale->items, scale->max_blank, scale->min_answered);
    put_fraction(out, scale->minimum);
    put_fraction(out, scale->maximum);
    if (scale->combine == OM_COMBINE_COUNT || scale->combine == OM_COMBINE_CLASS)
        for (size_t i = 0; i < instrument->n_items; i++)
            om_buffer_format(out, " %d", scale->endorsed[i]);
    for (size_t c = 0; c < scale->n_classes; c++) {
        om_buffer_format(out, "\nclass %s", scale->class_[c].id);
        for (size_t k = 0; k < scale->class_[c].n_criteria; k++)
            om_buffer_format(out, " %016" PRIx64 ":%d", scale->class_[c].criterion[k].items,
                             scale->class_[c].criterion[k].at_least);
    }
    for (size_t i = 0; i < scale->n_joint_rules; i++) {
        om_buffer_format(out, "\njoint %s %d", scale->joint_rule[i].id, (int)scale->rounding);
        put_fraction(out, scale->joint_rule[i].caseness);
        put_fraction(out, scale->joint_rule[i].points);
    }
}

om_status
om_instrument_fingerprint(const struct om_instrument *instrument, char text[OM_SHA256_TEXT],
                          struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    put_items(&out, instrument);
    for (size_t s = 0; s < instrument->n_scales; s++)
        put_scale(&out, instrument, &instrument->scale[s]);
    for (size_t i = 0; i < instrument->n_safety; i++)
        om_buffer_format(&out, "\nsafety %s", instrument->safety[i].scale);
    om_status status = om_buffer_ok(&out) ? om_sha256_text(om_buffer_string(&out), out.length, text, err)
                                          : om_fail_memory(err);
    om_buffer_release(&out);
    return status;
}
