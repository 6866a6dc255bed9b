#include <omstat/version.h>

/* Written by the Makefile. */
extern const char om_commit_text[];

const char *
om_commit(void)
{
    return om_commit_text;
}
