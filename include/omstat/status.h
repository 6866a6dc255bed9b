/*
 * How every call of the library reports what happened.
 *
 * A fallible function returns an om_status and takes a struct om_error * last. The pointer may be
 * NULL; when it is not, it is filled on failure and left alone on success. Outputs are written only
 * on OM_OK unless the function says otherwise. The library never prints and never exits.
 */
#ifndef OMSTAT_STATUS_H
#define OMSTAT_STATUS_H

#include <stdint.h>

#if defined(__GNUC__)
#define OM_API                 __attribute__((visibility("default")))
#define OM_NODISCARD           __attribute__((warn_unused_result))
#define OM_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define OM_API
#define OM_NODISCARD
#define OM_PRINTF(text, first)
#endif

/* Values are pinned and never reused; tens group the causes. */
typedef enum om_status {
    OM_OK = 0,
    /* 1-9: the call */
    OM_ERR_INVALID = 1,     /* an argument the header forbids */
    OM_ERR_NOMEM = 2,       /* memory, or a ceiling on memory, is exhausted */
    OM_ERR_INTERNAL = 3,    /* a check of the library on itself failed; nothing was written */
    OM_ERR_USAGE = 4,       /* an option or study key with an impossible value */
    OM_ERR_UNSUPPORTED = 5, /* this build lacks the feature */
    /* 10-19: the numbers cannot carry the statistic */
    OM_ERR_TOO_FEW = 10,    /* fewer values than the statistic is defined for */
    OM_ERR_DEGENERATE = 11, /* no variation, no pairs left, or another undefined case */
    /* 20-29: the panel */
    OM_ERR_PANEL = 20, /* the input is no panel of the kind that was asked for */
    OM_ERR_DATA = 21,  /* a panel, but with findings that stop the run */
    /* 30-39: definitions */
    OM_ERR_DEFINITION = 30, /* an instrument or study file with errors */
    /* 40-49: input and output */
    OM_ERR_NO_INPUT = 40,   /* no such input */
    OM_ERR_PERMISSION = 41, /* the system refuses access */
    OM_ERR_IO = 42,         /* reading or writing failed half way */
    OM_ERR_CREATE = 43,     /* the output cannot be created */
} om_status;

enum { OM_ERROR_PLACE = 256, OM_ERROR_TEXT = 1024 };

/* What went wrong, where, and what to do about it. Never holds a cell's value or a person's id. */
struct om_error {
    om_status status;
    char file[OM_ERROR_PLACE]; /* empty when no file is involved */
    uint64_t line;             /* 1-based; 0 = not known */
    uint64_t column;           /* 1-based; 0 = not known */
    char message[OM_ERROR_TEXT];
    char hint[OM_ERROR_TEXT]; /* the remedy; empty when the message says it all */
};

/* The exit code a program should end with (sysexits.h where one fits): 0, 1, 64 to 78. */
OM_API int om_status_exit_code(om_status status);

/* The name of a status, such as "OM_ERR_PANEL". Static storage. */
OM_API const char *om_status_name(om_status status);

#endif
