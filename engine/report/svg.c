#include "report/svg.h"
#include "base/memory.h"
#include "report/svg_number.h"
#include "report/xml.h"

#include <math.h>
#include <stdio.h>

void
om_svg_number(struct om_buffer *out, double value)
{
    char text[40];
    long long hundredths = llround(value * 100);
    unsigned long long size =
        hundredths < 0 ? -(unsigned long long)hundredths : (unsigned long long)hundredths;
    int n = snprintf(text, sizeof text, "%s%llu", hundredths < 0 ? "-" : "", size / 100);
    unsigned rest = (unsigned)(size % 100);
    if (rest % 10)
        snprintf(text + n, sizeof text - (size_t)n, ".%02u", rest);
    else if (rest)
        snprintf(text + n, sizeof text - (size_t)n, ".%u", rest / 10);
    om_buffer_text(out, text);
}

void
om_svg_attribute(struct om_buffer *out, const char *name, double value)
{
    om_buffer_format(out, " %s=\"", name);
    om_svg_number(out, value);
    om_buffer_char(out, '"');
}

void
om_svg_pair(struct om_buffer *out, char before, double x, double y)
{
    if (before)
        om_buffer_char(out, before);
    om_svg_number(out, x);
    om_buffer_char(out, ' ');
    om_svg_number(out, y);
}

static void
paint_attributes(struct om_buffer *out, const struct om_paint *paint)
{
    om_buffer_format(out, " fill=\"%s\"", paint->fill ? paint->fill : "none");
    if (paint->fill && paint->opacity > 0 && paint->opacity < 1)
        om_svg_attribute(out, "fill-opacity", paint->opacity);
    if (paint->stroke) {
        om_buffer_format(out, " stroke=\"%s\"", paint->stroke);
        if (paint->width > 0 && paint->width != 1)
            om_svg_attribute(out, "stroke-width", paint->width);
        if (paint->dash)
            om_buffer_format(out, " stroke-dasharray=\"%s\"", paint->dash);
        if (paint->round)
            om_buffer_text(out, " stroke-linecap=\"round\" stroke-linejoin=\"round\"");
    }
    om_buffer_text(out, "/>\n");
}

void
om_svg_begin(struct om_svg *svg, double width)
{
    *svg = (struct om_svg){.width = width};
}

void
om_svg_release(struct om_svg *svg)
{
    om_buffer_release(&svg->body);
    om_free(svg->text);
    *svg = (struct om_svg){0};
}

void
om_svg_rect(struct om_svg *svg, double x, double y, double width, double height, double radius,
            const struct om_paint *paint)
{
    om_buffer_text(&svg->body, "<rect");
    om_svg_attribute(&svg->body, "x", x);
    om_svg_attribute(&svg->body, "y", y);
    om_svg_attribute(&svg->body, "width", fmax(width, 0));
    om_svg_attribute(&svg->body, "height", fmax(height, 0));
    if (radius > 0)
        om_svg_attribute(&svg->body, "rx", radius);
    paint_attributes(&svg->body, paint);
}

void
om_svg_line(struct om_svg *svg, double x1, double y1, double x2, double y2, const struct om_paint *paint)
{
    om_buffer_text(&svg->body, "<line");
    om_svg_attribute(&svg->body, "x1", x1);
    om_svg_attribute(&svg->body, "y1", y1);
    om_svg_attribute(&svg->body, "x2", x2);
    om_svg_attribute(&svg->body, "y2", y2);
    paint_attributes(&svg->body, paint);
}

void
om_svg_circle(struct om_svg *svg, double x, double y, double radius, const struct om_paint *paint)
{
    om_buffer_text(&svg->body, "<circle");
    om_svg_attribute(&svg->body, "cx", x);
    om_svg_attribute(&svg->body, "cy", y);
    om_svg_attribute(&svg->body, "r", radius);
    paint_attributes(&svg->body, paint);
}

