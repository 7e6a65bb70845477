// SPDX-License-Identifier: Apache-2.0

#include "ck_reference.h"

#include <math.h>
#include <string.h>

double ck_reference_ulps(float value, double exact) {
  // From here on a number rounds to infinity.
  const double overflow = 0x1.ffffffp127;
  if (isnan(value) || isnan(exact))
    return isnan(value) && isnan(exact) ? 0 : INFINITY;
  double size = fabs(exact);
  if (isinf(value))
    return size >= overflow && (value > 0) == (exact > 0) ? 0 : INFINITY;
  if ((double)value == exact || (value == 0 && size < 0x1p-126))
    return 0;
  uint64_t bits;
  memcpy(&bits, &size, sizeof bits);
  bits &= 0x7ff0000000000000;
  double power;
  memcpy(&power, &bits, sizeof power);
  power = power < 0x1p-126 ? 0x1p-126 : power > 0x1p127 ? 0x1p127 : power;
  return fabs((double)value - exact) / (power * 0x1p-23);
}
