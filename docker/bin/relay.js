#!/usr/local/bin/node
import '../../dist/apps/relay/src/main.js';
