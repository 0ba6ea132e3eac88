import type { Layout } from './layouts/layout.js';
import { measureLayout, type Workload } from './layouts/measure.js';
import { metaHash } from './layouts/meta-hash.js';
import { packedHash, packedHashInOneBlock } from './layouts/packed-hash.js';
import { records, wholeRecords } from './layouts/records.js';
import { strings } from './layouts/strings.js';
import type { BenchResult } from './result.js';

const LAYOUTS: readonly (Layout & { readonly id: string })[] = [
  { id: 'packed', ...packedHash },
  { id: 'packed_block', ...packedHashInOneBlock },
  { id: 'strings', ...strings },
  { id: 'meta', ...metaHash },
  { id: 'records_whole', ...wholeRecords },
  { id: 'records', ...records },
];

const KIB = 1_024;
/** From a quarter to seven quarters of 1 KiB, so that no size class of the allocator decides. */
const VARIED = Array.from({ length: 192 }, (_unused, index) => KIB / 4 + ((index * 89) % 192) * 8 + 3);
const WORKLOADS: Readonly<Record<string, Workload>> = {
  '256': { sizes: [256], messages: 100_000, operations: false },
  '1k': { sizes: [KIB], messages: 100_000, operations: true },
  varied: { sizes: VARIED, messages: 100_000, operations: false },
  '70k': { sizes: [70 * KIB], messages: 3_000, operations: false },
};
const OPERATIONS = ['insert', 'duplicate', 'get10', 'nothingNew', 'get100', 'extend', 'delete', 'purge'];

/** Ways to keep messages in Redis, by memory and by CPU. One load a row: layouts are compared, not machines. */
export async function benchLayouts(): Promise<BenchResult> {
  const figures: Record<string, number> = {};
  const lines = [
    `${'bytes above the payload'.padEnd(52)}${Object.keys(WORKLOADS)
      .map((name) => name.padStart(8))
      .join('')}`,
  ];
  const costs = ['', `${'us of Redis (1 KiB)'.padEnd(52)}${OPERATIONS.map((name) => name.padStart(11)).join('')}`];
  for (const layout of LAYOUTS) {
    let line = layout.name.padEnd(52);
    for (const [size, workload] of Object.entries(WORKLOADS)) {
      const { overheadBytes, us } = await measureLayout(layout, workload);
      line += overheadBytes.toFixed(0).padStart(8);
      figures[`${layout.id}_overhead_bytes_${size}`] = Math.round(overheadBytes);
      if (!workload.operations) continue;
      costs.push(
        layout.name.padEnd(52) + OPERATIONS.map((name) => (us[name]?.toFixed(1) ?? '-').padStart(11)).join(''),
      );
      for (const [name, value] of Object.entries(us)) figures[`${layout.id}_${name}_us`] = Math.round(value * 10) / 10;
    }
    lines.push(line);
  }
  return { table: [...lines, ...costs].join('\n'), figures };
}
