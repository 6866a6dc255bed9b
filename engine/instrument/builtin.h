/* The definitions in instruments/, compiled in: as they are written, by tools/embed.sh, and as they are
 * loaded, by tools/freeze.c; both tables are in the same order. */
#ifndef OM_INSTRUMENT_BUILTIN_H
#define OM_INSTRUMENT_BUILTIN_H

#include <omstat/instrument.h>

struct om_builtin {
    const char *id;
    const char *text; /* NUL-terminated */
    size_t length;    /* without the NUL */
};

extern const struct om_builtin om_builtin_table[];
extern const size_t om_builtin_table_size;

extern const struct om_instrument om_builtin_instrument[];
extern const size_t om_builtin_instruments;

#endif
