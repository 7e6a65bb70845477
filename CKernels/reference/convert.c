#include "ck_reference.h"

#include <math.h>

/// Bits of the fraction, the exponent of 1, and the least exponent of a normal number.
typedef struct layout {
  int fraction, bias, least;
} layout;

static layout layout_of(ck_narrow_format format) {
  return format == CK_BF16 ? (layout){7, 127, -126} : (layout){10, 15, -14};
}

double ck_reference_widen(ck_narrow_format format, ck_narrow code) {
  layout l = layout_of(format);
  int one = 1 << l.fraction, fraction = code & (one - 1);
  int exponent = (code & 0x7fff) >> l.fraction;
  double size = exponent == 0 ? ldexp(fraction, l.least - l.fraction)
                : exponent == 2 * l.bias + 1
                    ? (fraction ? NAN : INFINITY)
                    : ldexp(one + fraction, exponent - l.bias - l.fraction);
  return code & 0x8000 ? -size : size;
}

ck_narrow ck_reference_round(ck_narrow_format format, float value) {
  layout l = layout_of(format);
  int one = 1 << l.fraction, infinity = (2 * l.bias + 1) * one;
  double size = fabs((double)value);
  int code = infinity;
  if (isnan(value)) {
    code = infinity + one / 2;
  } else if (size < INFINITY) {
    int exponent = size < ldexp(1, l.least) ? l.least : ilogb(size);
    // A whole number of last places, ties to even; 2 * one of them make the next power of two. The
    // first place of a normal number is the one of its exponent.
    int places = (int)nearbyint(ldexp(size, l.fraction - exponent));
    code = (exponent - l.least) * one + places;
  }
  code = code > infinity && !isnan(value) ? infinity : code;
  return (ck_narrow)(code | (signbit(value) ? 0x8000 : 0));
}
