// `npm run generate:dashboards` writes monitoring/grafana/dashboards from monitoring/dashboards, which must be built;
// monitoring/dashboards/dashboards.test.ts fails when they differ.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { dashboards } from '../dist/monitoring/dashboards/dashboards.js';
import { ROOT } from './lib/prepare.mjs';

const FOLDER = join(ROOT, 'monitoring/grafana/dashboards');

mkdirSync(FOLDER, { recursive: true });
for (const dashboard of dashboards()) {
  const file = join(FOLDER, `${dashboard.uid}.json`);
  writeFileSync(file, await format(JSON.stringify(dashboard), { ...(await resolveConfig(file)), parser: 'json' }));
}
