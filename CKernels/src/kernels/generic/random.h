// SPDX-License-Identifier: Apache-2.0

// Philox4x32-10 (Salmon and others, 2011) for 16 counters at a time, and the distributions.

typedef uint64_t v8w __attribute__((ext_vector_type(8)));

/// Vectors of eight counters that go through the rounds side by side, since a round is a long
/// chain: as many as the registers hold.
#define CK_CHAINS (CK_TILE_LANES == 16 ? 4 : 1)

/// The words of 8 * CK_CHAINS counters, element 4 i + w word w of counter i.
///
/// Each word is the lower half of a 64-bit lane; what stands above it is never looked at, as the
/// widening multiplication takes lower halves alone.
CK_INLINE void philox(const ck_philox_block *p, uint64_t first, v16u out[2 * CK_CHAINS]) {
  const v8w low = (v8w)0xffffffffull;
  v8w c0[CK_CHAINS], c1[CK_CHAINS], c2[CK_CHAINS], c3[CK_CHAINS];
#pragma clang loop unroll(full)
  for (int i = 0; i < CK_CHAINS; i++) {
    c0[i] = (v8w)(p->block + first + (uint64_t)(8 * i)) + (v8w){0, 1, 2, 3, 4, 5, 6, 7};
    c1[i] = c0[i] >> 32;
    c2[i] = (v8w)(uint64_t)p->purpose;
    c3[i] = (v8w)(uint64_t)p->step;
  }
#pragma clang loop unroll(full)
  for (int round = 0; round < 10; round++)
#pragma clang loop unroll(full)
    for (int i = 0; i < CK_CHAINS; i++) {
      v8w a = (c0[i] & low) * (v8w)0xD2511F53ull;
      v8w b = (c2[i] & low) * (v8w)0xCD9E8D57ull;
      c0[i] = (b >> 32) ^ c1[i] ^ (v8w)p->keys[round][0];
      c1[i] = b;
      c2[i] = (a >> 32) ^ c3[i] ^ (v8w)p->keys[round][1];
      c3[i] = a;
    }
#pragma clang loop unroll(full)
  for (int i = 0; i < CK_CHAINS; i++) {
    v8w front = (c0[i] & low) | c1[i] << 32, back = (c2[i] & low) | c3[i] << 32;
    out[2 * i] = (v16u)__builtin_shufflevector(front, back, 0, 8, 1, 9, 2, 10, 3, 11);
    out[2 * i + 1] = (v16u)__builtin_shufflevector(front, back, 4, 12, 5, 13, 6, 14, 7, 15);
  }
}

/// Uniform in (0, 1): the middle of one of 2^24 cells, rounded to a float. The middle of the last
/// cell rounds to 1, which is outside (and infinite as a Gumbel number): the float below it.
CK_INLINE v16f unit16(v16u word) {
  v16f whole = __builtin_convertvector((v16i)(word >> 8), v16f);
  v16f middle = (whole + (v16f)0.5f) * (v16f)0x1p-24f;
  return select16(middle < (v16f)1.0f, middle, (v16f)0x1.fffffep-1f);
}

static void CK_FN(random_uniform_f32)(const ck_philox_block *p, float y[CK_RANDOM_BLOCK]) {
  for (int i = 0; i < CK_RANDOM_BLOCK; i += 32 * CK_CHAINS) {
    v16u words[2 * CK_CHAINS];
    philox(p, (uint64_t)(i / 4), words);
#pragma clang loop unroll(full)
    for (int j = 0; j < 2 * CK_CHAINS; j++)
      store16(y + i + 16 * j, unit16(words[j]));
  }
}

// The other distributions are made of a block of uniform numbers, one step after the other: from
// the counter to the number would be a chain of hundreds of cycles.

/// Box and Muller: the even numbers give the radius, the odd ones the angle.
static void CK_FN(random_normal_f32)(const ck_philox_block *p, float y[CK_RANDOM_BLOCK]) {
  float radii[CK_RANDOM_BLOCK / 2], turns[CK_RANDOM_BLOCK / 2];
  CK_FN(random_uniform_f32)(p, y);
  for (int i = 0; i < CK_RANDOM_BLOCK; i += 32) {
    v16f front = load16(y + i), back = load16(y + i + 16);
    v16f even = __builtin_shufflevector(front, back, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24,
                                        26, 28, 30);
    v16f odd = __builtin_shufflevector(front, back, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25,
                                       27, 29, 31);
    store16(radii + i / 2, sqrt16((v16f)-2.0f * log_normal16(even)));
    store16(turns + i / 2, odd);
  }
  for (int i = 0; i < CK_RANDOM_BLOCK; i += 32) {
    v16f sine, cosine, radius = load16(radii + i / 2);
    sincos_turns16(load16(turns + i / 2), &sine, &cosine);
    v16f first = radius * cosine, second = radius * sine;
    store16(y + i, __builtin_shufflevector(first, second, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21,
                                           6, 22, 7, 23));
    store16(y + i + 16, __builtin_shufflevector(first, second, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28,
                                                13, 29, 14, 30, 15, 31));
  }
}

static void CK_FN(random_gumbel_f32)(const ck_philox_block *p, float y[CK_RANDOM_BLOCK]) {
  CK_FN(random_uniform_f32)(p, y);
  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < CK_RANDOM_BLOCK; i += 32) {
      v16f a = -log_normal16(load16(y + i)), b = -log_normal16(load16(y + i + 16));
      store16(y + i, a);
      store16(y + i + 16, b);
    }
}
#undef CK_CHAINS
