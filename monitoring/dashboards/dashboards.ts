import type { Board } from './board.js';
import { nodeAtAGlance } from './node-at-a-glance.js';
import { relay } from './relay.js';
import { storageAndReplication } from './storage-and-replication.js';

/** `npm run generate:dashboards` writes them to monitoring/grafana/dashboards, each to a file named by its uid. */
export const dashboards = (): readonly Board[] => [nodeAtAGlance(), relay(), storageAndReplication()];
