#include "panel/panel.h"
#include "base/error.h"
#include "base/number.h"

#include <string.h>

/* The next item column, from *file and *cell on, that a setting for target (a column or an instrument) is
 * about. */
static const struct om_decoder *
next_column(const struct om_panel *panel, const char *target, size_t *file, size_t *cell)
{
    for (; *file < panel->n_files; (*file)++, *cell = 0)
        while (*cell < panel->file[*file].n_cells + panel->file[*file].n_totals) {
            const struct om_panel_file *in = &panel->file[*file];
            size_t at = (*cell)++;
            const struct om_decoder *decoder =
                at < in->n_cells ? &in->cell[at].decoder : &in->total[at - in->n_cells].decoder;
            if (om_ascii_equal(target, strlen(target), decoder->column) ||
                strcmp(target, decoder->instrument->id) == 0)
                return decoder;
        }
    return NULL;
}

static om_status
check_target(const struct om_panel *panel, const char *target, const char *option, struct om_error *err)
{
    size_t file = 0, cell = 0;
    if (!target || next_column(panel, target, &file, &cell))
        return OM_OK;
    om_fail(err, OM_ERR_USAGE,
            "--%s names '%s', which is neither an item column nor an instrument with columns here", option,
            target);
    om_place(err, panel->file[0].path, 1, 0);
    om_hint(err, "the first line of the file has the columns; instruments are named as in --map");
    return OM_ERR_USAGE;
}

/* A recoding to something that is no answer would make every such cell invalid without a word. */
static om_status
check_code(const struct om_panel *panel, const struct om_panel_recode *recode, struct om_error *err)
{
    size_t file = 0, cell = 0;
    const struct om_decoder *decoder;
    while ((decoder = next_column(panel, recode->column, &file, &cell))) {
        const struct om_instrument *instrument = decoder->instrument;
        if (instrument->allowed[recode->code])
            continue;
        if (om_instrument_is_total(instrument)) {
            om_fail(err, OM_ERR_USAGE, "--recode of %s: it arrives as a total, which has no codes",
                    recode->column);
            om_hint(err, "recode the answers before they are added up");
            return OM_ERR_USAGE;
        }
        om_fail(err, OM_ERR_USAGE, "--recode of %s gives %d, which is no code of %s", recode->column,
                recode->code, instrument->name);
        om_hint(err, "its codes are %d to %d", instrument->minimum, instrument->maximum);
        return OM_ERR_USAGE;
    }
    return OM_OK;
}

om_status
om_panel_check_targets(const struct om_panel *panel, struct om_error *err)
{
    const struct om_panel_spec *spec = panel->spec;
    for (size_t i = 0; i < spec->n_tokens; i++) {
        uint8_t code = spec->token[i].code;
        const char *option = code == OM_CODE_NA         ? "not-applicable"
                             : code == OM_CODE_DECLINED ? "declined"
                                                        : "missing";
        OM_TRY(check_target(panel, spec->token[i].column, option, err));
    }
    for (size_t i = 0; i < spec->n_recodes; i++) {
        OM_TRY(check_target(panel, spec->recode[i].column, "recode", err));
        OM_TRY(check_code(panel, &spec->recode[i], err));
    }
    return OM_OK;
}
