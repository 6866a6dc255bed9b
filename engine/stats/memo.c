#include "stats/memo.h"

#include <string.h>
#include "base/hash.h"

struct om_memo_entry *
om_memo_at(const struct om_memo *memo, const struct om_memo_key *key, bool *known)
{
    struct om_memo_entry *entry = &memo->at[om_hash(key, sizeof *key) % memo->n];
    *known = memcmp(&entry->key, key, sizeof *key) == 0;
    entry->key = *key;
    return entry;
}
