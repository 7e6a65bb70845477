// SPDX-License-Identifier: Apache-2.0

#include "ck_version.h"

int ck_version(void) { return CK_VERSION; }
