// SPDX-License-Identifier: Apache-2.0

// Random numbers beside the same words and double precision.
#include "run.h"

#include <math.h>

static const ck_random_stream stream = {.seed = 0x0123456789abcdef, .step = 6, .purpose = 9};

/// Word `index` of the stream.
static uint32_t word(uint64_t index) {
  uint32_t counter[4] = {(uint32_t)(index / 4), (uint32_t)(index / 4 >> 32), stream.purpose,
                         (uint32_t)stream.step};
  uint32_t key[2] = {(uint32_t)stream.seed, (uint32_t)(stream.seed >> 32)}, out[4];
  ck_philox4x32_10(counter, key, out);
  return out[index % 4];
}

/// As a float in (0, 1): the middle of one of 2^24 cells, the last one below 1.
static float unit(uint64_t index) {
  float middle = (float)(((double)(word(index) >> 8) + 0.5) * 0x1p-24);
  return middle < 1 ? middle : 0x1.fffffep-1f;
}

void check_random(run *r) {
  const double turn = 6.283185307179586476925;
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
        compare(r, y.base[i / columns * y.stride + i % columns], unit(firsts[f] + (uint64_t)i), 0,
                "uniform", i / columns, i % columns);
      note_bits(r, &y);

      require(r,
              ck_random_gumbel_f32(r->context, 2, columns, stream, firsts[f], y.base, y.stride) ==
                  CK_OK,
              "Gumbel's status");
      for (int64_t i = 0; i < 2 * columns; i++) {
        double exact = -log(-log(unit(firsts[f] + (uint64_t)i)));
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
        uint64_t index = firsts[f] + (uint64_t)i, even = index / 2 * 2;
        double radius = sqrt(-2 * log(unit(even))), angle = turn * (double)unit(even + 1);
        double exact = radius * (index % 2 == 0 ? cos(angle) : sin(angle));
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
