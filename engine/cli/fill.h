/* Text for people: shown safely, and paragraphs broken into lines. */
#ifndef OM_CLI_FILL_H
#define OM_CLI_FILL_H

#include <stddef.h>
#include <stdio.h>

enum { OM_FILL_WIDTH = 80 };

/* Writes text on one line, control bytes and what is no UTF-8 shown as \x1b. */
void om_put_safe(FILE *stream, const char *text);
void om_put_safe_bytes(FILE *stream, const char *text, size_t length); /* a NUL follows */

/* Columns that UTF-8 text takes, one for each character. */
size_t om_fill_columns(const char *text);

/* Writes text broken at blanks into lines of at most OM_FILL_WIDTH columns, each beginning at column indent;
 * the cursor stands at column `at` already. A newline in the text stays one. Ends with a newline. */
void om_fill(FILE *stream, const char *text, size_t at, size_t indent);

/* "label   text", text broken in a column of its own from `indent` on; a longer label has a line of its own.
 */
void om_fill_entry(FILE *stream, size_t margin, const char *label, const char *text, size_t indent);

#endif
