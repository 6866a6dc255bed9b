/*
 * Files of claims: refused with a place, or judged, by a panel and by arithmetic alone. A share or a mean of
 * few people is held against trying every count, and a share, a mean or an SD must not become impossible by
 * allowing more ways to round.
 *
 *   byte 0: odd = by a panel too    the rest: the file
 */
#include "fuzz/fuzz.h"

#include <omstat/claims.h>
#include <omstat/study.h>

enum { MOST = 1 << 12, MOST_PEOPLE = 400, MOST_N = 3000 };

/* One panel for all inputs, small enough to search often. */
static const char panel[] =
    "id,site,gad7_1_pre,gad7_2_pre,gad7_3_pre,gad7_4_pre,gad7_5_pre,gad7_6_pre,gad7_7_pre,"
    "gad7_1_post,gad7_2_post,gad7_3_post,gad7_4_post,gad7_5_post,gad7_6_post,gad7_7_post\n"
    "a,n,3,3,3,2,2,1,0,1,1,0,0,0,0,0\nb,n,2,2,2,2,2,2,2,1,1,1,1,1,1,1\nc,n,1,1,1,1,1,1,1,3,3,3,3,3,3,3\n"
    "d,s,0,0,1,0,0,0,0,0,0,0,0,0,0,0\ne,s,3,3,3,3,3,3,3,2,2,1,2,2,2,2\nf,s,2,1,2,1,2,1,2,,1,2,1,2,1,2\n"
    "g,s,3,3,2,2,3,3,1,0,1,0,1,0,1,0\n";

static const struct om_analysis *
analysis_of_panel(void)
{
    static struct om_study *study;
    static struct om_analysis *analysis;
    if (analysis)
        return analysis;
    require(om_study_new(&study, NULL) == OM_OK);
    require(om_study_add_input(study, fuzz_file((const uint8_t *)panel, sizeof panel - 1), NULL) == OM_OK);
    require(om_study_set(study, "by", "site", NULL) == OM_OK);
    require(om_study_set(study, "rule", "all", NULL) == OM_OK);
    require(om_study_set(study, "min-group", "1", NULL) == OM_OK);
    require(om_analyse(study, NULL, &analysis, NULL, NULL) == OM_OK);
    (void)om_results_find(&analysis->results, "", "", "", "", "", "", ""); /* makes its index */
    return analysis;
}

static const struct om_registry *
instruments(void)
{
    static struct om_registry *registry;
    require(registry || om_registry_new(&registry, NULL) == OM_OK);
    return registry;
}

/* Does num / den, of magnitudes, become `units` when it is rounded half-up to a whole number? */
static bool
rounds_to(__int128 num, __int128 den, __int128 units)
{
    const __int128 magnitude = num < 0 ? -num : num;
    const __int128 rounded = (2 * magnitude + den) / (2 * den);
    return (num < 0 ? -rounded : rounded) == units;
}

static void
check_share(const struct om_published *share, uint64_t n)
{
    const struct om_fraction exact = {0, 1};
    __int128 scale = share->percent ? 100 : 1;
    uint64_t k = 0;
    bool possible = false;
    for (int i = 0; i < share->decimals; i++)
        scale *= 10;
    for (uint64_t i = 0; i <= n && !possible; i++)
        possible = rounds_to((__int128)i * scale, (__int128)n, share->units);
    const bool got = om_rate_possible(share, n, OM_PUBLISHED_HALF_UP, exact, &k);
    require(share->relation != '=' || got == possible);
    require(!got || k <= n);
    require(!got || om_rate_possible(share, n, OM_PUBLISHED_EITHER, exact, NULL));
}

