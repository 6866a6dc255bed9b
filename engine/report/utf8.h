/* Text from data, made fit to be shown: width on a terminal, escaping of what does not print.
 */
#ifndef OM_REPORT_UTF8_H
#define OM_REPORT_UTF8_H

#include "base/buffer.h"
#include "base/utf8.h"

#include <stddef.h>
#include <stdint.h>

/* Adds text with every ill-formed sequence replaced by U+FFFD. */
void om_utf8_repair(struct om_buffer *out, const char *text);

/* Columns on a terminal: 2 for wide characters, 0 for combining ones. */
size_t om_utf8_width(const char *text);

/* Adds text as om_text_show in <omstat/text.h> shows it: the result is well-formed UTF-8 on one line. */
void om_utf8_display(struct om_buffer *out, const char *text);

/* Adds displayed text, with an ellipsis in its middle when it is wider than width (at least 1): the ends of
 * long names tell them apart. Returns the width of what was added. */
size_t om_utf8_fit(struct om_buffer *out, const char *displayed, size_t width);

#endif
