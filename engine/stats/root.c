#include "stats/root.h"

#include <math.h>

struct place {
    long double x, y;
};

/* Between a place where the function is above 0 and one further on where it is not. */
static long double
close_in(om_falling *f, const void *context, struct place above, struct place below, long double tolerance)
{
    struct place before = above, last = below;
    for (int step = 1; step < 200; step++) {
        long double x = last.x - last.y * (last.x - before.x) / (last.y - before.y);
        if (!(x >= above.x && x <= below.x) || step % 8 == 0)
            x = above.x + (below.x - above.x) / 2;
        before = last;
        last = (struct place){x, f(x, context)};
        if (fabsl(last.x - before.x) <= tolerance)
            break;
        if (last.y > 0)
            above = last;
        else
            below = last;
    }
    return last.x;
}

long double
om_root(om_falling *f, const void *context, long double start, long double step, long double tolerance)
{
    struct place here = {start, f(start, context)};
    long double way = here.y > 0 ? 1 : -1;
    for (int i = 0; i < 60; i++, step *= 2) {
        struct place next = {here.x + way * step, 0};
        next.y = f(next.x, context);
        if ((next.y > 0) != (here.y > 0))
            return way > 0 ? close_in(f, context, here, next, tolerance)
                           : close_in(f, context, next, here, tolerance);
        here = next;
    }
    return NAN;
}
