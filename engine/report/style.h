/* The style sheet of HTML pages: page.css, made part of the program by tools/embed-text.sh. */
#ifndef OM_REPORT_STYLE_H
#define OM_REPORT_STYLE_H

#include <stddef.h>

extern const char om_page_style[];
extern const size_t om_page_style_length;

#endif
