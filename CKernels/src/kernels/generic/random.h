// Philox4x32-10 (Salmon and others, 2011) for 16 counters at a time, and the distributions.

typedef uint64_t v8w __attribute__((ext_vector_type(8)));

/// Eight counters' words, element 4 i + w of word w of counter i, in two vectors.
///
/// Each word is the lower half of a 64-bit lane; what stands above it is never looked at, as the
/// widening multiplication takes lower halves alone.
CK_INLINE void philox8(const ck_philox_block *p, uint64_t first, v16u out[2]) {
  const v8w low = (v8w)0xffffffffull;
  v8w block = (v8w)(p->block + first) + (v8w){0, 1, 2, 3, 4, 5, 6, 7};
  v8w c0 = block, c1 = block >> 32, c2 = (v8w)(uint64_t)p->purpose, c3 = (v8w)(uint64_t)p->step;
  uint32_t k0 = p->key[0], k1 = p->key[1];
  for (int round = 0; round < 10; round++) {
    v8w a = (c0 & low) * (v8w)0xD2511F53ull;
    v8w b = (c2 & low) * (v8w)0xCD9E8D57ull;
    c0 = (b >> 32) ^ c1 ^ (v8w)(uint64_t)k0;
    c1 = b;
    c2 = (a >> 32) ^ c3 ^ (v8w)(uint64_t)k1;
    c3 = a;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  v8w front = (c0 & low) | c1 << 32, back = (c2 & low) | c3 << 32;
  out[0] = (v16u)__builtin_shufflevector(front, back, 0, 8, 1, 9, 2, 10, 3, 11);
  out[1] = (v16u)__builtin_shufflevector(front, back, 4, 12, 5, 13, 6, 14, 7, 15);
}

/// Uniform in (0, 1): the middle of one of 2^24 cells, rounded to a float. The middle of the last
/// cell rounds to 1, which is outside (and infinite as a Gumbel number): the float below it.
CK_INLINE v16f unit16(v16u word) {
  v16f whole = __builtin_convertvector((v16i)(word >> 8), v16f);
  v16f middle = (whole + (v16f)0.5f) * (v16f)0x1p-24f;
  return select16(middle < (v16f)1.0f, middle, (v16f)0x1.fffffep-1f);
}

static void CK_FN(random_uniform_f32)(const ck_philox_block *p, float y[CK_RANDOM_BLOCK]) {
  for (int part = 0; part < 2; part++) {
    v16u words[2];
    philox8(p, (uint64_t)(8 * part), words);
    for (int i = 0; i < 2; i++)
      store16(y + 32 * part + 16 * i, unit16(words[i]));
  }
}

/// Box and Muller: the even words give the radius, the odd ones the angle.
static void CK_FN(random_normal_f32)(const ck_philox_block *p, float y[CK_RANDOM_BLOCK]) {
  for (int part = 0; part < 2; part++) {
    v16u words[2];
    philox8(p, (uint64_t)(8 * part), words);
    v16u even = __builtin_shufflevector(words[0], words[1], 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20,
                                        22, 24, 26, 28, 30);
    v16u odd = __builtin_shufflevector(words[0], words[1], 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21,
                                       23, 25, 27, 29, 31);
    v16f radius = sqrt16((v16f)-2.0f * log16(unit16(even)));
    v16f sine, cosine;
    sincos_turns16(unit16(odd), &sine, &cosine);
    v16f first = radius * cosine, second = radius * sine;
    store16(y + 32 * part, __builtin_shufflevector(first, second, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20,
                                                   5, 21, 6, 22, 7, 23));
    store16(y + 32 * part + 16, __builtin_shufflevector(first, second, 8, 24, 9, 25, 10, 26, 11, 27,
                                                        12, 28, 13, 29, 14, 30, 15, 31));
  }
}

static void CK_FN(random_gumbel_f32)(const ck_philox_block *p, float y[CK_RANDOM_BLOCK]) {
  for (int part = 0; part < 2; part++) {
    v16u words[2];
    philox8(p, (uint64_t)(8 * part), words);
    for (int i = 0; i < 2; i++)
      store16(y + 32 * part + 16 * i, -log16(-log16(unit16(words[i]))));
  }
}
