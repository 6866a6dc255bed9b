/* Text in a drawing: how wide it is at most, where it may stand, and how it is cut to fit. */
#include "base/memory.h"
#include "report/font_widths.h"
#include "report/svg.h"
#include "report/svg_number.h"
#include "report/utf8.h"
#include "report/xml.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- how wide ------------------------------------------------------------------------------------ */

/* Letters stand so far above and below the baseline, in sizes of type. */
static const double ascent = 0.8, descent = 0.23;

static double
character_width(uint32_t c, bool bold)
{
    static const struct {
        uint32_t c;
        unsigned short width;
    } others[] = {{0x2013, 600},  {0x2014, 1000}, {0x2018, 380}, {0x2019, 380}, {0x201C, 520}, {0x201D, 520},
                  {0x2026, 1000}, {0x2212, 838},  {0x2264, 838}, {0x2265, 838}, {0x2192, 1100}};
    const unsigned short *table = bold ? om_widths_bold : om_widths_regular;
    char text[5] = {0};
    if (c >= 0x20 && c <= 0x7E)
        return table[c - 0x20];
    if (c >= 0xA0 && c <= 0xFF)
        return table[95 + c - 0xA0];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].c == c)
            return others[i].width;
    /* Any other script: as terminals count. */
    if (c < 0x800) {
        text[0] = (char)(0xC0 | c >> 6);
        text[1] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        text[0] = (char)(0xE0 | c >> 12);
        text[1] = (char)(0x80 | (c >> 6 & 0x3F));
        text[2] = (char)(0x80 | (c & 0x3F));
    } else {
        text[0] = (char)(0xF0 | c >> 18);
        text[1] = (char)(0x80 | (c >> 12 & 0x3F));
        text[2] = (char)(0x80 | (c >> 6 & 0x3F));
        text[3] = (char)(0x80 | (c & 0x3F));
    }
    size_t columns = om_utf8_width(text);
    return columns == 0 ? 0 : columns == 1 ? 1000 : 1250;
}

static double
width_of(const char *text, size_t length, double size, bool bold)
{
    double sum = 0;
    for (size_t at = 0; at < length;) {
        uint32_t c;
        at += om_utf8_next(text + at, length - at, &c);
        sum += character_width(c, bold);
    }
    return sum * size / 1000;
}

double
om_text_width(const char *text, double size, bool bold)
{
    return width_of(text, strlen(text), size, bold);
}

/* --- boxes that do not meet ---------------------------------------------------------------------------- */

static struct om_text_box
box_of(double x, double y, const struct om_text_style *style, double width)
{
    const double turn = style->angle * 3.14159265358979323846 / 180, c = cos(turn), s = sin(turn);
    double left = style->anchor == OM_ANCHOR_START ? 0 : style->anchor == OM_ANCHOR_END ? -width : -width / 2;
    const double corner[4][2] = {{left, -ascent * style->size},
                                 {left + width, -ascent * style->size},
                                 {left + width, descent * style->size},
                                 {left, descent * style->size}};
    struct om_text_box box;
    for (int i = 0; i < 4; i++)
        box.corner[i] = (struct om_point){x + corner[i][0] * c - corner[i][1] * s,
                                          y + corner[i][0] * s + corner[i][1] * c};
    return box;
}

/* Is there a line along an edge of a that separates the two? */
static bool
separates(const struct om_text_box *a, const struct om_text_box *b)
{
    for (int i = 0; i < 2; i++) {
        struct om_point from = a->corner[i], to = a->corner[i + 1];
        double nx = to.x - from.x, ny = to.y - from.y, low[2], high[2];
        for (int k = 0; k < 2; k++) {
            const struct om_point *corner = k ? b->corner : a->corner;
            low[k] = high[k] = corner[0].x * nx + corner[0].y * ny;
            for (int j = 1; j < 4; j++) {
                double at = corner[j].x * nx + corner[j].y * ny;
                low[k] = fmin(low[k], at);
                high[k] = fmax(high[k], at);
            }
        }
        if (high[0] <= low[1] || high[1] <= low[0])
            return true;
    }
    return false;
}

static bool
is_free(const struct om_svg *svg, const struct om_text_box *box)
{
    for (int i = 0; i < 4; i++)
        if (box->corner[i].x < 0 || box->corner[i].x > svg->width || box->corner[i].y < 0)
            return false;
    for (size_t i = 0; i < svg->n_text; i++)
        if (!separates(&svg->text[i], box) && !separates(box, &svg->text[i]))
            return false;
    return true;
}

static bool
keep(struct om_svg *svg, const struct om_text_box *box)
{
    if (!om_grow(&svg->text, &svg->text_capacity, svg->n_text, sizeof *svg->text)) {
        svg->failed = true;
        return false;
    }
    svg->text[svg->n_text++] = *box;
    return true;
}

void
om_svg_reserve(struct om_svg *svg, double x, double y, double width, double height)
{
    const struct om_text_box box = {{{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}}};
    keep(svg, &box);
}

/* --- text, drawn --------------------------------------------------------------------------------------- */

