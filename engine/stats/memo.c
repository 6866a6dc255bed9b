#include "stats/memo.h"

#include "base/hash.h"

static bool
same(const struct om_memo_key *a, const struct om_memo_key *b)
{
    return a->of == b->of && a->argument[0] == b->argument[0] && a->argument[1] == b->argument[1] &&
           a->argument[2] == b->argument[2];
}

struct om_memo_entry *
om_memo_at(const struct om_memo *memo, const struct om_memo_key *key, bool *known)
{
    struct om_memo_entry *entry = &memo->at[om_hash(key, sizeof *key) % memo->n];
    *known = same(&entry->key, key);
    entry->key = *key;
    return entry;
}

double
om_memo_value(const struct om_memo *memo, enum om_memo_of of, double (*find)(double, double, double),
              double a, double b, double c)
{
    const struct om_memo_key key = {of, {a, b, c}};
    bool known = false;
    struct om_memo_entry *entry = memo ? om_memo_at(memo, &key, &known) : NULL;
    if (known)
        return entry->value[0];
    double value = find(a, b, c);
    if (entry)
        entry->value[0] = value;
    return value;
}
