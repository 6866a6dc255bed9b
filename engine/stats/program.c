#include "stats/program.h"

#include "base/error.h"
#include "base/memory.h"

#include <glpk.h>

struct om_program {
    glp_prob *problem;
    int n;
    int *index; /* 1-based, as GLPK has it */
    double *value;
};

const char *
om_program_library_version(void)
{
    return glp_version();
}

om_status
om_program_new(size_t n, double most, struct om_program **out, struct om_error *err)
{
    struct om_program *program = om_calloc(1, sizeof *program);
    int *index = om_alloc(n + 1, sizeof *index);
    double *value = om_alloc(n + 1, sizeof *value);
    if (!program || !index || !value) {
        om_free(program);
        om_free(index);
        om_free(value);
        return om_fail_memory(err);
    }
    glp_term_out(GLP_OFF);
    *program = (struct om_program){glp_create_prob(), (int)n, index, value};
    glp_add_cols(program->problem, program->n);
    for (int i = 1; i <= program->n; i++)
        glp_set_col_bnds(program->problem, i, GLP_DB, 0, most);
    *out = program;
    return OM_OK;
}

void
om_program_free(struct om_program *program)
{
    if (!program)
        return;
    glp_delete_prob(program->problem);
    om_free(program->index);
    om_free(program->value);
    om_free(program);
}

void
om_program_add(struct om_program *program, const double *weight, double lower, double upper)
{
    int length = 0, row = glp_add_rows(program->problem, 1);
    for (int i = 0; i < program->n; i++)
        if (weight[i] != 0) {
            program->index[++length] = i + 1;
            program->value[length] = weight[i];
        }
    glp_set_mat_row(program->problem, row, length, program->index, program->value);
    glp_set_row_bnds(program->problem, row, lower < upper ? GLP_DB : GLP_FX, lower, upper);
}

/* From the basis of the call before, which is still feasible: only what is sought has changed. Where many
 * sums say nearly the same the simplex can go round in a circle, so that it is given so many steps only. */
static bool
solve(glp_prob *problem, bool presolve)
{
    enum { STEPS = 4000 };
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.it_lim = STEPS;
    options.presolve = presolve ? GLP_ON : GLP_OFF;
    return glp_simplex(problem, &options) == 0 && glp_get_status(problem) == GLP_OPT;
}

bool
om_program_bound(struct om_program *program, const double *weight, bool largest, double *value,
                 double *answer)
{
    glp_prob *problem = program->problem;
    glp_set_obj_dir(problem, largest ? GLP_MAX : GLP_MIN);
    for (int i = 0; i < program->n; i++)
        glp_set_obj_coef(problem, i + 1, weight[i]);
    if (!solve(problem, false)) { /* afresh, and without what says nothing new */
        glp_std_basis(problem);
        if (!solve(problem, true) && !solve(problem, false))
            return false;
    }
    *value = glp_get_obj_val(problem);
    for (int i = 0; i < program->n; i++)
        answer[i] = glp_get_col_prim(problem, i + 1);
    return true;
}
