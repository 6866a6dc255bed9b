#include "job.h"

#include <omstat/version.h>
#include <string.h>

/* Single quotes keep everything but themselves; what could end a line is written by its number. */
void
om_put_word(FILE *out, const char *text)
{
    const char *plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./,:=@%+-";
    if (*text && text[strspn(text, plain)] == '\0') {
        fputs(text, out);
        return;
    }
    fputc('\'', out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c == '\'')
            fputs("'\\''", out);
        else if (*c < 0x20 || *c == 0x7f)
            fprintf(out, "'$'\\%03o''", *c);
        else
            fputc(*c, out);
    fputc('\'', out);
}

static void
put_setting(FILE *out, const char *name, const char *value)
{
    char option[128];
    snprintf(option, sizeof option, "--%s", name);
    fputs("    ", out);
    om_put_word(out, option);
    if (value) {
        fputc(' ', out);
        om_put_word(out, value);
    }
    fputc('\n', out);
}

/* Is it a switch? Its value is "true". */
static bool
is_switch(const char *name)
{
    size_t n = 0;
    const struct om_study_key *key = om_study_keys(&n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(key[i].name, name) == 0)
            return !key[i].argument;
    return false;
}

static void
put_settings(FILE *out, const struct om_invocation *invocation)
{
    fputs("options=(\n", out);
    if (invocation->study)
        put_setting(out, "study", invocation->study);
    for (size_t i = 0; i < invocation->n_settings; i++) {
        const struct om_setting *setting = &invocation->setting[i];
        if (strcmp(setting->key, "input") != 0)
            put_setting(out, setting->key, is_switch(setting->key) ? NULL : setting->value);
    }
    fputs(")\ninputs=(\n", out);
}

/* Exit codes of faults that another try does not mend: usage, data, missing files, definitions. */
static const char body[] =
    "\n"
    "tally_of() { printf '%s/shard-%06d.tally' \"$directory\" \"$1\"; }\n"
    "pairs_of() { printf '%s/shard-%06d.pairs' \"$directory\" \"$1\"; }\n"
    "\n"
    "# is_newer FILE OTHER...: it is there, and newer than what it was made of.\n"
    "is_newer() {\n"
    "    local file=$1 other\n"
    "    shift\n"
    "    [ -s \"$file\" ] || return 1\n"
    "    for other; do\n"
    "        [ ! \"$other\" -nt \"$file\" ] || return 1\n"
    "    done\n"
    "}\n"
    "\n"
    "# Finished: there, newer than everything it was made of, and whole.\n"
    "is_paired() { is_newer \"$(pairs_of \"$1\")\" \"${made_of[@]}\"; }\n"
    "is_counted() {\n"
    "    is_newer \"$(tally_of \"$1\")\" \"${made_of[@]}\" && \"$omstat\" tally --show \"$(tally_of "
    "\"$1\")\" > /dev/null 2>&1\n"
    "}\n"
    "\n"
    "# missing paired|counted: the shards that are not.\n"
    "missing() {\n"
    "    local shard\n"
    "    for ((shard = 1; shard <= shards; shard++)); do\n"
    "        \"is_$1\" \"$shard\" || echo \"$shard\"\n"
    "    done\n"
    "}\n"
    "\n"
    "# Three tries; none more where the data or the options are wrong.\n"
    "persist() {\n"
    "    local try code=0\n"
    "    mkdir -p -- \"$directory\"\n"
    "    for try in 1 2 3; do\n"
    "        code=0\n"
    "        \"$omstat\" \"$@\" || code=$?\n"
    "        case $code in 0) return ;; 1 | 64 | 65 | 66 | 69 | 70 | 77 | 78) break ;; esac\n"
    "        echo \"try $try of 3 ended with $code\" >&2\n"
    "        sleep $((try * ${OMSTAT_PAUSE:-10}))\n"
    "    done\n"
    "    return $code\n"
    "}\n"
    "\n"
    "pair_shard() {\n"
    "    is_paired \"$1\" || persist pair \"${options[@]}\" --shard \"$1/$shards\" --pairing-key \"$key\" "
    "--quiet \\\n"
    "        --output \"$(pairs_of \"$1\")\" -- \"${inputs[@]}\"\n"
    "}\n"
    "\n"
    "# Of a panel without pairing a shard of its bytes; of pairing files a part of the persons.\n"
    "count_shard() {\n"
    "    local shard left pairs=()\n"
    "    ! is_counted \"$1\" || return 0\n"
    "    if [ -z \"$key\" ]; then\n"
    "        persist tally \"${options[@]}\" --shard \"$1/$shards\" --quiet --output \"$(tally_of \"$1\")\" "
    "-- \"${inputs[@]}\"\n"
    "        return\n"
    "    fi\n"
    "    left=$(missing paired | tr '\\n' ' ')\n"
    "    [ -z \"$left\" ] || { echo \"not paired: shards $left\" >&2 && return 75; }\n"
    "    for ((shard = 1; shard <= shards; shard++)); do\n"
    "        pairs+=(\"$(pairs_of \"$shard\")\")\n"
    "    done\n"
    "    persist tally \"${options[@]}\" --persons \"$1/$shards\" --quiet --output \"$(tally_of \"$1\")\" -- "
    "\"${pairs[@]}\"\n"
    "}\n"
    "\n"
    "merge_shards() {\n"
    "    local shard left tallies=()\n"
    "    left=$(missing counted | tr '\\n' ' ')\n"
    "    if [ -n \"$left\" ]; then\n"
    "        echo \"not finished: shards $left\" >&2\n"
    "        return 75\n"
    "    fi\n"
    "    for ((shard = 1; shard <= shards; shard++)); do\n"
    "        tallies+=(\"$(tally_of \"$shard\")\")\n"
    "    done\n"
    "    \"$omstat\" merge --output \"$directory/all.tally\" -- \"${tallies[@]}\"\n"
    "    [ -z \"$key\" ] || rm -f -- \"$directory\"/shard-*.pairs # they hold data of persons, and have "
    "served\n"
    "    printf 'done: omstat report %q\\n' \"$directory/all.tally\"\n"
    "}\n";

void
om_put_job(FILE *out, const struct om_job *job)
{
    fputs("cd -- ", out);
    om_put_word(out, job->room);
    fputs("\nomstat=${OMSTAT:-omstat}\nshards=", out);
    fprintf(out, "%zu\ndirectory=", job->shards);
    om_put_word(out, job->directory);
    fputs("\nkey=", out);
    om_put_word(out, job->invocation->pairing_key ? job->invocation->pairing_key : "");
    fputc('\n', out);
    put_settings(out, job->invocation);
    for (size_t i = 0; i < job->n_inputs; i++) {
        fputs("    ", out);
        om_put_word(out, job->input[i]);
        fputc('\n', out);
    }
    fputs(")\nmade_of=(\"${inputs[@]}\"", out);
    if (job->invocation->study) {
        fputc(' ', out);
        om_put_word(out, job->invocation->study);
    }
    fputs(")\n", out);
    fputs(body, out);
}
