// SPDX-License-Identifier: Apache-2.0

// exp, log, tanh and related functions on 16 lanes. Polynomials after Cephes (Moshier, 1989).

CK_INLINE v16f round16(v16f x) {
  // Adding and taking away 1.5 * 2^23 leaves the nearest whole number for |x| < 2^22.
  const v16f magic = (v16f)12582912.0f;
  return (x + magic) - magic;
}

/// exp where it is a normal number; else anything.
CK_INLINE v16f exp_normal16(v16f x) {
  // Adding and taking away the magic number of round16 leaves the nearest whole number, which the
  // last bits of the sum hold, too.
  v16f shifted = x * (v16f)1.44269504088896341f + (v16f)12582912.0f;
  v16f n = shifted - (v16f)12582912.0f;
  // Cody and Waite: ln 2 in two parts, the first with trailing zeros.
  v16f r = fma16(n, (v16f)-0.693359375f, x);
  r = fma16(n, (v16f)2.12194440e-4f, r);
  v16f p = (v16f)1.9875691500e-4f;
  p = fma16(p, r, (v16f)1.3981999507e-3f);
  p = fma16(p, r, (v16f)8.3334519073e-3f);
  p = fma16(p, r, (v16f)4.1665795894e-2f);
  p = fma16(p, r, (v16f)1.6666665459e-1f);
  p = fma16(p, r, (v16f)5.0000001201e-1f);
  p = fma16(p, r * r, r) + (v16f)1.0f;
  return float16(bits16(p) + (bits16(shifted) << 23));
}

/// exp of what is not above 0 (or NaN).
CK_INLINE v16f exp_negative16(v16f x) {
  v16f y = select16(x < (v16f)-87.3365402f, (v16f)0.0f, exp_normal16(x));
  return select16(x != x, x, y);
}

CK_INLINE v16f exp16(v16f x) {
  v16f y = select16(x < (v16f)-87.3365402f, (v16f)0.0f, exp_normal16(x));
  return select16(x <= (v16f)88.7228317f, y, x + (v16f)__builtin_inff()); // NaN stays one
}

/// log of a normal positive number; of others anything.
CK_INLINE v16f log_normal16(v16f x) {
  // x = 2^e (m + 1) with sqrt(1/2) <= m + 1 < sqrt(2).
  v16i bits = bits16(x);
  v16i exponent = (bits - 0x3f3504f3) >> 23;
  v16f e = __builtin_convertvector(exponent, v16f);
  v16f m = float16(bits - (exponent << 23)) - (v16f)1.0f;
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
  return fma16(e, (v16f)0.693359375f, y);
}

/// 0 gives -inf, negative x NaN. Denormals count as 0.
CK_INLINE v16f log16(v16f x) {
  v16f y = log_normal16(x);
  y = select16(x < (v16f)1.17549435e-38f, (v16f)-__builtin_inff(), y);
  y = select16(x < (v16f)0.0f, (v16f)__builtin_nanf(""), y);
  return select16(x < (v16f)__builtin_inff(), y, x); // infinity, or NaN
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
  // From 10 on the quotient is lost beside 1.
  v16f e = exp_normal16(select16(a < (v16f)10.0f, a + a, (v16f)20.0f));
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
