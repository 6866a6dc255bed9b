#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

om_status
om_fail(struct om_error *err, om_status status, const char *format, ...)
{
    if (err) {
        memset(err, 0, sizeof *err);
        err->status = status;
        va_list args;
        va_start(args, format);
        vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
    }
    return status;
}

void
om_hint(struct om_error *err, const char *format, ...)
{
    if (!err)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(err->hint, sizeof err->hint, format, args);
    va_end(args);
}

void
om_place(struct om_error *err, const char *file, uint64_t line, uint64_t column)
{
    if (!err)
        return;
    snprintf(err->file, sizeof err->file, "%s", file ? file : "");
    err->line = line;
    err->column = column;
}

om_status
om_fail_memory(struct om_error *err)
{
    return om_fail(err, OM_ERR_NOMEM, "out of memory");
}

int
om_status_exit_code(om_status status)
{
    switch (status) {
    case OM_OK:
        return 0;
    case OM_ERR_DATA:
        return 1;
    case OM_ERR_USAGE:
        return 64;
    case OM_ERR_PANEL:
    case OM_ERR_TOO_FEW:
    case OM_ERR_DEGENERATE:
        return 65;
    case OM_ERR_NO_INPUT:
        return 66;
    case OM_ERR_UNSUPPORTED:
        return 69;
    case OM_ERR_INVALID:
    case OM_ERR_INTERNAL:
        return 70;
    case OM_ERR_NOMEM:
        return 71;
    case OM_ERR_CREATE:
        return 73;
    case OM_ERR_IO:
        return 74;
    case OM_ERR_PERMISSION:
        return 77;
    case OM_ERR_DEFINITION:
        return 78;
    }
    return 70;
}

const char *
om_status_name(om_status status)
{
    switch (status) {
#define NAME(s)                                                                                              \
    case s:                                                                                                  \
        return #s
        NAME(OM_OK);
        NAME(OM_ERR_INVALID);
        NAME(OM_ERR_NOMEM);
        NAME(OM_ERR_INTERNAL);
        NAME(OM_ERR_USAGE);
        NAME(OM_ERR_UNSUPPORTED);
        NAME(OM_ERR_TOO_FEW);
        NAME(OM_ERR_DEGENERATE);
        NAME(OM_ERR_PANEL);
        NAME(OM_ERR_DATA);
        NAME(OM_ERR_DEFINITION);
        NAME(OM_ERR_NO_INPUT);
        NAME(OM_ERR_PERMISSION);
        NAME(OM_ERR_IO);
        NAME(OM_ERR_CREATE);
#undef NAME
    }
    return "OM_ERR_UNKNOWN";
}
