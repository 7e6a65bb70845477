// The target has declarations only; SwiftPM wants a file to compile.
#include "CArrow.h"
