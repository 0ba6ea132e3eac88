#!/usr/local/bin/node --max-semi-space-size=4
// Short-lived objects in 4 MiB instead of 16: 20 MiB less memory for the same work.
import '../../dist/apps/storage/src/main.js';
