/*
 * Writing SVG.
 *
 * Text is escaped on its way in, whatever it holds. No two texts overlap, and none leaves the drawing: one
 * that would is not drawn, and the caller is told. Widths are those of the widest of the usual faces
 * (font_widths.h), so what fits here fits wherever the drawing is shown. Failure of memory is sticky, as in
 * struct om_buffer.
 */
#ifndef OM_REPORT_SVG_H
#define OM_REPORT_SVG_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

struct om_point {
    double x, y;
};

/* The place of a text, turned about nothing: its four corners, in order. */
struct om_text_box {
    struct om_point corner[4];
};

struct om_svg {
    struct om_buffer body;
    double width, height;     /* height grows with what is drawn by text */
    struct om_text_box *text; /* texts drawn so far */
    size_t n_text, text_capacity;
    bool failed;
};

/* How a shape is painted. NULL: not. */
struct om_paint {
    const char *fill, *stroke;
    double width;     /* of the stroke; 0 = 1 */
    const char *dash; /* "4 3" */
    double opacity;   /* of the fill; 0 = 1 */
    bool round;       /* ends and corners of the stroke */
};

enum om_anchor { OM_ANCHOR_START, OM_ANCHOR_MIDDLE, OM_ANCHOR_END };

struct om_text_style {
    double size;
    bool bold;
    const char *fill;
    enum om_anchor anchor;
    double angle; /* degrees, clockwise, about the anchor */
    bool halo;    /* a white rim, to stand on marks */
};

void om_svg_begin(struct om_svg *svg, double width);
void om_svg_release(struct om_svg *svg);

void om_svg_rect(struct om_svg *svg, double x, double y, double width, double height, double radius,
                 const struct om_paint *paint);
void om_svg_line(struct om_svg *svg, double x1, double y1, double x2, double y2,
                 const struct om_paint *paint);
void om_svg_circle(struct om_svg *svg, double x, double y, double radius, const struct om_paint *paint);
/* A diamond, as wide as a circle of this radius. */
void om_svg_diamond(struct om_svg *svg, double x, double y, double radius, const struct om_paint *paint);

/* One path: begin, any number of the others, end. */
void om_svg_path_begin(struct om_svg *svg);
void om_svg_move(struct om_svg *svg, double x, double y);
void om_svg_to(struct om_svg *svg, double x, double y);
void om_svg_curve(struct om_svg *svg, double x1, double y1, double x2, double y2, double x, double y);
void om_svg_square(struct om_svg *svg, double x, double y, double width, double height);
void om_svg_close(struct om_svg *svg);
void om_svg_path_end(struct om_svg *svg, const struct om_paint *paint);

/* What is drawn until om_svg_clip_end is cut off outside the rectangle. id is unique on the page. */
void om_svg_clip_begin(struct om_svg *svg, const char *id, double x, double y, double width, double height);
void om_svg_clip_end(struct om_svg *svg);

/* Draws the text with its baseline at y. False, and nothing is drawn, where it would meet another one or
 * leave the drawing. */
bool om_svg_text(struct om_svg *svg, double x, double y, const struct om_text_style *style, const char *text);
bool om_svg_textf(struct om_svg *svg, double x, double y, const struct om_text_style *style,
                  const char *format, ...) OM_PRINTF(5, 6);
/* The same; a text wider than `width` is given an ellipsis in its middle. */
bool om_svg_text_fit(struct om_svg *svg, double x, double y, const struct om_text_style *style, double width,
                     const char *text);
/* Text broken into lines of `width`, at most `lines` of them. Returns the baseline after the last. */
double om_svg_paragraph(struct om_svg *svg, double x, double y, const struct om_text_style *style,
                        double width, size_t lines, const char *text);
/* Keeps a place free of text. */
void om_svg_reserve(struct om_svg *svg, double x, double y, double width, double height);

/* How wide the text is at most, in any of the usual faces. */
double om_text_width(const char *text, double size, bool bold);

/* The whole drawing, height pixels high or as high as its texts need; *out is added to. id is a name of
 * letters, digits and '-'. */
void om_svg_finish(struct om_svg *svg, const char *id, const char *title, const char *description,
                   struct om_buffer *out);

#endif
