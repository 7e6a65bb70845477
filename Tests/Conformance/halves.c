// SPDX-License-Identifier: Apache-2.0

// IEEE half precision as the checks understand it, by way of double precision.
#include "run.h"

#include <math.h>

double half_value(uint16_t code) {
  int exponent = code >> 10 & 31, fraction = code & 0x3ff;
  double size = exponent == 0    ? ldexp(fraction, -24)
                : exponent == 31 ? (fraction ? NAN : INFINITY)
                                 : ldexp(1024 + fraction, exponent - 25);
  return code & 0x8000 ? -size : size;
}

uint16_t half_code(double value) {
  double size = fabs(value);
  int exponent = size < 0x1p-14 ? -14 : ilogb(size);
  // A whole number of last places, ties to even; 2048 of them make the next power of two.
  double ulps = nearbyint(ldexp(size, 10 - exponent));
  int code = exponent == -14 ? (int)ulps : (exponent + 14) * 1024 + (int)ulps;
  code = !(size < 65520) ? 0x7c00 : code;
  return (uint16_t)(code | (signbit(value) ? 0x8000 : 0));
}
