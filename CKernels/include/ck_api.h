// SPDX-License-Identifier: Apache-2.0

/// What the library exports.
#ifndef CK_API_H
#define CK_API_H

/// Marks every public declaration. The installed library is compiled with hidden symbols, so it
/// exports these and no others.
#if defined(__GNUC__)
#define CK_API __attribute__((visibility("default")))
#else
#define CK_API
#endif

#endif