static void
check_mean(const struct om_published *mean, uint64_t n)
{
    const struct om_fraction one = {1, 1};
    if (mean->percent || mean->relation != '=')
        return;
    __int128 scale = 1;
    bool possible = false;
    for (int i = 0; i < mean->decimals; i++)
        scale *= 10;
    const __int128 near = (__int128)mean->units * (__int128)n / scale;
    for (__int128 sum = near - (__int128)n - 2; sum <= near + (__int128)n + 2 && !possible; sum++)
        possible = rounds_to(sum * scale, (__int128)n, mean->units);
    require(om_mean_possible(mean, n, one, OM_PUBLISHED_HALF_UP) == possible);
    require(!possible || om_mean_possible(mean, n, one, OM_PUBLISHED_EITHER));
}

static void
check_numbers(const struct om_claim *claim)
{
    const struct om_score_range anywhere = {.unit = {1, 1}};
    require(claim->id && claim->text && claim->scale && claim->group && claim->line > 0);
    if (!claim->has_value || !claim->has_n || claim->n_from > MOST_PEOPLE)
        return;
    check_share(&claim->value, claim->n_from);
    check_mean(&claim->value, claim->n_from);
    if (claim->has_mean && claim->n_from > 1 &&
        om_sd_possible(&claim->mean, &claim->value, claim->n_from, &anywhere, OM_PUBLISHED_HALF_UP))
        require(om_sd_possible(&claim->mean, &claim->value, claim->n_from, &anywhere, OM_PUBLISHED_EITHER));
}

static void
check_results(const struct om_claims *claims, const struct om_claims_results *results)
{
    size_t count[3] = {0};
    require(results->n == claims->n_claims);
    for (size_t i = 0; i < results->n; i++) {
        const struct om_claim_result *result = &results->result[i];
        require(result->verdict <= OM_CLAIM_UNDECIDABLE && result->reason);
        require(result->n_alternatives <= OM_ALTERNATIVES_MAX);
        require(!result->n_alternatives || result->verdict == OM_CLAIM_MISMATCH);
        count[result->verdict]++;
    }
    require(memcmp(count, results->count, sizeof count) == 0);
    for (int format = OM_CLAIMS_TEXT; format <= OM_CLAIMS_JUNIT; format++) {
        char *text = NULL;
        size_t length;
        require(om_claims_render(claims, results, (enum om_claims_format)format, &text, &length, NULL) ==
                OM_OK);
        require(strlen(text) == length);
        om_text_free(text);
    }
}

static void
judge(const struct om_claims *claims, bool by_panel)
{
    const struct om_claims_variant variant = {.change = "", .analysis = analysis_of_panel()};
    struct om_claims_results *results = NULL;
    struct om_error err = {0};
    om_status status = om_claims_check(claims, instruments(), &variant, by_panel, &results, &err);
    require_words(status, &err);
    require(status == OM_OK && results->with_data == by_panel);
    check_results(claims, results);
    om_claims_results_free(results);
}

/* Whoever gives a wide range of n asks for time, not for a fault. */
static bool
takes_long(const struct om_claims *claims)
{
    uint64_t n = 0;
    for (size_t i = 0; i < claims->n_claims; i++)
        n += claims->claim[i].n_to - claims->claim[i].n_from;
    return n > MOST_N;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct om_claims *claims = NULL;
    struct om_error err = {0};
    const bool by_panel = fuzz_byte(&data, &size) % 2;
    if (size > MOST || fuzz_is_packed(data, size))
        return 0;
    analysis_of_panel(); /* before memory is counted, and before its file is another */
    instruments();
    const size_t live = om_memory_live();
    om_status status = om_claims_load(fuzz_file(data, size), &claims, &err);
    require_words(status, &err);
    require(status == OM_OK || (status == OM_ERR_DEFINITION && err.line > 0));
    for (size_t i = 0; status == OM_OK && i < claims->n_claims; i++)
        check_numbers(&claims->claim[i]);
    if (status == OM_OK && !takes_long(claims)) {
        judge(claims, false);
        if (by_panel)
            judge(claims, true);
    }
    om_claims_free(claims);
    require(om_memory_live() == live);
    return 0;
}
