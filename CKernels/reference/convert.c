// SPDX-License-Identifier: Apache-2.0

#include "ck_reference.h"

#include <math.h>

/// Bits of the fraction, the exponent of 1, and the smallest exponent of a normal number.
typedef struct layout {
  int fraction, bias, minimum;
} layout;

static layout layout_of(ck_half_format format) {
  return format == CK_BF16 ? (layout){7, 127, -126} : (layout){10, 15, -14};
}

double ck_reference_widen(ck_half_format format, ck_half code) {
  layout l = layout_of(format);
  int one = 1 << l.fraction, fraction = code & (one - 1);
  int exponent = (code & 0x7fff) >> l.fraction;
  double size = exponent == 0 ? ldexp(fraction, l.minimum - l.fraction)
                : exponent == 2 * l.bias + 1
                    ? (fraction ? NAN : INFINITY)
                    : ldexp(one + fraction, exponent - l.bias - l.fraction);
  return code & 0x8000 ? -size : size;
}

ck_half ck_reference_round(ck_half_format format, float value) {
  layout l = layout_of(format);
  int one = 1 << l.fraction, infinity = (2 * l.bias + 1) * one;
  double size = fabs((double)value);
  int code = infinity;
  if (isnan(value)) {
    code = infinity + one / 2;
  } else if (size < INFINITY) {
    int exponent = size < ldexp(1, l.minimum) ? l.minimum : ilogb(size);
    // A whole number of ulps, ties to even; 2 * one of them make the next power of two. The leading
    // one of a normal number adds 1 to its exponent.
    int ulps = (int)nearbyint(ldexp(size, l.fraction - exponent));
    code = (exponent - l.minimum) * one + ulps;
  }
  code = code > infinity && !isnan(value) ? infinity : code;
  return (ck_half)(code | (signbit(value) ? 0x8000 : 0));
}
