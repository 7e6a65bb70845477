// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// 6.2 is deliberate: from this tools version on SwiftPM accepts unsafeFlags in a package that
// another one requires by version. Lowering it breaks everybody who embeds the kernels.
import PackageDescription

let package = Package(
  name: "tabgan",
  products: [
    .library(name: "CKernels", targets: ["CKernels"]),
    .library(name: "NumericCore", targets: ["NumericCore"]),
    .library(name: "NeuralNetworks", targets: ["NeuralNetworks"]),
    .library(name: "Tabular", targets: ["Tabular", "WorkSharing"]),
    .library(name: "TabularEncoding", targets: ["TabularEncoding"]),
    .library(name: "TableEngine", targets: ["TableEngine"]),
    .library(name: "TaxiTrips", targets: ["TaxiTrips"]),
    .library(name: "TabularGAN", targets: ["TabularGAN"]),
    .library(name: "TabularEvaluation", targets: ["TabularEvaluation"]),
    .executable(name: "tabgan", targets: ["tabgan"]),
  ],
  traits: [
    .trait(
      name: "OpenMP", description: "Thread the C kernels with OpenMP (apt-get install libomp-dev)."),
    .default(enabledTraits: ["OpenMP"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.7.0")
  ],
  targets: [
    // MARK: C
    .target(
      name: "CKernels",
      path: "CKernels",
      exclude: ["reference"],
      cSettings: [
        .unsafeFlags(["-fopenmp"], .when(platforms: [.linux], traits: ["OpenMP"]))
      ],
      linkerSettings: [
        // omp5 is the name Debian gives LLVM's runtime; it needs no -L.
        .linkedLibrary("omp5", .when(platforms: [.linux], traits: ["OpenMP"])),
        .linkedLibrary("m", .when(platforms: [.linux])),
      ]),
    // What the kernels mean, for tests and the bench.
    .target(
      name: "CKernelsReference", dependencies: ["CKernels"], path: "CKernels/reference",
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "CArrow"),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // MARK: Libraries
    .target(name: "NumericCore", dependencies: ["CKernels"]),
    .target(name: "NeuralNetworks", dependencies: ["NumericCore", "AtomicFiles", "SeededRandom"]),
    .target(name: "WorkSharing"),
    .target(name: "AtomicFiles"),
    .target(name: "SeededRandom"),
    .target(
      name: "Tabular", dependencies: ["CZlib", "AtomicFiles", "SeededRandom", "WorkSharing"]),
    .target(
      name: "TableEngine", dependencies: ["CArrow", "Tabular", "AtomicFiles", "WorkSharing"]),
    .target(name: "TabularEncoding", dependencies: ["Tabular", "SeededRandom", "WorkSharing"]),
    .target(
      name: "TabularGAN",
      dependencies: [
        "NeuralNetworks", "TabularEncoding", "Tabular", "AtomicFiles", "SeededRandom",
        "WorkSharing",
      ]),
    .target(name: "GradientBoosting", dependencies: ["WorkSharing"]),
    .target(
      name: "TabularEvaluation",
      dependencies: ["GradientBoosting", "Tabular", "Charts", "SeededRandom", "WorkSharing"]),
    .target(name: "TaxiTrips", dependencies: ["Tabular", "SeededRandom", "WorkSharing"]),
    .target(name: "Charts"),

    // MARK: Tools
    .target(name: "CMemoryWatch"),
    .executableTarget(
      name: "tabgan",
      dependencies: [
        "CMemoryWatch",
        "TabularGAN", "TabularEvaluation", "TableEngine", "TaxiTrips", "Charts", "AtomicFiles",
        "SeededRandom", "WorkSharing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "CBenchProbes", path: "Benchmarks/probes"),
    .executableTarget(
      name: "bench",
      dependencies: [
        "CKernels", "CKernelsReference", "NumericCore", "NeuralNetworks", "TabularGAN", "Charts",
        "SeededRandom", "WorkSharing", "CBenchProbes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/bench",
      // Its tests see its insides in release mode, too: what it measures is C.
      swiftSettings: [.unsafeFlags(["-enable-testing"])]),

    // MARK: Tests
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "TabularGAN", "NeuralNetworks", "NumericCore", "Tabular", "TabularEncoding", "TableEngine",
        "TableTestSupport", "TaxiTrips", "SeededRandom",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Fuzz"),
    .target(name: "TestSupport", dependencies: ["NumericCore"], path: "Tests/TestSupport"),
    .testTarget(
      name: "CKernelsTests", dependencies: ["CKernels", "CKernelsReference", "TestSupport"]),
    .testTarget(
      name: "NumericCoreTests", dependencies: ["CKernels", "NumericCore", "TestSupport"]),
    .testTarget(
      name: "NeuralNetworksTests", dependencies: ["NeuralNetworks", "SeededRandom", "TestSupport"]),
    .testTarget(name: "WorkSharingTests", dependencies: ["WorkSharing"]),
    .target(
      name: "TableTestSupport", dependencies: ["CArrow", "Tabular", "TabularEncoding"],
      path: "Tests/TableTestSupport"),
    .testTarget(
      name: "TabularTests",
      dependencies: ["Tabular", "TabularEncoding", "TaxiTrips", "SeededRandom", "TableTestSupport"]),
    .testTarget(
      name: "TabularEncodingTests",
      dependencies: ["TabularEncoding", "Tabular", "TaxiTrips", "TableTestSupport"]),
    .testTarget(
      name: "TableEngineTests",
      dependencies: ["TableEngine", "CArrow", "Tabular", "TableTestSupport", "TaxiTrips"]),
    .testTarget(
      name: "TaxiTripsTests", dependencies: ["TaxiTrips", "Tabular", "TableTestSupport"]),
    .testTarget(
      name: "TabularGANTests", dependencies: ["TabularGAN", "TestSupport", "TableTestSupport"]),
    .testTarget(
      name: "GradientBoostingTests", dependencies: ["GradientBoosting", "SeededRandom"]),
    .testTarget(
      name: "TabularEvaluationTests",
      dependencies: ["TabularEvaluation", "TaxiTrips", "SeededRandom", "TestSupport"]),
    .testTarget(name: "ChartsTests", dependencies: ["Charts"]),
    .testTarget(
      name: "BenchTests", dependencies: ["bench", "CKernels", "NeuralNetworks", "NumericCore"]),
    .testTarget(name: "CommandLineTests", dependencies: ["tabgan", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
