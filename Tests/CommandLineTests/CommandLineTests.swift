// SPDX-License-Identifier: Apache-2.0

import Testing

/// All tests that run the command line as a process, one after the other.
///
/// Side by side their processes would take each other's processors, and the time limit of a test
/// would count the others.
@Suite("Command line", .serialized)
enum CommandLineTests {}
