# Everything is installed by the target that needs it, once. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

STACK ?= prod
# For make test: slow test files that are not started within so many minutes are left out, and listed.
MINUTES ?=
# Not empty where make test can start services and boot machines.
SERVICES := $(shell [ "$$(id -u)" != 0 ] || ls /etc/debian_version 2>/dev/null)
# Three rows of about the same length. The pure tests are last, as they are never left out.
TESTS := types lint engine beside machines-core state crash-core beside lab-core openstack-core unit
TESTS_WITHOUT_SERVICES := types unit beside engine-core lint
CACHE := node_modules/.cache
TSX := node --import tsx

export PATH := $(CURDIR)/.tools/bin:$(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help api up plan test test-all test-engine test-node-versions test-bare test-crash test-machines test-state test-openstack types lint format bench packages pulumi language-host clean distclean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

up: pulumi ## Bring prod, then test, up on the built-in cloud; needs no account and no root
	@node bin/labstead.js rehearse prod test

plan: packages ## Write out/prod: plan, resources, manifests; needs no engine, no cloud (or STACK=test)
	@node bin/labstead.js plan $(STACK)

test: packages pulumi language-host ## Types, lint, tests; with root on Debian real services, a cluster and an OpenStack too
	@$(if $(SERVICES),,echo "without root on Debian: the core only; make test-engine test-crash test-state has the rest that needs neither")
	@$(TSX) tools/test.ts $(if $(MINUTES),--start-within $(MINUTES)) $(if $(SERVICES),$(TESTS),$(TESTS_WITHOUT_SERVICES))

test-engine: packages pulumi language-host ## The program by the real engine on the built-in cloud; needs no root
	@$(TSX) tools/test.ts engine

test-crash: packages pulumi ## Kill the engine at many moments of up and destroy, and recover
	@$(TSX) tools/test.ts crash

test-openstack: packages pulumi ## Infrastructure on a real OpenStack, installed by apt on this machine; root on Debian
	@$(TSX) tools/test.ts openstack

test-machines: packages pulumi language-host ## Boot the plan's servers as machines: a cluster, load balancers, storage; root on Debian
	@$(TSX) tools/test.ts machines

test-state: packages pulumi language-host ## States in a real S3 server, by the project's own commands
	@$(TSX) tools/test.ts state

test-bare: packages pulumi language-host ## Each file of real services as the first one on a bare Debian; root on Debian
	@$(TSX) tools/test.ts bare

test-node-versions: packages pulumi language-host ## Pure and engine tests on the LTS release and the newest Node.js
	@$(TSX) tools/test.ts node-versions

test-all: packages pulumi language-host ## make test, with every kill, example, an upgrade, Node.js version, and a bare Debian
	@$(TSX) tools/test.ts types lint engine node-versions beside machines bare state crash beside lab openstack unit

types: packages ## Check the types
	@tsc --noEmit --incremental --tsBuildInfoFile $(CACHE)/tsc.tsbuildinfo

lint: packages ## ESLint with types and the rule of the rooms, and the formatter's check
	@eslint --cache --cache-strategy content --cache-location $(CACHE)/eslint/ --max-warnings 0 .
	@prettier --check --log-level warn --cache --cache-location $(CACHE)/prettier.json .

format: packages ## Format all files
	@prettier --write --log-level warn --cache --cache-location $(CACHE)/prettier.json .

api: packages ## Write the reference of the package's exported names to docs/api
	@typedoc --logLevel Warn

bench: pulumi ## Measure: every bench/*.bench.ts
	@for file in bench/*.bench.ts; do echo "$$file"; $(TSX) "$$file"; done

packages: ## Install the npm packages of package-lock.json, if they changed
	@node tools/packages.js

pulumi: packages ## Install the pinned pulumi in .tools/bin: from PATH, else downloaded, else built by Go
	@$(TSX) tools/toolchain/main.ts

language-host: pulumi
	@$(TSX) tools/toolchain/main.ts --language-host

clean: ## Remove what the program and its tests made, the built-in cloud's state included
	@rm -rf out .labstead coverage dist docs/api $(CACHE)

distclean: clean ## make clean, and the installed packages and tools
	@rm -rf node_modules .tools
