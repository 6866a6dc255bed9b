#include "message.h"

#include "fill.h"

#include <omstat/text.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FINDING_LINES = 40 }; /* of findings on standard error; the rest is counted */

void
om_say(const char *text)
{
    om_put_safe(stderr, text);
    fputc('\n', stderr);
}

int
om_say_error(const struct om_error *err)
{
    fputs("omstat: ", stderr);
    if (err->file[0]) {
        om_put_safe(stderr, strcmp(err->file, "-") ? err->file : "standard input");
        if (err->line)
            fprintf(stderr, ":%llu", (unsigned long long)err->line);
        if (err->line && err->column)
            fprintf(stderr, ":%llu", (unsigned long long)err->column);
        fputs(": ", stderr);
    }
    om_say(err->message);
    if (err->hint[0]) {
        fputs("  hint: ", stderr);
        om_say(err->hint);
    }
    return om_status_exit_code(err->status);
}

/* Says what is wrong with the command line; the hint is the nearest word if there is one. */
static int
say_misuse(const struct om_command *command, const struct om_nearest *nearest, const char *format,
           va_list args)
{
    struct om_error err = {.status = OM_ERR_USAGE};
    vsnprintf(err.message, sizeof err.message, format, args);
    if (nearest && nearest->best)
        snprintf(err.hint, sizeof err.hint, "did you mean '%s%s'?", nearest->prefix ? nearest->prefix : "",
                 nearest->best);
    else
        snprintf(err.hint, sizeof err.hint, "see 'omstat help%s%s'", command ? " " : "",
                 command ? command->name : "");
    return om_say_error(&err);
}

int
om_say_usage(const struct om_command *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int code = say_misuse(command, NULL, format, args);
    va_end(args);
    return code;
}

int
om_say_unknown(const struct om_command *command, const struct om_nearest *nearest, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int code = say_misuse(command, nearest, format, args);
    va_end(args);
    return code;
}

bool
om_use_color(const struct om_invocation *invocation, FILE *stream)
{
    if (invocation->color != OM_COLOR_AUTO)
        return invocation->color == OM_COLOR_ALWAYS;
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return !(no_color && *no_color) && terminal && strcmp(terminal, "dumb") != 0 && isatty(fileno(stream));
}

void
om_say_findings(const struct om_findings *findings, const struct om_invocation *invocation)
{
    char *text;
    size_t length;
    struct om_error err;
    if (!findings || om_findings_groups(findings) == 0)
        return;
    if (om_findings_render(findings, om_use_color(invocation, stderr), FINDING_LINES, &text, &length, &err)) {
        om_say_error(&err);
        return;
    }
    fwrite(text, 1, length, stderr);
    om_text_free(text);
}

void
om_say_kinds(const struct om_findings *findings)
{
    int last = 0;
    for (size_t i = 0; findings && i < om_findings_groups(findings); i++) {
        const struct om_finding *finding = &om_findings_group(findings, i)->first[0];
        if (finding->code == last)
            continue;
        fprintf(stderr, "%s OM%d\n", om_severity_name(finding->severity), finding->code);
        last = finding->code;
    }
    if (last)
        om_say("how often and where is not said of a shareable report: see 'omstat validate'");
}

int
om_finish_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return OM_EXIT_OK;
    struct om_error err = {.status = OM_ERR_IO};
    snprintf(err.message, sizeof err.message, "cannot write to standard output: %m");
    return om_say_error(&err);
}

void
om_nearest_consider(struct om_nearest *nearest, const char *candidate)
{
    size_t length = strlen(nearest->word), limit = length < 4 ? 1 : length < 8 ? 2 : 3;
    size_t edits = om_edit_distance(nearest->word, candidate);
    if (edits > limit || (nearest->best && edits >= nearest->distance))
        return;
    nearest->best = candidate;
    nearest->distance = edits;
}

static double
seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void
om_say_reading(const struct om_invocation *invocation, char *const *reading, size_t n,
               const struct om_findings *findings)
{
    bool errors = findings && om_findings_count(findings, OM_BAD) > 0;
    for (size_t i = 0; i < n && !invocation->quiet; i++)
        om_say(reading[i]);
    if (findings && (errors || !invocation->quiet)) /* no option hides an error */
        om_say_findings(findings, invocation);
}

struct om_progress
om_progress_start(const struct om_invocation *invocation)
{
    double now = seconds();
    return (struct om_progress){
        .enabled = !invocation->quiet && isatty(STDERR_FILENO), .started = now, .last = now};
}

void
om_progress_report(void *context, uint64_t done, uint64_t total)
{
    struct om_progress *progress = context;
    if (!progress->enabled)
        return;
    double now = seconds();
    double pause = progress->shown ? 0.1 : 0.5; /* short runs show nothing, long ones do not flicker */
    if (now - progress->last < pause)
        return;
    progress->last = now;
    progress->shown = true;
    double megabytes = (double)done / 1e6;
    fprintf(stderr, "\r\033[Kreading: %.0f MB", megabytes);
    if (total)
        fprintf(stderr, " of %.0f MB, %.0f %%", (double)total / 1e6, 100 * (double)done / (double)total);
    fprintf(stderr, ", %.0f MB/s", megabytes / (now - progress->started));
}

void
om_progress_end(struct om_progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}