static void
text_element(struct om_svg *svg, double x, double y, const struct om_text_style *style, bool halo,
             const char *text)
{
    static const char *const anchors[] = {NULL, "middle", "end"};
    struct om_buffer *out = &svg->body;
    om_buffer_text(out, "<text");
    om_svg_attribute(out, "x", x);
    om_svg_attribute(out, "y", y);
    om_svg_attribute(out, "font-size", style->size);
    if (style->bold)
        om_buffer_text(out, " font-weight=\"bold\"");
    if (anchors[style->anchor])
        om_buffer_format(out, " text-anchor=\"%s\"", anchors[style->anchor]);
    if (style->angle != 0) {
        om_buffer_text(out, " transform=\"rotate(");
        om_svg_number(out, style->angle);
        om_svg_pair(out, ' ', x, y);
        om_buffer_text(out, ")\"");
    }
    if (halo)
        om_buffer_text(out, " aria-hidden=\"true\" fill=\"#ffffff\" stroke=\"#ffffff\" stroke-width=\"4\" "
                            "stroke-linejoin=\"round\">");
    else
        om_buffer_format(out, " fill=\"%s\">", style->fill);
    om_xml_text(out, text);
    om_buffer_text(out, "</text>\n");
}

/* The text as it will be shown; NULL when memory is short. The caller releases *shown. */
static const char *
show(struct om_svg *svg, struct om_buffer *shown, const char *text)
{
    om_utf8_display(shown, text);
    svg->failed |= !om_buffer_ok(shown);
    return om_buffer_ok(shown) ? om_buffer_string(shown) : NULL;
}

static bool
draw(struct om_svg *svg, double x, double y, const struct om_text_style *style, const char *shown)
{
    if (!*shown)
        return false;
    struct om_text_box box = box_of(x, y, style, om_text_width(shown, style->size, style->bold));
    if (!is_free(svg, &box) || !keep(svg, &box))
        return false;
    for (int i = 0; i < 4; i++)
        svg->height = fmax(svg->height, box.corner[i].y + 2);
    if (style->halo)
        text_element(svg, x, y, style, true, shown);
    text_element(svg, x, y, style, false, shown);
    return true;
}

bool
om_svg_text(struct om_svg *svg, double x, double y, const struct om_text_style *style, const char *text)
{
    struct om_buffer shown = OM_BUFFER_EMPTY;
    const char *p = show(svg, &shown, text);
    bool drawn = p && draw(svg, x, y, style, p);
    om_buffer_release(&shown);
    return drawn;
}

bool
om_svg_textf(struct om_svg *svg, double x, double y, const struct om_text_style *style, const char *format,
             ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return om_svg_text(svg, x, y, style, text);
}

/* The longest beginning (or end, from the back) of text that is at most so wide; returns its bytes. */
static size_t
fitting(const char *text, size_t length, double width, const struct om_text_style *style, bool from_back)
{
    size_t taken = 0;
    for (size_t next; taken < length; taken = next) {
        next = taken + 1;
        if (from_back)
            while (next < length && (text[length - next] & 0xC0) == 0x80)
                next++;
        else
            while (next < length && (text[next] & 0xC0) == 0x80)
                next++;
        const char *part = from_back ? text + length - next : text;
        if (width_of(part, next, style->size, style->bold) > width)
            break;
    }
    return taken;
}

bool
om_svg_text_fit(struct om_svg *svg, double x, double y, const struct om_text_style *style, double width,
                const char *text)
{
    static const char ellipsis[] = "\xE2\x80\xA6";
    struct om_buffer shown = OM_BUFFER_EMPTY, cut = OM_BUFFER_EMPTY;
    const char *p = show(svg, &shown, text);
    bool drawn = false;
    if (p && om_text_width(p, style->size, style->bold) > width) {
        double half = (width - om_text_width(ellipsis, style->size, style->bold)) / 2;
        size_t length = strlen(p), back = fitting(p, length, half, style, true);
        om_buffer_add(&cut, p, fitting(p, length - back, half, style, false));
        om_buffer_text(&cut, ellipsis);
        om_buffer_text(&cut, p + length - back);
        p = om_buffer_ok(&cut) ? om_buffer_string(&cut) : NULL;
        svg->failed |= !p;
    }
    drawn = p && draw(svg, x, y, style, p);
    om_buffer_release(&cut);
    om_buffer_release(&shown);
    return drawn;
}

/* Where the line that begins at text ends: behind the last word that fits, or within a word that is too long
 * for a line. */
static size_t
line_end(const char *text, double width, const struct om_text_style *style)
{
    size_t end = 0, length = strlen(text);
    for (size_t word = 0; word < length;) {
        size_t stop = word + strcspn(text + word, " ");
        if (text[stop] == ' ' && text[stop + 1] == '%') /* stays with its number */
            stop += 1 + strcspn(text + stop + 1, " ");
        if (width_of(text, stop, style->size, style->bold) > width)
            break;
        end = stop;
        word = stop + strspn(text + stop, " ");
    }
    if (end == 0)
        end = fitting(text, strcspn(text, " "), width, style, false);
    return end ? end : length;
}

double
om_svg_paragraph(struct om_svg *svg, double x, double y, const struct om_text_style *style, double width,
                 size_t lines, const char *text)
{
    const double step = style->size * 1.35;
    struct om_buffer shown = OM_BUFFER_EMPTY;
    const char *p = show(svg, &shown, text);
    for (size_t line = 0; p && *p && line < lines; line++, y += step) {
        size_t end = line_end(p, width, style);
        char *part = line + 1 < lines ? om_strndup(p, end) : om_strdup(p);
        svg->failed |= !part;
        if (!part)
            break;
        om_svg_text_fit(svg, x, y, style, width, part);
        om_free(part);
        p += end;
        p += strspn(p, " ");
    }
    om_buffer_release(&shown);
    return y;
}
