#include "stats/symmetric.h"

#include <math.h>
#include <string.h>

bool
om_cholesky(double *a, size_t k, double least)
{
    for (size_t j = 0; j < k; j++) {
        double *row = a + j * k, pivot = row[j];
        for (size_t m = 0; m < j; m++)
            pivot -= row[m] * row[m];
        if (!(pivot > least * row[j]))
            return false;
        row[j] = sqrt(pivot);
        for (size_t i = j + 1; i < k; i++) {
            double *below = a + i * k, sum = below[j];
            for (size_t m = 0; m < j; m++)
                sum -= below[m] * row[m];
            below[j] = sum / row[j];
        }
    }
    return true;
}

void
om_cholesky_solve(const double *l, size_t k, double *b)
{
    for (size_t i = 0; i < k; i++) {
        for (size_t m = 0; m < i; m++)
            b[i] -= l[i * k + m] * b[m];
        b[i] /= l[i * k + i];
    }
    for (size_t i = k; i-- > 0;) {
        for (size_t m = i + 1; m < k; m++)
            b[i] -= l[m * k + i] * b[m];
        b[i] /= l[i * k + i];
    }
}

void
om_cholesky_inverse(const double *l, size_t k, double *inverse)
{
    memset(inverse, 0, k * k * sizeof *inverse);
    for (size_t i = 0; i < k; i++) {
        inverse[i * k + i] = 1;
        om_cholesky_solve(l, k, inverse + i * k); /* symmetric: a column is a row */
    }
}

/* A turn by the angle whose sine and cosine are s and c, of columns p and q. */
static void
turn_columns(double *a, size_t k, size_t p, size_t q, double c, double s)
{
    for (size_t i = 0; i < k; i++) {
        double x = a[i * k + p], y = a[i * k + q];
        a[i * k + p] = c * x - s * y;
        a[i * k + q] = s * x + c * y;
    }
}

static void
turn_rows(double *a, size_t k, size_t p, size_t q, double c, double s)
{
    for (size_t i = 0; i < k; i++) {
        double x = a[p * k + i], y = a[q * k + i];
        a[p * k + i] = c * x - s * y;
        a[q * k + i] = s * x + c * y;
    }
}

/* Turns so that a[p][q] becomes 0. False when it is no more than `nothing`. */
static bool
annihilate(double *a, size_t k, size_t p, size_t q, double nothing, double *vectors)
{
    double off = a[p * k + q], near = a[p * k + p], far = a[q * k + q];
    if (!(fabs(off) > nothing))
        return false;
    double theta = (far - near) / (2 * off);
    double t = copysign(1, theta) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;
    turn_columns(a, k, p, q, c, s);
    turn_rows(a, k, p, q, c, s);
    a[p * k + q] = a[q * k + p] = 0;
    turn_columns(vectors, k, p, q, c, s);
    return true;
}

void
om_eigen(double *a, size_t k, double *values, double *vectors)
{
    memset(vectors, 0, k * k * sizeof *vectors);
    for (size_t i = 0; i < k; i++)
        vectors[i * k + i] = 1;
    double largest = 0;
    for (size_t i = 0; i < k; i++)
        largest = fmax(largest, fabs(a[i * k + i]));
    bool turned = true;
    for (int sweep = 0; sweep < 60 && turned; sweep++) {
        turned = false;
        for (size_t p = 0; p + 1 < k; p++)
            for (size_t q = p + 1; q < k; q++)
                turned |= annihilate(a, k, p, q, 1e-17 * largest, vectors);
    }
    for (size_t i = 0; i < k; i++)
        values[i] = a[i * k + i];
}
