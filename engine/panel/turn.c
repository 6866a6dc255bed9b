#include "panel/turn.h"
#include "base/error.h"
#include "base/memory.h"
#include "kernels/kernels.h"
#include "panel/block.h"

#include <string.h>

void
om_turn_release(struct om_turn *turn)
{
    om_free(turn->lane);
    om_free(turn->column);
    om_free((void *)turn->at);
    *turn = (struct om_turn){0};
}

/* Does the lane hold an answer? Then it gets the next columns. */
static void
plan_lane(struct om_turn *turn, const uint32_t *where, size_t lane)
{
    bool used = false;
    for (size_t i = 0; i < turn->n; i++)
        if (where[i] != OM_NOWHERE && where[i] / OM_LANE == lane) {
            turn->at[i] = turn->column + (turn->n_lanes * OM_LANE + where[i] % OM_LANE) * turn->rows;
            used = true;
        }
    if (used)
        turn->lane[turn->n_lanes++] = lane * OM_LANE;
}

om_status
om_turn_plan(struct om_turn *turn, const uint32_t *where, size_t n, size_t stride, size_t rows,
             struct om_error *err)
{
    size_t lanes = (stride + OM_LANE - 1) / OM_LANE;
    om_turn_release(turn);
    *turn = (struct om_turn){.n = n, .stride = stride, .rows = rows};
    turn->lane = om_alloc(lanes + 1, sizeof *turn->lane);
    turn->column = om_alloc_lines((lanes + 1) * OM_LANE, rows);
    turn->at = om_alloc(n, sizeof *turn->at);
    if (!turn->lane || !turn->column || !turn->at) {
        om_turn_release(turn);
        return om_fail_memory(err);
    }
    memset(turn->column, 0, (lanes + 1) * OM_LANE * rows);
    uint8_t *blank = turn->column + lanes * OM_LANE * rows;
    memset(blank, OM_CODE_BLANK, rows);
    for (size_t i = 0; i < n; i++)
        turn->at[i] = blank;
    for (size_t lane = 0; lane < lanes; lane++)
        plan_lane(turn, where, lane);
    return OM_OK;
}

void
om_turn_round(const struct om_turn *turn, const uint8_t *row, size_t n)
{
    om_transpose_function *transpose = om_kernels_active()->transpose;
    for (size_t k = 0; k < turn->n_lanes; k++)
        for (size_t r = 0; r < n; r += OM_ROWS_STEP)
            transpose(row + r * turn->stride + turn->lane[k], turn->stride,
                      turn->column + k * OM_LANE * turn->rows + r, turn->rows);
}
