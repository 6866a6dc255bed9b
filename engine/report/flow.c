/*
 *   title
 *   +---------------------+
 *   | 94 people           |---> 3 without a score at pre
 *   | =================   |
 *   +---------------------+
 *       |
 *       v
 *   +---------------------+
 *   | 91 with a score ... |
 *
 * The bar in a box is as long as the part of the first step that is left.
 */
#include "report/flow.h"
#include "report/figure.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    WIDTH = 480,
    LEFT = 1,
    BOX_WIDTH = 262,
    BOX_HEIGHT = 66,
    STEP = 90,
    PAD = 14,
    SIDE = LEFT + BOX_WIDTH + 38, /* where those who leave are told */
    ARROW = 40,
    HEAD = 4,
};

static const struct om_text_style title_style = {.size = 16, .bold = true, .fill = OM_INK},
                                  count_style = {.size = 15, .bold = true, .fill = OM_INK},
                                  remark_style = {.size = 12, .fill = OM_MUTED},
                                  leave_style = {.size = 13, .fill = OM_ORANGE};
static const struct om_paint box_paint = {.fill = "#f6f7f8", .stroke = OM_AXIS},
                             bar_paint = {.fill = OM_BLUE}, line_paint = {.stroke = OM_AXIS, .width = 1.5};

/* A line, and a head at its second end: to the right, or downwards. */
static void
arrow(struct om_svg *svg, double x1, double y1, double x2, double y2)
{
    const double along_x = x2 > x1 ? HEAD : 0, along_y = x2 > x1 ? 0 : HEAD;
    om_svg_line(svg, x1, y1, x2, y2, &line_paint);
    om_svg_line(svg, x2 - along_x - along_y, y2 - along_y - along_x, x2, y2, &line_paint);
    om_svg_line(svg, x2 - along_x + along_y, y2 - along_y + along_x, x2, y2, &line_paint);
}

static void
step(struct om_svg *svg, const struct om_flow *flow, size_t i, double y)
{
    const struct om_flow_step *shown = &flow->step[i];
    const double room = BOX_WIDTH - 2 * PAD, whole = (double)flow->step[0].n;
    char label[512];
    om_svg_rect(svg, LEFT, y, BOX_WIDTH, BOX_HEIGHT, 6, &box_paint);
    snprintf(label, sizeof label, "%" PRIu64 " %.400s", shown->n, shown->label);
    om_svg_text_fit(svg, LEFT + PAD, y + 25, &count_style, room, label);
    if (shown->of_these[0])
        om_svg_text_fit(svg, LEFT + PAD, y + 45, &remark_style, room, shown->of_these);
    if (shown->n > 0 && whole > 0)
        om_svg_rect(svg, LEFT + PAD, y + BOX_HEIGHT - 11, room * (double)shown->n / whole, 4, 2, &bar_paint);
    if (i + 1 < flow->n_steps)
        arrow(svg, LEFT + ARROW, y + BOX_HEIGHT, LEFT + ARROW, y + STEP - 2);
    if (shown->left[0]) {
        arrow(svg, LEFT + BOX_WIDTH, y + 20, SIDE - 8, y + 20);
        om_svg_text_fit(svg, SIDE, y + 25, &leave_style, WIDTH - SIDE, shown->left);
    }
}

void
om_flow_draw(struct om_buffer *out, const struct om_flow *flow)
{
    struct om_svg svg;
    om_svg_begin(&svg, WIDTH);
    double y = om_svg_paragraph(&svg, LEFT, 22, &title_style, WIDTH - LEFT, 2, flow->title) + 18;
    for (size_t i = 0; i < flow->n_steps; i++)
        step(&svg, flow, i, y + (double)i * STEP);
    svg.height = y + (double)flow->n_steps * STEP - (STEP - BOX_HEIGHT) + 1;
    om_svg_finish(&svg, flow->id, flow->title, flow->description, out);
    om_svg_release(&svg);
}
