#include "ck_version.h"

int ck_version(void) { return CK_VERSION; }
