# SPDX-License-Identifier: Apache-2.0
# The package builds with plain `swift build -c release` too; this file adds the steps around it.

SWIFT   ?= swift
# A CSV file to train on (.csv or .csv.gz); empty: simulated taxi trips.
DATA    ?=
# A CSV file that training never sees; empty: found beside DATA, or split off from it.
HOLDOUT ?=
# The training budget: EPOCHS if given, else MINUTES.
EPOCHS  ?=
MINUTES ?= 4
PRESET  ?= default
SEED    ?= 1
# Number of inputs per fuzz target, and the targets (empty: all).
INPUTS  ?= 1000
TARGETS ?=
# The library whose documentation is built.
TARGET  ?= NumericCore
# Where the demo leaves its results.
RESULTS ?= results/demo
# Where the C library is installed, a folder in front of it, whether with OpenMP, and the compiler.
PREFIX  ?= /usr/local
DESTDIR ?=
OPENMP  ?= 1
CLANG   ?= clang

FORMATTED := Sources Tests Benchmarks Package.swift
C_SOURCES  = $(shell git ls-files --cached --others --exclude-standard \
               'CKernels/*.[ch]' 'CKernels/*.def' 'Benchmarks/*.[ch]' 'Tests/*.[ch]' \
               'Sources/*.[ch]')

export SWIFT DATA HOLDOUT EPOCHS MINUTES PRESET SEED RESULTS PREFIX DESTDIR OPENMP CLANG

.DEFAULT_GOAL := help
.PHONY: help setup setup-engine build demo test test-serial test-embedding install-kernels fuzz \
  bench format lint layers prose documentation clean

help: ## show this list
	@echo 'usage: make TARGET [VARIABLE=value ...]'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo 'demo variables:'
	@echo '  DATA=FILE        train on this CSV file (.csv, .csv.gz); default: simulated taxi trips'
	@echo '  HOLDOUT=FILE     evaluate against this file; default: X_validation.csv.gz beside'
	@echo '                   X_train.csv.gz, else 20 % of DATA that training never sees'
	@echo '  MINUTES=$(MINUTES)        how long to train; or EPOCHS=N'
	@echo '  PRESET=$(PRESET)   ctgan, poster or default'
	@echo '  SEED=$(SEED)           everything random follows from it'
	@echo '  RESULTS=$(RESULTS)'

setup: ## install what is missing (Swift >= 6.2 itself is only checked for)
	@Scripts/setup

setup-engine: ## fetch DuckDB's library into ~/.cache/tabgan, for Parquet, databases and queries
	@Scripts/setup-engine

build: setup ## build the tools in release mode
	$(SWIFT) build -c release --product tabgan

demo: build ## train, generate and evaluate, from nothing to a quality report
	@Scripts/demo

test: setup ## run every test (says at its start what that takes)
	@echo 'make test: builds everything in release mode and runs every test: on 2 cores about half an'
	@echo '  hour of processor time and 0.4 GB in .build. Results appear after the build. A part of it:'
	@echo '  $(SWIFT) test -c release --filter NAME    (NAME: CKernelsTests, TabularTests, ...)'
	$(SWIFT) test -c release

test-serial: ## run the kernel and network tests in a build without OpenMP
	$(SWIFT) test -c release --disable-default-traits --scratch-path .build-serial \
	  --filter '^(CKernelsTests|NumericCoreTests|NeuralNetworksTests)\.'

test-embedding: setup ## use this package from other packages, and the installed C library
	@Scripts/test-installed-kernels
	@Scripts/test-embedding

install-kernels: ## install the C library alone, without Swift (PREFIX, DESTDIR, OPENMP=0, CLANG)
	@Scripts/install-kernels

fuzz: setup ## feed damaged inputs to every reader (INPUTS=1000 of each, TARGETS="csv model", SEED=1)
	$(SWIFT) run -c release fuzz --inputs $(INPUTS) --seed $(SEED) $(TARGETS)

bench: setup ## measure the kernels on this machine (under 3 minutes)
	$(SWIFT) run -c release bench

format: ## rewrite the sources in the project's format
	$(SWIFT) format --in-place --recursive $(FORMATTED)
	clang-format -i $(C_SOURCES)

lint: ## check the format and the license line of every source, change nothing
	@Scripts/check-licenses
	$(SWIFT) format lint --strict --recursive $(FORMATTED)
	clang-format --dry-run -Werror $(C_SOURCES)

layers: ## check the rules that keep the layers apart
	@Scripts/check-layers
	@Scripts/test-check-layers

prose: ## check the wording of pages, comments and messages
	@Scripts/check-prose
	@Scripts/test-check-prose

documentation: setup ## build the API documentation of one library with DocC (TARGET=NumericCore)
	@Scripts/build-documentation $(TARGET)

clean: ## remove what was built (keeps results/)
	rm -rf .build .build-serial .build-documentation
