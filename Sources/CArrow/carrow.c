// SPDX-License-Identifier: Apache-2.0

// The target has declarations only; SwiftPM wants a file to compile.
#include "CArrow.h"
