/* Which omstat this is: its version, commit and libraries. The Makefile reads the version from here. */
#ifndef OMSTAT_VERSION_H
#define OMSTAT_VERSION_H

#include <stddef.h>
#include <omstat/status.h>

#define OM_VERSION "0.1.0"

/* The commit this was built from: "99ea693c0a4f", with "-dirty" when files differed from it; "unknown" when
 * it was built outside of a git checkout. Static storage. */
OM_API const char *om_commit(void);

/* An outside library that is in this program. */
struct om_library {
    const char *name;    /* "gsl" */
    const char *version; /* "2.7.1", of the one that runs where it can say so, else of its headers */
};

enum { OM_LIBRARIES_MAX = 16 };

/* Fills in the libraries, in a fixed order; returns how many. Text is static. */
OM_API size_t om_libraries(struct om_library library[OM_LIBRARIES_MAX]);

/* What an output was made by. */
struct om_build {
    const char *version; /* OM_VERSION */
    const char *commit;
    struct om_library library[OM_LIBRARIES_MAX];
    size_t n_libraries;
};

/* Fills in this program. */
OM_API void om_build_of_this(struct om_build *out);

#endif
