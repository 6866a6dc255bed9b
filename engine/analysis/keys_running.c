/* The keys that say how the work is done: threads, memory, which part of the input. */
#include "analysis/keys.h"
#include "base/error.h"
#include "base/number.h"

#include <string.h>

om_status
om_key_threads(struct om_study *study, const char *target, const struct om_texts *values,
               struct om_error *err)
{
    (void)target;
    int32_t n;
    if (om_integer_parse(values->at[0], strlen(values->at[0]), &n) != 1 || n < 1 || n > OM_THREADS_MAX)
        return om_fail_key(err, "threads", "a whole number from 1 to 256");
    study->panel.threads = (size_t)n;
    return OM_OK;
}

/* "3/64". */
static om_status
read_part(const char *key, const char *text, size_t *part, size_t *parts, struct om_error *err)
{
    const char *slash = strchr(text, '/');
    int32_t k, n;
    if (!slash || om_integer_parse(text, (size_t)(slash - text), &k) != 1 ||
        om_integer_parse(slash + 1, strlen(slash + 1), &n) != 1 || k < 1 || n < k || n > OM_SHARDS_MAX)
        return om_fail_key(err, key, "which one of how many, such as 3/64: from 1/1 to 1000000/1000000");
    *part = (size_t)k;
    *parts = (size_t)n;
    return OM_OK;
}

om_status
om_key_shard(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    return read_part("shard", values->at[0], &study->panel.shard, &study->panel.n_shards, err);
}

om_status
om_key_persons(struct om_study *study, const char *target, const struct om_texts *values,
               struct om_error *err)
{
    (void)target;
    return read_part("persons", values->at[0], &study->panel.part, &study->panel.n_parts, err);
}

bool
om_size_parse(const char *text, uint64_t *size)
{
    static const char units[] = "KMGT";
    size_t length = strlen(text);
    int32_t n;
    int shift = 0;
    const char *unit = length ? strchr(units, text[length - 1]) : NULL;
    if (unit) {
        shift = 10 * ((int)(unit - units) + 1);
        length--;
    }
    if (om_integer_parse(text, length, &n) != 1 || n < 1)
        return false;
    *size = (uint64_t)n << shift;
    return true;
}

om_status
om_key_memory(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    uint64_t size;
    (void)target;
    if (!om_size_parse(values->at[0], &size) || size < OM_MEMORY_LEAST)
        return om_fail_key(err, "memory", "a size of 1M or more, such as 500M or 2G");
    study->panel.memory = (size_t)size;
    return OM_OK;
}

om_status
om_key_digest(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    static const char *const words[] = {"auto", "sha256", "xxh128"};
    int which;
    OM_TRY(om_key_choose(values, "digest", words, 3, &which, err));
    study->panel.digest = (enum om_digest_kind)which;
    return OM_OK;
}
