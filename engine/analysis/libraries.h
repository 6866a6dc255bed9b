/* The libraries of the layers up to this one. */
#ifndef OM_ANALYSIS_LIBRARIES_H
#define OM_ANALYSIS_LIBRARIES_H

#include <omstat/version.h>

/* Fills in name and version; returns how many. */
size_t om_engine_libraries(struct om_library library[OM_LIBRARIES_MAX]);

#endif
