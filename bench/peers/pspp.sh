#!/bin/sh
# PSPP, for a wide panel.  usage: pspp.sh FILE
#
# AGGREGATE does the sums, and WRITE prints the table. The shell writes the syntax, as PSPP has no
# loop over parts of names.
set -eu
file=$1
table=$(mktemp) # PSPP puts a new file in the place of its output, so this may not be a device
trap 'rm -f "$table"' EXIT

syntax() {
    printf 'GET DATA /TYPE=TXT /FILE="%s" /ARRANGEMENT=DELIMITED /FIRSTCASE=2 /DELIMITERS=","\n' "$file"
    echo '  /VARIABLES=id A12 cohort F8.0'
    for suffix in _pre _post; do
        for measure in 'phq9 9 F1.0' 'gad7 7 F1.0' 'pcl5 20 F1.0' 'bipf 7 A2'; do
            variables "$measure" "$suffix"
        done
    done
    echo '.'
    for suffix in _pre _post; do
        echo "COMPUTE phq9$suffix = SUM.9(phq9_1$suffix TO phq9_9$suffix)."
        echo "COMPUTE gad7$suffix = SUM.7(gad7_1$suffix TO gad7_7$suffix)."
        echo "COMPUTE pcl5$suffix = SUM.20(pcl5_1$suffix TO pcl5_20$suffix)."
        percent "$suffix"
    done
    person phq9 10
    person gad7 10
    person pcl5 33
    person bipf 11
    echo 'AGGREGATE OUTFILE=* /BREAK=cohort'
    for m in phq9 gad7 pcl5 bipf; do
        echo "  /n_$m = N(d_$m) /b_$m a_$m = MEAN(b_$m a_$m) /sd_$m = SD(d_$m) /p_$m i_$m = MEAN(p_$m i_$m)"
    done
    echo '.'
    echo "WRITE OUTFILE=\"$table\""
    for m in phq9 gad7 pcl5 bipf; do
        echo "  / cohort (F8.0) ',$m,' n_$m (F12.0) ',' b_$m (F20.12) ',' a_$m (F20.12) ',' sd_$m (F20.12) ','"
        echo "    p_$m (F20.12) ',' i_$m (F20.12)"
    done
    echo '.'
    echo 'EXECUTE.'
}

# "NAME ITEMS FORMAT" and a suffix: the variables of one form.
variables() {
    # shellcheck disable=SC2086
    set -- $1 "$2"
    i=1
    while [ "$i" -le "$2" ]; do
        printf ' %s_%d%s %s' "$1" "$i" "$4" "$3"
        i=$((i + 1))
    done
    echo
}

# B-IPF: the text "NA" does not apply, an empty cell is blank.
percent() {
    echo "COMPUTE #sum = 0."
    echo "COMPUTE #answered = 0."
    echo "COMPUTE #blank = 0."
    echo "DO REPEAT x = bipf_1$1 TO bipf_7$1."
    echo "DO IF x = ''."
    echo "COMPUTE #blank = #blank + 1."
    echo "ELSE IF x NE 'NA'."
    echo "COMPUTE #sum = #sum + NUMBER(x, F2.0)."
    echo "COMPUTE #answered = #answered + 1."
    echo "END IF."
    echo "END REPEAT."
    echo "IF #blank = 0 AND #answered > 0 bipf$1 = 100 * #sum / (6 * #answered)."
}

# Before, after and change of the people with both scores; who is positive, and who of them is better.
person() {
    echo "COMPUTE d_$1 = $1_post - $1_pre."
    echo "DO IF NOT MISSING(d_$1)."
    echo "COMPUTE b_$1 = $1_pre."
    echo "COMPUTE a_$1 = $1_post."
    echo "COMPUTE p_$1 = $1_pre >= $2."
    echo "IF p_$1 = 1 i_$1 = d_$1 <= -5 + 1e-9."
    echo "END IF."
}

echo 'cohort,instrument,n,mean_pre,mean_post,sd_change,positive,improved'
syntax | pspp -
cat "$table"
