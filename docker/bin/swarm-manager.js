#!/usr/local/bin/node
import '../../dist/apps/swarm-manager/src/main.js';
