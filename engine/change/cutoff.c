#include <omstat/clinical.h>

#include <math.h>
#include "change/beyond.h"

static const char NO_FUNCTIONAL[] = "there are no norms of a functional population";

const char *
om_cutoff_id(enum om_cutoff_kind kind)
{
    static const char *const ids[] = {"auto", "a", "b", "c"};
    return (unsigned)kind <= OM_CUTOFF_C ? ids[kind] : "";
}

static double
toward_better(enum om_direction direction)
{
    return direction == OM_HIGHER_BETTER ? 1 : -1;
}

/* The three cut-offs, of populations with these SDs. */
static double
place(enum om_cutoff_kind kind, const struct om_cutoff_source *s, double clinical_sd, double functional_sd)
{
    double better = toward_better(s->direction);
    if (kind == OM_CUTOFF_A)
        return s->clinical_mean.value + better * 2 * clinical_sd;
    if (kind == OM_CUTOFF_B)
        return s->functional_mean.value - better * 2 * (s->b_with_clinical_sd ? clinical_sd : functional_sd);
    return (clinical_sd * s->functional_mean.value + functional_sd * s->clinical_mean.value) /
           (clinical_sd + functional_sd);
}

static const char *
why_no_clinical(const struct om_cutoff_source *s)
{
    if (s->clinical_mean.reason || s->clinical_sd.reason)
        return s->clinical_mean.reason ? s->clinical_mean.reason : s->clinical_sd.reason;
    return s->clinical_sd.value > 0 ? NULL : "the clinical population does not vary";
}

static const char *
why_no_functional(const struct om_cutoff_source *s)
{
    if (s->functional_mean.reason || s->functional_sd.reason)
        return s->functional_mean.reason ? s->functional_mean.reason : NO_FUNCTIONAL;
    return s->functional_sd.value > 0 ? NULL : "the functional population does not vary";
}

/* Which one is meant, by the SDs as they are given. */
static enum om_cutoff_kind
choose(enum om_cutoff_kind kind, const struct om_cutoff_source *s)
{
    if (kind != OM_CUTOFF_AUTO)
        return kind;
    if (why_no_functional(s))
        return OM_CUTOFF_A;
    if (why_no_clinical(s))
        return OM_CUTOFF_B;
    double better = toward_better(s->direction);
    double a = s->clinical_mean.value + better * 2 * s->clinical_sd.value;
    double b = s->functional_mean.value - better * 2 * s->functional_sd.value;
    return better * a >= better * b ? OM_CUTOFF_C : OM_CUTOFF_B;
}

/* Chooses, and says what is missing. */
static void
begin(enum om_cutoff_kind kind, const struct om_cutoff_source *s, struct om_change_cutoff *out)
{
    *out = (struct om_change_cutoff){.kind = choose(kind, s), .direction = s->direction, .reliability = 1};
    bool clinical = out->kind != OM_CUTOFF_B || s->b_with_clinical_sd, functional = out->kind != OM_CUTOFF_A;
    out->reason = clinical ? why_no_clinical(s) : NULL;
    if (!out->reason && functional)
        out->reason = why_no_functional(s);
}

void
om_change_cutoff_make(enum om_cutoff_kind kind, const struct om_cutoff_source *s,
                      struct om_change_cutoff *out)
{
    begin(kind, s, out);
    if (!out->reason)
        out->at = place(out->kind, s, s->clinical_sd.value, s->functional_sd.value);
}

/* The SD of true scores among scores of this SD: sd sqrt((sd^2 - sem^2) / sd^2). 0 when all is error. */
static double
true_sd(double sd, double sem)
{
    return sd > sem ? sqrt((sd - sem) * (sd + sem)) : 0;
}

void
om_change_cutoff_make_true(enum om_cutoff_kind kind, const struct om_cutoff_source *s,
                           const struct om_index_source *people, const struct om_change_index *index,
                           struct om_change_cutoff *out)
{
    begin(kind, s, out);
    if (!out->reason)
        out->reason = index->reason              ? index->reason
                      : people->mean_post.reason ? people->mean_post.reason
                                                 : people->sd_post.reason;
    if (out->reason)
        return;
    double clinical = true_sd(s->clinical_sd.value, index->sem);
    double functional = true_sd(s->functional_sd.value, index->sem);
    double after = true_sd(people->sd_post.value, index->sem);
    if (!(after > 0))
        out->reason = "the scores after vary no more than their error of measurement";
    else if (out->kind == OM_CUTOFF_C
                 ? !(clinical > 0 && functional > 0)
                 : !((out->kind == OM_CUTOFF_A || s->b_with_clinical_sd ? clinical : functional) > 0))
        out->reason = "a population varies no more than the error of measurement";
    if (out->reason)
        return;
    double root = after / people->sd_post.value; /* of the reliability after */
    out->at = place(out->kind, s, clinical, functional);
    out->mean = people->mean_post.value;
    out->reliability = root * root;
    out->margin = index->critical * root * index->sem;
}

/* Beyond the cut-off by the margin, on one side or the other. */
static enum om_side
side(const struct om_change_cutoff *cutoff, double score, double margin)
{
    double better = toward_better(cutoff->direction);
    bool functional = om_beyond(better * score, better * cutoff->at + margin);
    bool clinical = om_beyond(better * cutoff->at - margin, better * score);
    return functional ? OM_SIDE_FUNCTIONAL : clinical ? OM_SIDE_CLINICAL : OM_SIDE_NEITHER;
}

enum om_side
om_change_side_before(const struct om_change_cutoff *cutoff, double pre)
{
    return side(cutoff, pre, 0);
}

enum om_side
om_change_side_after(const struct om_change_cutoff *cutoff, double post)
{
    double estimate = cutoff->mean + (post - cutoff->mean) * cutoff->reliability;
    return side(cutoff, cutoff->reliability < 1 ? estimate : post, cutoff->margin);
}
