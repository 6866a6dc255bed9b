/* XML and HTML out: text and attributes, escaped. */
#ifndef OM_REPORT_XML_H
#define OM_REPORT_XML_H

#include "base/buffer.h"

/* Text for an attribute or an element: displayed, so without control characters, and escaped, whatever it
 * holds. */
void om_xml_text(struct om_buffer *out, const char *text);

/* ' name="text"' */
void om_xml_attribute(struct om_buffer *out, const char *name, const char *text);

#endif