void
om_svg_diamond(struct om_svg *svg, double x, double y, double radius, const struct om_paint *paint)
{
    om_svg_path_begin(svg);
    om_svg_move(svg, x - radius, y);
    om_svg_to(svg, x, y - radius);
    om_svg_to(svg, x + radius, y);
    om_svg_to(svg, x, y + radius);
    om_svg_close(svg);
    om_svg_path_end(svg, paint);
}

void
om_svg_path_begin(struct om_svg *svg)
{
    om_buffer_text(&svg->body, "<path d=\"");
}

void
om_svg_move(struct om_svg *svg, double x, double y)
{
    om_svg_pair(&svg->body, 'M', x, y);
}

void
om_svg_to(struct om_svg *svg, double x, double y)
{
    om_svg_pair(&svg->body, 'L', x, y);
}

void
om_svg_curve(struct om_svg *svg, double x1, double y1, double x2, double y2, double x, double y)
{
    om_svg_pair(&svg->body, 'C', x1, y1);
    om_svg_pair(&svg->body, ' ', x2, y2);
    om_svg_pair(&svg->body, ' ', x, y);
}

void
om_svg_square(struct om_svg *svg, double x, double y, double width, double height)
{
    struct om_buffer *out = &svg->body;
    om_svg_move(svg, x, y);
    om_buffer_char(out, 'h');
    om_svg_number(out, width);
    om_buffer_char(out, 'v');
    om_svg_number(out, height);
    om_buffer_char(out, 'h');
    om_svg_number(out, -width);
    om_buffer_char(out, 'z');
}

void
om_svg_close(struct om_svg *svg)
{
    om_buffer_char(&svg->body, 'Z');
}

void
om_svg_path_end(struct om_svg *svg, const struct om_paint *paint)
{
    om_buffer_char(&svg->body, '"');
    paint_attributes(&svg->body, paint);
}

void
om_svg_clip_begin(struct om_svg *svg, const char *id, double x, double y, double width, double height)
{
    om_buffer_format(&svg->body, "<clipPath id=\"%s\"><rect", id);
    om_svg_attribute(&svg->body, "x", x);
    om_svg_attribute(&svg->body, "y", y);
    om_svg_attribute(&svg->body, "width", width);
    om_svg_attribute(&svg->body, "height", height);
    om_buffer_format(&svg->body, "/></clipPath>\n<g clip-path=\"url(#%s)\">\n", id);
}

void
om_svg_clip_end(struct om_svg *svg)
{
    om_buffer_text(&svg->body, "</g>\n");
}

void
om_svg_finish(struct om_svg *svg, const char *id, const char *title, const char *description,
              struct om_buffer *out)
{
    const double height = ceil(svg->height);
    om_buffer_text(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
    om_svg_number(out, svg->width);
    om_buffer_char(out, ' ');
    om_svg_number(out, height);
    om_buffer_char(out, '"');
    om_svg_attribute(out, "width", svg->width);
    om_svg_attribute(out, "height", height);
    om_buffer_format(out,
                     " role=\"img\" aria-labelledby=\"%s-title %s-desc\" "
                     "font-family=\"Inter, 'Liberation Sans', Arial, Helvetica, 'DejaVu Sans', "
                     "sans-serif\">\n<title id=\"%s-title\">",
                     id, id, id);
    om_xml_text(out, title);
    om_buffer_format(out, "</title>\n<desc id=\"%s-desc\">", id);
    om_xml_text(out, description);
    om_buffer_text(out, "</desc>\n<rect");
    om_svg_attribute(out, "width", svg->width);
    om_svg_attribute(out, "height", height);
    om_buffer_text(out, " fill=\"#ffffff\"/>\n");
    om_buffer_add(out, om_buffer_string(&svg->body), svg->body.length);
    om_buffer_text(out, "</svg>\n");
    out->failed |= svg->failed || !om_buffer_ok(&svg->body);
}
