// SPDX-License-Identifier: Apache-2.0

// A team whose threads stay in one parallel region and get their work through mailboxes.
#ifndef CK_PERSISTENT_TEAM_H
#define CK_PERSISTENT_TEAM_H

#include "team.h"

/// Room for `threads` workers, `crowded` where they are more than the CPUs; NULL where there is no
/// memory.
ck_team *ck_persistent_team_create(int threads, bool crowded);
void ck_persistent_team_destroy(ck_team *team);

/// What a worker other than the first does: shares of work until it is dismissed.
void ck_persistent_team_serve(ck_team *team, int worker);

/// Shares out `body` over the first `threads` workers of `workers`; the caller is the first.
void ck_persistent_team_run(ck_team *team, int threads, ck_team_body body, void *argument);

/// Says how many workers there really are; before any work.
void ck_persistent_team_open(ck_team *team, int workers);

/// Releases the workers.
void ck_persistent_team_dismiss(ck_team *team);

#endif
