// Philox4x32-10 for 16 counters at a time, and the distributions.

CK_INLINE void philox16(const ck_philox_block *p, v16u word[4]) {
  uint32_t lane0[16], lane1[16];
  for (int i = 0; i < 16; i++) {
    uint64_t block = p->block + (uint64_t)i;
    lane0[i] = (uint32_t)block;
    lane1[i] = (uint32_t)(block >> 32);
  }
  v16u c0, c1, c2 = (v16u)p->purpose, c3 = (v16u)p->step;
  __builtin_memcpy(&c0, lane0, sizeof c0);
  __builtin_memcpy(&c1, lane1, sizeof c1);
  uint32_t k0 = p->key[0], k1 = p->key[1];
  typedef uint64_t v16w __attribute__((ext_vector_type(16)));
  for (int round = 0; round < 10; round++) {
    v16w a = __builtin_convertvector(c0, v16w) * (v16w)0xD2511F53ull;
    v16w b = __builtin_convertvector(c2, v16w) * (v16w)0xCD9E8D57ull;
    v16u hi_a = __builtin_convertvector(a >> 32, v16u), lo_a = __builtin_convertvector(a, v16u);
    v16u hi_b = __builtin_convertvector(b >> 32, v16u), lo_b = __builtin_convertvector(b, v16u);
    c0 = hi_b ^ c1 ^ (v16u)k0;
    c1 = lo_b;
    c2 = hi_a ^ c3 ^ (v16u)k1;
    c3 = lo_a;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  word[0] = c0;
  word[1] = c1;
  word[2] = c2;
  word[3] = c3;
}

/// Uniform in (0, 1): the middle of one of 2^24 cells, rounded to a float. The middle of the last
/// cell rounds to 1, which is outside (and infinite as a Gumbel number): the float below it.
CK_INLINE v16f unit16(v16u word) {
  v16f whole = __builtin_convertvector((v16i)(word >> 8), v16f);
  v16f middle = (whole + (v16f)0.5f) * (v16f)0x1p-24f;
  return select16(middle < (v16f)1.0f, middle, (v16f)0x1.fffffep-1f);
}

/// Stores word w of counter i as element 4 i + w.
CK_INLINE void store_words(float *y, int w, v16f v) {
  float lane[16];
  store16(lane, v);
  for (int i = 0; i < 16; i++)
    y[4 * i + w] = lane[i];
}

static void CK_FN(random_uniform_f32)(const ck_philox_block *p, float y[CK_RANDOM_BLOCK]) {
  v16u word[4];
  philox16(p, word);
  for (int w = 0; w < 4; w++)
    store_words(y, w, unit16(word[w]));
}

static void CK_FN(random_normal_f32)(const ck_philox_block *p, float y[CK_RANDOM_BLOCK]) {
  v16u word[4];
  philox16(p, word);
  for (int w = 0; w < 4; w += 2) {
    v16f radius = sqrt16((v16f)-2.0f * log16(unit16(word[w])));
    v16f sine, cosine;
    sincos_turns16(unit16(word[w + 1]), &sine, &cosine);
    store_words(y, w, radius * cosine);
    store_words(y, w + 1, radius * sine);
  }
}

static void CK_FN(random_gumbel_f32)(const ck_philox_block *p, float y[CK_RANDOM_BLOCK]) {
  v16u word[4];
  philox16(p, word);
  for (int w = 0; w < 4; w++)
    store_words(y, w, -log16(-log16(unit16(word[w]))));
}
