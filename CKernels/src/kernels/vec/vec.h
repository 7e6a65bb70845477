// SPDX-License-Identifier: Apache-2.0

// The vector vocabulary. Element-wise code works on 16 lanes at every level, so that lane sums have
// the same order everywhere; the compiler splits them where registers are shorter.
// The including file has set CK_HAS_FMA, CK_HAS_MASKS and CK_TILE_LANES.

// Vectors wider than a level's registers have no settled calling convention; every function that
// takes one is inlined, so none is ever passed.
#pragma clang diagnostic ignored "-Wpsabi"

#define CK_INLINE static inline __attribute__((always_inline))

typedef float v16f __attribute__((ext_vector_type(16)));
typedef int32_t v16i __attribute__((ext_vector_type(16)));
typedef uint32_t v16u __attribute__((ext_vector_type(16)));

CK_INLINE v16f load16(const float *p) {
  v16f v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

CK_INLINE void store16(float *p, v16f v) { __builtin_memcpy(p, &v, sizeof v); }

/// a b + c, rounded once where the level has an FMA.
CK_INLINE v16f fma16(v16f a, v16f b, v16f c) {
#if CK_HAS_FMA
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

CK_INLINE v16f select16(v16i mask, v16f a, v16f b) { return mask ? a : b; }
CK_INLINE v16i bits16(v16f v) { return (v16i)v; }
CK_INLINE v16f float16(v16i v) { return (v16f)v; }

// Every lane with its partner 8, 4, 2 and 1 lanes away: after the four steps of a tree all lanes
// hold the whole.
#define CK_AWAY_8 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7
#define CK_AWAY_4 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11
#define CK_AWAY_2 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13
#define CK_AWAY_1 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14

/// The sum of each 2, 4, 8 or 16 lanes by a fixed tree, in every one of them.
CK_INLINE v16f sum_lanes16(v16f v, int lanes) {
  if (lanes > 8)
    v += __builtin_shufflevector(v, v, CK_AWAY_8);
  if (lanes > 4)
    v += __builtin_shufflevector(v, v, CK_AWAY_4);
  if (lanes > 2)
    v += __builtin_shufflevector(v, v, CK_AWAY_2);
  return v + __builtin_shufflevector(v, v, CK_AWAY_1);
}

CK_INLINE v16f larger16(v16f a, v16f b) { return select16(a > b, a, b); }

/// The largest of each 2, 4, 8 or 16 lanes, in every one of them. Where some are NaN, it may be one
/// of them or not.
CK_INLINE v16f max_lanes16(v16f v, int lanes) {
  if (lanes > 8)
    v = larger16(v, __builtin_shufflevector(v, v, CK_AWAY_8));
  if (lanes > 4)
    v = larger16(v, __builtin_shufflevector(v, v, CK_AWAY_4));
  if (lanes > 2)
    v = larger16(v, __builtin_shufflevector(v, v, CK_AWAY_2));
  return larger16(v, __builtin_shufflevector(v, v, CK_AWAY_1));
}

// The register tile's vector: one register of the level.
typedef float vtile __attribute__((ext_vector_type(CK_TILE_LANES)));

CK_INLINE vtile load_tile(const float *p) {
  vtile v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

CK_INLINE void store_tile(float *p, vtile v) { __builtin_memcpy(p, &v, sizeof v); }

CK_INLINE vtile fma_tile(vtile a, vtile b, vtile c) {
#if CK_HAS_FMA
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

// The first n lanes of a vector in memory: what lies behind them is neither read nor written.
#if CK_HAS_MASKS
typedef __mmask16 vlanes;

CK_INLINE vlanes first_lanes(int64_t n) {
  return n >= 16 ? 0xffff : n <= 0 ? 0 : (vlanes)((1u << n) - 1);
}

CK_INLINE vtile load_lanes(const float *p, vlanes lanes) {
  return (vtile)_mm512_maskz_loadu_ps(lanes, p);
}

CK_INLINE void store_lanes(float *p, vlanes lanes, vtile v) {
  _mm512_mask_storeu_ps(p, lanes, (__m512)v);
}

/// Loads the first n < 16 elements; the other lanes hold `rest`.
CK_INLINE v16f load_part16(const float *p, int64_t n, float rest) {
  return (v16f)_mm512_mask_loadu_ps(_mm512_set1_ps(rest), first_lanes(n), p);
}

CK_INLINE void store_part16(float *p, int64_t n, v16f v) {
  _mm512_mask_storeu_ps(p, first_lanes(n), (__m512)v);
}
#elif CK_TILE_LANES == 8
typedef int64_t vlanes;

CK_INLINE vlanes first_lanes(int64_t n) { return n < 0 ? 0 : n; }

CK_INLINE __m256i lane_mask(vlanes lanes) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)lanes),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

CK_INLINE vtile load_lanes(const float *p, vlanes lanes) {
  return lanes >= 8 ? load_tile(p) : (vtile)_mm256_maskload_ps(p, lane_mask(lanes));
}

/// By powers of two: a masked store takes AMD's processors up to 19 instructions.
CK_INLINE void store_lanes(float *p, vlanes lanes, vtile v) {
  if (lanes >= 8) {
    store_tile(p, v);
    return;
  }
  __m128 part = _mm256_castps256_ps128((__m256)v);
  if (lanes & 4) {
    _mm_storeu_ps(p, part);
    part = _mm256_extractf128_ps((__m256)v, 1);
    p += 4;
  }
  if (lanes & 2) {
    _mm_storel_pi((__m64 *)p, part);
    part = _mm_movehl_ps(part, part);
    p += 2;
  }
  if (lanes & 1)
    _mm_store_ss(p, part);
}

/// Loads the first n < 16 elements; the other lanes hold `rest`.
CK_INLINE v16f load_part16(const float *p, int64_t n, float rest) {
  vtile front =
      (vtile)_mm256_blendv_ps(_mm256_set1_ps(rest), (__m256)load_lanes(p, n), (__m256)lane_mask(n));
  vtile back = (vtile)rest;
  if (n > 8)
    back = (vtile)_mm256_blendv_ps(_mm256_set1_ps(rest), (__m256)load_lanes(p + 8, n - 8),
                                   (__m256)lane_mask(n - 8));
  return __builtin_shufflevector(front, back, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

CK_INLINE void store_part16(float *p, int64_t n, v16f v) {
  store_lanes(p, n, __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7));
  if (n > 8)
    store_lanes(p + 8, n - 8, __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15));
}
#else
typedef int64_t vlanes;

CK_INLINE vlanes first_lanes(int64_t n) { return n; }

CK_INLINE vtile load_lanes(const float *p, vlanes lanes) {
  if (lanes >= CK_TILE_LANES)
    return load_tile(p);
  float lane[CK_TILE_LANES] = {0};
  for (int64_t i = 0; i < lanes; i++)
    lane[i] = p[i];
  return load_tile(lane);
}

CK_INLINE void store_lanes(float *p, vlanes lanes, vtile v) {
  if (lanes >= CK_TILE_LANES) {
    store_tile(p, v);
    return;
  }
  float lane[CK_TILE_LANES];
  store_tile(lane, v);
  for (int64_t i = 0; i < lanes; i++)
    p[i] = lane[i];
}

/// Loads the first n < 16 elements; the other lanes hold `rest`.
CK_INLINE v16f load_part16(const float *p, int64_t n, float rest) {
  float lane[16];
  for (int i = 0; i < 16; i++)
    lane[i] = rest;
  for (int64_t i = 0; i < n; i++)
    lane[i] = p[i];
  return load16(lane);
}

CK_INLINE void store_part16(float *p, int64_t n, v16f v) {
  float lane[16];
  store16(lane, v);
  for (int64_t i = 0; i < n; i++)
    p[i] = lane[i];
}
#endif

CK_INLINE v16f load_some16(const float *p, int64_t n, float rest) {
  return n >= 16 ? load16(p) : load_part16(p, n, rest);
}

CK_INLINE void store_some16(float *p, int64_t n, v16f v) {
  if (n >= 16)
    store16(p, v);
  else
    store_part16(p, n, v);
}

// Interleaving the lower or the upper halves of two vectors.
#if CK_TILE_LANES == 16
#define CK_LOWER 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define CK_UPPER 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif CK_TILE_LANES == 8
#define CK_LOWER 0, 8, 1, 9, 2, 10, 3, 11
#define CK_UPPER 4, 12, 5, 13, 6, 14, 7, 15
#else
#define CK_LOWER 0, 4, 1, 5
#define CK_UPPER 2, 6, 3, 7
#endif

/// Transposes a square of vectors: each round rotates the bits of (row, lane) by one.
CK_INLINE void transpose_tile(vtile r[CK_TILE_LANES]) {
  enum { half = CK_TILE_LANES / 2 };
#pragma clang loop unroll(full)
  for (int round = 1; round < CK_TILE_LANES; round *= 2) {
    vtile t[CK_TILE_LANES];
#pragma clang loop unroll(full)
    for (int i = 0; i < half; i++) {
      t[2 * i] = __builtin_shufflevector(r[i], r[i + half], CK_LOWER);
      t[2 * i + 1] = __builtin_shufflevector(r[i], r[i + half], CK_UPPER);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < CK_TILE_LANES; i++)
      r[i] = t[i];
  }
}
#undef CK_LOWER
#undef CK_UPPER
