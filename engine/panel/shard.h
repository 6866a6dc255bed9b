/*
 * One shard of a panel: a part of the bytes of its inputs, laid end to end.
 *
 *   inputs   | a.csv                  | b.csv.gz | c.csv                |
 *   shards   1          | 2          | 3          | 4                   equal parts, in bytes
 *
 * A record belongs to the shard in which its first byte stands, so every record belongs to one. Where records
 * begin is proven, not guessed (csv/boundary.h). The header of every file is read by every shard. What cannot
 * be read at any place, compressed files, belongs as a whole to the shard in which its first byte stands.
 *
 * A shard does not know how many lines stand before it. Only when there is something to say about a record is
 * that counted (om_panel_place), by reading what stands before.
 */
#ifndef OM_PANEL_SHARD_H
#define OM_PANEL_SHARD_H

#include "panel/panel.h"

/* Does byte `at` of `total` belong to this shard? */
bool om_shard_has(size_t shard, size_t n_shards, uint64_t total, uint64_t at);

/* Settles what of each opened file this shard reads: file->from, to, part, none. Errors: OM_ERR_USAGE for an
 * input that has no size; as om_csv_first_record. */
om_status om_panel_cut(struct om_panel *panel, struct om_error *err) OM_NODISCARD;

/* Bytes of a file that were read, as it is stored; the header counts only where it is not a shard. */
uint64_t om_panel_file_bytes(const struct om_panel_file *file);

/* A place as it is in the file. In a shard, those of records count from where it begins. */
struct om_record_place om_panel_place(const struct om_panel *panel, struct om_record_place place);

#endif
