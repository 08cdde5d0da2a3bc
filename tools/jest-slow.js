"use strict";
/* global jest */
/** Milliseconds for one test that drives an engine or starts real services: the longest builds a Kubernetes once. */
jest.setTimeout(1_800_000);
