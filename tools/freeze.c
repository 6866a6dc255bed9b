/*
 * Part of the build: loads the definitions of the library with the loader that reads a user's file, and writes them
 * to stdout as C (engine/instrument/freeze.h). A definition that is not right does not build.
 */
#include "base/buffer.h"
#include "instrument/builtin.h"
#include "instrument/freeze.h"

#include <stdio.h>
#include <stdlib.h>
#include <omstat/status.h>

/* This program makes them. */
const struct om_instrument om_builtin_instrument[] = {{0}};
const size_t om_builtin_instruments = 0;

static void
fail(const struct om_error *err)
{
    fprintf(stderr, "%s:%llu: %s\n", err->file, (unsigned long long)err->line, err->message);
    exit(1);
}

int
main(void)
{
    struct om_error err = {0};
    struct om_registry *registry = NULL;
    if (om_registry_new(&registry, &err) != OM_OK)
        fail(&err);
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_buffer_text(&out, "/* Written by tools/freeze.c from instruments/; edit those. */\n"
                         "#include \"instrument/builtin.h\"\n\n#include <math.h>\n\n"
                         "#define LIST(type) (type *)(type const[])\n\n"
                         "const struct om_instrument om_builtin_instrument[] = {\n");
    for (size_t i = 0; i < om_builtin_table_size; i++) {
        const struct om_builtin *builtin = &om_builtin_table[i];
        const struct om_instrument *instrument;
        if (om_registry_add_text(registry, builtin->id, builtin->text, builtin->length, &instrument, &err) != OM_OK)
            fail(&err);
        om_instrument_freeze(&out, instrument);
        om_buffer_text(&out, ",\n\n");
    }
    om_buffer_format(&out, "};\nconst size_t om_builtin_instruments = %zu;\n", om_builtin_table_size);
    om_registry_free(registry);
    bool written = om_buffer_ok(&out) && fputs(om_buffer_string(&out), stdout) >= 0 && fflush(stdout) == 0;
    om_buffer_release(&out);
    return written ? 0 : 1;
}
