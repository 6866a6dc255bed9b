/* The version of omstat, written once: the Makefile and the manual read it from here. */
#ifndef OMSTAT_VERSION_H
#define OMSTAT_VERSION_H

#define OM_VERSION "0.1.0"

#endif
