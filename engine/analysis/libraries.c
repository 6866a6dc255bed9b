#include "analysis/libraries.h"

#include "base/hash.h"
#include "csv/reader.h"
#include "io/codec.h"
#include "io/sha256.h"
#include "io/yaml.h"
#include "stats/dist.h"
#include "stats/program.h"

size_t
om_engine_libraries(struct om_library library[OM_LIBRARIES_MAX])
{
    size_t n = 0;
    library[n++] = (struct om_library){"gsl", om_gsl_version()};
    library[n++] = (struct om_library){"glpk", om_program_library_version()};
    library[n++] = (struct om_library){"rmath", om_rmath_version()};
    library[n++] = (struct om_library){"libcsv", om_csv_library_version()};
    library[n++] = (struct om_library){"libyaml", om_yaml_library_version()};
    library[n++] = (struct om_library){"openssl", om_sha256_library_version()};
    library[n++] = (struct om_library){"xxhash", om_hash_library_version()};
    library[n++] = (struct om_library){"isa-l", om_gzip_library_version()};
    library[n++] = (struct om_library){"zstd", om_zstd_library_version()};
    return n;
}
