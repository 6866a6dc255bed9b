/* Numbers of one tally to those of another, when names are united or get fewer. */
#ifndef OM_TALLY_COMBINE_H
#define OM_TALLY_COMBINE_H

#include "tally/tally.h"

/* Where each name of a tally is in another: ascending, as the names are. */
struct om_tally_map {
    uint32_t *group, *finding;
    uint32_t **value; /* per described column */
    uint32_t **level; /* per scale; NULL but for totals */
    size_t n_described, n_scales;
};

/* Room for the numbers of a tally. The caller releases it, also on failure. Errors: OM_ERR_NOMEM. */
om_status om_tally_map_init(struct om_tally_map *map, const struct om_tally *of,
                            struct om_error *err) OM_NODISCARD;
void om_tally_map_release(struct om_tally_map *map);

/* The cell with the numbers of the other tally. */
struct om_tally_cell om_tally_map_cell(const struct om_tally_map *map, enum om_tally_kind kind,
                                       size_t subject, struct om_tally_cell cell);

/* May they be added up: the same settings, instruments, occasions and columns? name stands for the other in
 * errors. Errors: OM_ERR_DEFINITION. */
om_status om_tally_agree(const struct om_tally *own, const struct om_tally *other, const char *name,
                         struct om_error *err) OM_NODISCARD;

/* What two tallies are about, and the names of both, to a new one without lists; map says where those of each
 * are. The caller releases both maps, also on failure. Errors: OM_ERR_NOMEM. */
enum { OM_TALLY_SIDES = 2 };
om_status om_tally_unite(const struct om_tally *const *from, struct om_tally_map *map, struct om_tally *to,
                         struct om_error *err) OM_NODISCARD;

/* Drops the names that no count uses. Errors: OM_ERR_NOMEM. */
om_status om_tally_prune(struct om_tally *tally, struct om_error *err) OM_NODISCARD;

#endif
