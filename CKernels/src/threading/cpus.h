// SPDX-License-Identifier: Apache-2.0

#ifndef CK_CPUS_H
#define CK_CPUS_H

/// CPUs this process may use: those of its affinity mask, but no more than the quota of its control
/// groups pays for. At least 1.
int ck_usable_cpus(void);

/// The CPU the calling thread runs on, or -1 where that cannot be told.
int ck_current_cpu(void);

/// Moves the calling thread to another CPU of its affinity mask than the `count` in `taken`, if
/// there is one. The mask stays as it was.
void ck_move_off(const int *taken, int count);

#endif
