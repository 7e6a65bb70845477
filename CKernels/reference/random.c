// SPDX-License-Identifier: Apache-2.0

#include "ck_reference.h"

#include <math.h>

void ck_reference_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
    uint32_t next0 = (uint32_t)(b >> 32) ^ c1 ^ k0, next2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
    c0 = next0;
    c1 = (uint32_t)b;
    c2 = next2;
    c3 = (uint32_t)a;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/// Word `index` of the stream.
static uint32_t word(ck_random_stream stream, uint64_t index) {
  // The upper half of the step joins the purpose.
  uint32_t purpose = stream.purpose + (uint32_t)(stream.step >> 32) * 0x9E3779B9u;
  uint32_t counter[4] = {(uint32_t)(index / 4), (uint32_t)(index / 4 >> 32), purpose,
                         (uint32_t)stream.step};
  uint32_t key[2] = {(uint32_t)stream.seed, (uint32_t)(stream.seed >> 32)}, out[4];
  ck_reference_philox4x32_10(counter, key, out);
  return out[index % 4];
}

float ck_reference_uniform(ck_random_stream stream, uint64_t index) {
  float middle = (float)(((double)(word(stream, index) >> 8) + 0.5) * 0x1p-24);
  return middle < 1 ? middle : 0x1.fffffep-1f;
}

double ck_reference_normal(ck_random_stream stream, uint64_t index) {
  const double turn = 6.283185307179586476925;
  uint64_t even = index / 2 * 2;
  double radius = sqrt(-2 * log((double)ck_reference_uniform(stream, even)));
  double angle = turn * (double)ck_reference_uniform(stream, even + 1);
  return radius * (index == even ? cos(angle) : sin(angle));
}

double ck_reference_gumbel(ck_random_stream stream, uint64_t index) {
  return -log(-log((double)ck_reference_uniform(stream, index)));
}
