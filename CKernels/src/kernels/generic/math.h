// exp, log, tanh and their kin on 16 lanes. Polynomials after Cephes (Moshier, 1989).

CK_INLINE v16f round16(v16f x) {
  // Adding and taking away 1.5 * 2^23 leaves the nearest whole number for |x| < 2^22.
  const v16f magic = (v16f)12582912.0f;
  return (x + magic) - magic;
}

/// 2^n for whole n in -126...127.
CK_INLINE v16f power_of_two16(v16f n) {
  return float16((__builtin_convertvector(n, v16i) + 127) << 23);
}

CK_INLINE v16f exp16(v16f x) {
  v16f clamped = select16(x > (v16f)89.0f, (v16f)89.0f, x);
  clamped = select16(clamped < (v16f)-88.0f, (v16f)-88.0f, clamped);
  v16f n = round16(clamped * (v16f)1.44269504088896341f);
  // Cody and Waite: ln 2 in two parts, the first with trailing zeros.
  v16f r = fma16(n, (v16f)-0.693359375f, clamped);
  r = fma16(n, (v16f)2.12194440e-4f, r);
  v16f p = (v16f)1.9875691500e-4f;
  p = fma16(p, r, (v16f)1.3981999507e-3f);
  p = fma16(p, r, (v16f)8.3334519073e-3f);
  p = fma16(p, r, (v16f)4.1665795894e-2f);
  p = fma16(p, r, (v16f)1.6666665459e-1f);
  p = fma16(p, r, (v16f)5.0000001201e-1f);
  p = fma16(p, r * r, r) + (v16f)1.0f;
  // Two factors, since 2^128 and 2^-127 are no normal numbers.
  v16f half = round16(n * (v16f)0.5f);
  v16f y = p * power_of_two16(half) * power_of_two16(n - half);
  y = select16(x > (v16f)88.7228390f, (v16f)__builtin_inff(), y);
  y = select16(x < (v16f)-87.3365448f, (v16f)0.0f, y);
  return select16(x != x, x, y);
}

/// Normal positive x; 0 gives -inf, negative x NaN. Denormals count as 0.
CK_INLINE v16f log16(v16f x) {
  v16i bits = bits16(x);
  v16i exponent = ((bits >> 23) & 0xff) - 126;
  v16f m = float16((bits & 0x007fffff) | 0x3f000000); // 0.5 <= m < 1
  v16i small = m < (v16f)0.707106781186547524f;
  v16f e = __builtin_convertvector(exponent + small, v16f);
  m = select16(small, m + m, m) - (v16f)1.0f;
  v16f z = m * m;
  v16f p = (v16f)7.0376836292e-2f;
  p = fma16(p, m, (v16f)-1.1514610310e-1f);
  p = fma16(p, m, (v16f)1.1676998740e-1f);
  p = fma16(p, m, (v16f)-1.2420140846e-1f);
  p = fma16(p, m, (v16f)1.4249322787e-1f);
  p = fma16(p, m, (v16f)-1.6668057665e-1f);
  p = fma16(p, m, (v16f)2.0000714765e-1f);
  p = fma16(p, m, (v16f)-2.4999993993e-1f);
  p = fma16(p, m, (v16f)3.3333331174e-1f);
  v16f y = p * m * z;
  y = fma16(e, (v16f)-2.12194440e-4f, y);
  y = fma16(z, (v16f)-0.5f, y);
  y = m + y;
  y = fma16(e, (v16f)0.693359375f, y);
  y = select16(x < (v16f)1.17549435e-38f, (v16f)-__builtin_inff(), y);
  y = select16(x < (v16f)0.0f, (v16f)__builtin_nanf(""), y);
  y = select16(x == (v16f)__builtin_inff(), x, y);
  return select16(x != x, x, y);
}

CK_INLINE v16f tanh16(v16f x) {
  v16f a = float16(bits16(x) & 0x7fffffff);
  v16f sign = float16(bits16(x) & (v16i)(int32_t)0x80000000);
  v16f z = x * x;
  v16f p = (v16f)-5.70498872745e-3f;
  p = fma16(p, z, (v16f)2.06390887954e-2f);
  p = fma16(p, z, (v16f)-5.37397155531e-2f);
  p = fma16(p, z, (v16f)1.33314422036e-1f);
  p = fma16(p, z, (v16f)-3.33332819422e-1f);
  v16f near = fma16(p * z, x, x);
  v16f e = exp16(a + a);
  v16f far = (v16f)1.0f - (v16f)2.0f / (e + (v16f)1.0f);
  // Both have the sign of x, but for the polynomial at -0.
  v16f y = float16(bits16(select16(a < (v16f)0.625f, near, far)) | bits16(sign));
  return select16(x != x, x, y);
}

CK_INLINE v16f sigmoid16(v16f x) { return (v16f)1.0f / ((v16f)1.0f + exp16(-x)); }

/// exp(x) - 1 = tanh(x / 2) (exp(x) + 1), exact in relative terms near 0.
CK_INLINE v16f expm1_16(v16f x) { return tanh16(x * (v16f)0.5f) * (exp16(x) + (v16f)1.0f); }

/// sin and cos of 2 pi u for u in 0...1.
CK_INLINE void sincos_turns16(v16f u, v16f *sine, v16f *cosine) {
  v16f quarter = round16(u * (v16f)4.0f);
  v16f t = fma16(quarter, (v16f)-0.25f, u) * (v16f)6.28318530717958648f;
  v16f z = t * t;
  v16f s = (v16f)-1.9515295891e-4f;
  s = fma16(s, z, (v16f)8.3321608736e-3f);
  s = fma16(s, z, (v16f)-1.6666654611e-1f);
  s = fma16(s * z, t, t);
  v16f c = (v16f)2.443315711809948e-5f;
  c = fma16(c, z, (v16f)-1.388731625493765e-3f);
  c = fma16(c, z, (v16f)4.166664568298827e-2f);
  c = fma16(c, z * z, fma16(z, (v16f)-0.5f, (v16f)1.0f));
  v16i q = __builtin_convertvector(quarter, v16i);
  v16i swap = (q & 1) != 0;
  v16f first = select16(swap, c, s);
  v16f second = select16(swap, s, c);
  *sine = float16(bits16(first) ^ ((q & 2) << 30));
  *cosine = float16(bits16(second) ^ (((q + 1) & 2) << 30));
}
