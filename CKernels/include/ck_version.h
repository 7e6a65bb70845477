// SPDX-License-Identifier: Apache-2.0

/// The version of the headers and of the library.
#ifndef CK_VERSION_H
#define CK_VERSION_H

#include "ck_api.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CK_VERSION_MAJOR 0
#define CK_VERSION_MINOR 1
#define CK_VERSION_PATCH 0

/// The version as one number, to be compared: 10203 for 1.2.3.
#define CK_VERSION (CK_VERSION_MAJOR * 10000 + CK_VERSION_MINOR * 100 + CK_VERSION_PATCH)

/// CK_VERSION of the library at run time. A program may run with a later library than the one whose
/// headers it was compiled with.
CK_API int ck_version(void);

#ifdef __cplusplus
}
#endif
#endif
