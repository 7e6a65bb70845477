// SPDX-License-Identifier: Apache-2.0

// Finds out how many threads the system can create.
#ifndef CK_THREAD_PROBE_H
#define CK_THREAD_PROBE_H

/// The number of threads, at most `threads` including the caller and at least 1, that the process
/// can run now in addition to its present ones. Found by creating them; leaves memory for a
/// runtime's own needs.
int ck_threads_available(int threads);

#endif
