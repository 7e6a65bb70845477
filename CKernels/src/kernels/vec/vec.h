// The vector vocabulary. Element-wise code works on 16 lanes at every level, so that lane sums have
// the same order everywhere; the compiler splits them where registers are shorter.
// The including file has set CK_HAS_FMA and CK_TILE_LANES.

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

/// The sum of the lanes by a fixed tree.
CK_INLINE float sum16(v16f v) {
  float lane[16];
  store16(lane, v);
  for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++)
      lane[i] += lane[i + width];
  return lane[0];
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
