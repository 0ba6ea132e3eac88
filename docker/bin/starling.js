#!/usr/local/bin/node
import '../../dist/apps/cli/src/main.js';
