import { writeFile } from 'node:fs/promises';
import { waitUntil } from '#testing';
import { WatchedNode } from '../../test/monitoring/watched-node.js';
import { pageOf } from './page-of.js';

/** For a test of the other node, and whatever else has no series before it happened. */
const COMPLETE_TIMEOUT_MS = 60_000;

/** Writes the page of metrics as a real node tells them. */
async function main(): Promise<void> {
  const node = await WatchedNode.start();
  try {
    const page = await waitUntil('a series of each metric', COMPLETE_TIMEOUT_MS, () => pageOf(node));
    await writeFile('docs/operators/metrics.md', page);
  } finally {
    await node.stop();
  }
}

await main();
