/* The counting kernels for any processor: in the vectors that all of its kind have. */
#define TARGET
#define VECTOR     16
#define NAME(name) name##_scalar
#include "kernels/columns_body.h"
