# shellcheck shell=sh
# Small panels for tests; read with `. tests/panel.sh`.

# panel [N]: N persons (default 6) in two cohorts, PHQ-9 before and after, one record each.
panel() {
    awk -v n="${1:-6}" 'BEGIN {
        printf "id,cohort"
        for (j = 1; j <= 9; j++) printf ",phq9_%d_pre", j
        for (j = 1; j <= 9; j++) printf ",phq9_%d_post", j
        print ""
        for (i = 1; i <= n; i++) {
            printf "p%d,%d", i, i % 2 + 1
            for (j = 1; j <= 9; j++) printf ",%d", 1 + (i + j) % 3
            for (j = 1; j <= 9; j++) printf ",%d", (i * j) % 3
            print ""
        }
    }'
}

# wave OFFSET: one occasion of six persons, whose ids begin after OFFSET.
wave() {
    awk -v offset="$1" 'BEGIN {
        printf "id"
        for (j = 1; j <= 9; j++) printf ",phq9_%d", j
        print ""
        for (i = 1; i <= 6; i++) {
            printf "p%d", i + offset
            for (j = 1; j <= 9; j++) printf ",%d", (i + j + offset) % 4
            print ""
        }
    }'
}
