#include <omstat/instrument.h>
#include "instrument/builtin.h"

#include <string.h>

size_t
om_instrument_builtin_count(void)
{
    return om_builtin_table_size;
}

const char *
om_instrument_builtin_id(size_t index)
{
    return index < om_builtin_table_size ? om_builtin_table[index].id : NULL;
}

const char *
om_instrument_builtin_text(const char *id)
{
    for (size_t i = 0; i < om_builtin_table_size; i++)
        if (strcmp(om_builtin_table[i].id, id) == 0)
            return om_builtin_table[i].text;
    return NULL;
}
