/* The definitions in instruments/, compiled in. The table is written by tools/embed.sh during the build. */
#ifndef OM_INSTRUMENT_BUILTIN_H
#define OM_INSTRUMENT_BUILTIN_H

#include <stddef.h>

struct om_builtin {
    const char *id;
    const char *text; /* NUL-terminated */
    size_t length;    /* without the NUL */
};

extern const struct om_builtin om_builtin_table[];
extern const size_t om_builtin_table_size;

#endif
