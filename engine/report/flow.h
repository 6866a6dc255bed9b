/* The picture of a flow: who went on from step to step, and who went no further. */
#ifndef OM_REPORT_FLOW_H
#define OM_REPORT_FLOW_H

#include "base/buffer.h"

#include <stddef.h>
#include <stdint.h>

struct om_flow_step {
    const char *label; /* "with a score at pre" */
    uint64_t n;
    const char *of_these; /* a remark on some of them; "" for none */
    const char *left;     /* who goes no further from here; "" for nobody */
};

/* Adds one <svg> element. id: of letters, digits and dashes, unique on a page; ids in it begin with it. */
struct om_flow {
    const char *id, *title, *description;
    const struct om_flow_step *step;
    size_t n_steps;
};
void om_flow_draw(struct om_buffer *out, const struct om_flow *flow);

#endif
