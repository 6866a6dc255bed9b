/*
 * Putting chosen bytes together, for processors without an instruction for it: eight bytes at a time by a
 * shuffle, whose order a table gives.
 */
#ifndef OM_KERNELS_SCAN_ORDER_H
#define OM_KERNELS_SCAN_ORDER_H

#include "kernels/scan_bits.h"

/* om_scan_order[m]: the numbers of the bits that are set in m, a byte each, the lowest first. */
#define IS_SET(m, b)          ((uint64_t)((m) >> (b)&1))
#define PUT_FIRST(m, b, rest) ((rest) * (1 + 255 * IS_SET(m, b)) + (b)*IS_SET(m, b))
#define ORDER_HIGH(m)         PUT_FIRST(m, 4, PUT_FIRST(m, 5, PUT_FIRST(m, 6, 7 * IS_SET(m, 7))))
#define ORDER(m)              PUT_FIRST(m, 0, PUT_FIRST(m, 1, PUT_FIRST(m, 2, PUT_FIRST(m, 3, ORDER_HIGH(m)))))
#define ORDER_4(m)            ORDER(m), ORDER((m) + 1), ORDER((m) + 2), ORDER((m) + 3)
#define ORDER_16(m)           ORDER_4(m), ORDER_4((m) + 4), ORDER_4((m) + 8), ORDER_4((m) + 12)
#define ORDER_64(m)           ORDER_16(m), ORDER_16((m) + 16), ORDER_16((m) + 32), ORDER_16((m) + 48)
static const uint64_t om_scan_order[256] = {ORDER_64(0), ORDER_64(64), ORDER_64(128), ORDER_64(192)};

/* Byte i: how many bits are set in the bytes before byte i of a mask. */
OM_INLINE uint64_t
om_scan_count_before(uint64_t mask)
{
    uint64_t n = mask - ((mask >> 1) & 0x5555555555555555);
    n = (n & 0x3333333333333333) + ((n >> 2) & 0x3333333333333333);
    return ((n + (n >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101 << 8;
}

#endif
