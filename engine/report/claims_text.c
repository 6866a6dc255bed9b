/* Judged claims for people, as text and Markdown. */
#include "report/claims_view.h"
#include "report/utf8.h"
#include "report/view.h"

#include <inttypes.h>
#include <string.h>

enum { WIDTH = 100, MARGIN = 2, INDENT = 15 };

const char *
om_verdict_name(enum om_verdict verdict)
{
    static const char *const names[] = {"match", "mismatch", "undecidable"};
    return names[verdict];
}

void
om_claims_say_counts(struct om_buffer *out, const struct om_claims_results *results)
{
    om_buffer_format(out, "%zu claim%s: %zu match, %zu mismatch, %zu undecidable", results->n,
                     results->n == 1 ? "" : "s", results->count[OM_CLAIM_MATCH],
                     results->count[OM_CLAIM_MISMATCH], results->count[OM_CLAIM_UNDECIDABLE]);
}

static void
add_part(struct om_buffer *out, size_t begin, const char *text)
{
    if (*text)
        om_buffer_format(out, "%s%s", out->length > begin ? ", " : "", text);
}

void
om_claims_say_question(struct om_buffer *out, const struct om_claim *claim)
{
    const size_t begin = out->length;
    if (*claim->statistic) {
        add_part(out, begin, claim->instrument);
        add_part(out, begin, strcmp(claim->scale, "total") ? claim->scale : "");
        add_part(out, begin, strcmp(claim->group, "all") ? claim->group : "");
        add_part(out, begin, claim->population);
        add_part(out, begin, claim->occasion);
        add_part(out, begin, claim->rule);
        add_part(out, begin, claim->statistic);
    }
    if (claim->has_value)
        om_buffer_format(out, "%s%s", out->length > begin ? ": " : "", claim->value_text);
    if (claim->test.kind != OM_TEST_NONE)
        om_buffer_text(out, claim->has_value ? ", and a test" : "a test");
}

void
om_claims_say_alternative(struct om_buffer *out, const struct om_alternative *alternative)
{
    om_buffer_text(out, alternative->change);
    if (alternative->has_ratio)
        om_buffer_format(out, " (%" PRIu64 " of %" PRIu64 ")", alternative->numerator,
                         alternative->denominator);
    else
        om_buffer_format(out, " (%.6g)", alternative->value);
}

/* --- text ----------------------------------------------------------------------------------------------- */

/* Text broken at blanks, the first line from column `at` on, the others from `indent` on. */
static void
put_wrapped(struct om_buffer *out, const char *text, size_t at, size_t indent)
{
    struct om_buffer shown = OM_BUFFER_EMPTY;
    om_utf8_display(&shown, text);
    const char *word = om_buffer_string(&shown);
    for (bool first = true; *word; first = false) {
        const size_t length = strcspn(word, " ");
        if (!first && at + 1 + length > WIDTH) {
            om_buffer_char(out, '\n');
            om_buffer_repeat(out, " ", indent);
            at = indent;
        } else if (!first) {
            om_buffer_char(out, ' ');
            at++;
        }
        om_buffer_add(out, word, length);
        at += length;
        word += length;
        word += strspn(word, " ");
    }
    om_buffer_char(out, '\n');
    out->failed |= !om_buffer_ok(&shown);
    om_buffer_release(&shown);
}

static void
put_line(struct om_buffer *out, const char *label, const char *text)
{
    om_buffer_repeat(out, " ", MARGIN);
    om_buffer_format(out, "%-*s", INDENT - MARGIN, label);
    put_wrapped(out, text, INDENT, INDENT);
}

static void
put_claim(struct om_buffer *out, const struct om_claim *claim, const struct om_claim_result *result)
{
    struct om_buffer line = OM_BUFFER_EMPTY;
    om_buffer_format(out, "%-*s", INDENT, om_verdict_name(result->verdict));
    put_wrapped(out, claim->id, INDENT, INDENT);
    if (*claim->text)
        put_line(out, "published", claim->text);
    om_claims_say_question(&line, claim);
    put_line(out, "claimed", om_buffer_string(&line));
    put_line(out, "found", result->reason);
    for (size_t i = 0; i < result->n_alternatives; i++) {
        om_buffer_clear(&line);
        om_claims_say_alternative(&line, &result->alternative[i]);
        put_line(out, i ? "" : "given by", om_buffer_string(&line));
    }
    if (result->impossible_n && *result->impossible_n)
        put_line(out, "not of n", result->impossible_n);
    out->failed |= !om_buffer_ok(&line);
    om_buffer_release(&line);
}

void
om_claims_text(struct om_buffer *out, const struct om_claims *claims, const struct om_claims_results *results)
{
    if (*claims->source) {
        put_wrapped(out, claims->source, 0, 0);
        om_buffer_char(out, '\n');
    }
    for (size_t i = 0; i < results->n; i++) {
        put_claim(out, &claims->claim[i], &results->result[i]);
        om_buffer_char(out, '\n');
    }
    om_claims_say_counts(out, results);
    om_buffer_char(out, '\n');
}

/* --- Markdown ------------------------------------------------------------------------------------------- */

static void
put_cell(struct om_buffer *out, const char *text)
{
    om_markdown_text(out, text);
    om_buffer_text(out, " | ");
}

static void
put_row(struct om_buffer *out, const struct om_claim *claim, const struct om_claim_result *result)
{
    struct om_buffer cell = OM_BUFFER_EMPTY;
    om_buffer_text(out, "| ");
    put_cell(out, om_verdict_name(result->verdict));
    put_cell(out, claim->id);
    om_claims_say_question(&cell, claim);
    put_cell(out, om_buffer_string(&cell));
    om_markdown_text(out, result->reason);
    for (size_t i = 0; i < result->n_alternatives; i++) {
        om_buffer_clear(&cell);
        om_claims_say_alternative(&cell, &result->alternative[i]);
        om_buffer_text(out, i ? "<br>" : "<br>given by: ");
        om_markdown_text(out, om_buffer_string(&cell));
    }
    if (result->impossible_n && *result->impossible_n) {
        om_buffer_text(out, "<br>not of n: ");
        om_markdown_text(out, result->impossible_n);
    }
    om_buffer_text(out, " |\n");
    out->failed |= !om_buffer_ok(&cell);
    om_buffer_release(&cell);
}

void
om_claims_markdown(struct om_buffer *out, const struct om_claims *claims,
                   const struct om_claims_results *results)
{
    om_buffer_text(out, "# Claims\n\n");
    if (*claims->source) {
        om_markdown_text(out, claims->source);
        om_buffer_text(out, "\n\n");
    }
    om_claims_say_counts(out, results);
    om_buffer_text(out, ".\n\n| verdict | claim | claimed | found |\n| :--- | :--- | :--- | :--- |\n");
    for (size_t i = 0; i < results->n; i++)
        put_row(out, &claims->claim[i], &results->result[i]);
}
