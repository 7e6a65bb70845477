// SPDX-License-Identifier: Apache-2.0

// Random numbers beside the same words and double precision.
#include "run.h"

#include <math.h>

static const ck_random_stream stream = {.seed = 0x0123456789abcdef, .step = 6, .purpose = 9};

void check_random(run *r) {
  const float mean = 0.5f, deviation = 2;
  for (int s = 0; s < SIZE_COUNT; s++) {
    int64_t columns = sizes[s];
    // The second row begins in the middle of a block; the last block's number needs 33 bits.
    const uint64_t firsts[] = {0, 5, (uint64_t)1 << 34};
    for (int f = 0; f < 3; f++) {
      matrix y = matrix_make(r, 2, columns, 0);
      require(r,
              ck_random_uniform_f32(r->context, 2, columns, stream, firsts[f], y.base, y.stride) ==
                  CK_OK,
              "uniform's status");
      for (int64_t i = 0; i < 2 * columns; i++)
        compare(r, y.base[i / columns * y.stride + i % columns],
                ck_reference_uniform(stream, firsts[f] + (uint64_t)i), 0, "uniform", i / columns,
                i % columns);
      note_bits(r, &y);

      require(r,
              ck_random_gumbel_f32(r->context, 2, columns, stream, firsts[f], y.base, y.stride) ==
                  CK_OK,
              "Gumbel's status");
      for (int64_t i = 0; i < 2 * columns; i++) {
        double exact = ck_reference_gumbel(stream, firsts[f] + (uint64_t)i);
        // The inner logarithm's 2 ulp, 2^-22 relative, are absolute in the outer, which adds its
        // own.
        compare(r, y.base[i / columns * y.stride + i % columns], exact,
                0x1.02p-22 * (1 + fabs(exact)), "Gumbel", i / columns, i % columns);
      }
      note_bits(r, &y);

      require(r,
              ck_random_normal_f32(r->context, 2, columns, mean, deviation, stream, firsts[f],
                                   y.base, y.stride) == CK_OK,
              "normal's status");
      for (int64_t i = 0; i < 2 * columns; i++) {
        uint64_t index = firsts[f] + (uint64_t)i;
        double exact = ck_reference_normal(stream, index);
        double radius = hypot(exact, ck_reference_normal(stream, index ^ 1));
        // Radius: half the logarithm's 2 ulp and a root; sine and cosine: 4 u of 1; then the
        // product, the factor and the sum.
        double bound = ROUNDOFF * ((double)deviation * (8 * radius + 4 * fabs(exact)) + 1.5);
        compare(r, y.base[i / columns * y.stride + i % columns],
                (double)mean + (double)deviation * exact, bound, "normal", i / columns,
                i % columns);
      }
      note_bits(r, &y);
      matrix_free(r, &y, "random numbers outside their matrix");
    }
  }
}
