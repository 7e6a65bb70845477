// A team whose threads stay in one parallel region and get their work through mailboxes.
#ifndef CK_STANDING_TEAM_H
#define CK_STANDING_TEAM_H

#include "team.h"

/// Room for `threads` members, `crowded` where they are more than the CPUs; NULL where there is no
/// memory.
ck_team *ck_standing_team_create(int threads, bool crowded);
void ck_standing_team_destroy(ck_team *team);

/// What a member other than the first does: shares of work until it is dismissed.
void ck_standing_team_serve(ck_team *team, int member);

/// Shares out `body` over the first `threads` members of `members`; the caller is the first.
void ck_standing_team_run(ck_team *team, int threads, ck_team_body body, void *argument);

/// Says how many members there really are; before any work.
void ck_standing_team_open(ck_team *team, int members);

/// Sends the members home.
void ck_standing_team_dismiss(ck_team *team);

#endif
