#!/usr/local/bin/node
import '../../dist/apps/door/src/main.js';
