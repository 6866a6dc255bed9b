/* Numbers of a drawing: two decimals, no zeros at the end, no exponent. */
#ifndef OM_REPORT_SVG_NUMBER_H
#define OM_REPORT_SVG_NUMBER_H

#include "base/buffer.h"

void om_svg_number(struct om_buffer *out, double value);

/* Two of them, with a character before: M3 4.5 */
void om_svg_pair(struct om_buffer *out, char before, double x, double y);

/* ' name="value"' */
void om_svg_attribute(struct om_buffer *out, const char *name, double value);

#endif
