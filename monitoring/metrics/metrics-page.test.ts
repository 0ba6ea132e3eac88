import { describe, expect, it } from '@jest/globals';
import { metricsPage } from './metrics-page.js';

const READY = `# HELP service_ready Whether it can work
# TYPE service_ready gauge
service_ready 1
`;
const OF_PROCESS = `# HELP process_open_fds Files
# TYPE process_open_fds gauge
process_open_fds 7
`;
const SECONDS = `# HELP relay_seconds Times, short | long
# TYPE relay_seconds histogram
relay_seconds_bucket{le="0.1",kind="a } 1",way="x"} 0
relay_seconds_bucket{le="+Inf",kind="a } 1",way="x"} 1
relay_seconds_sum{kind="a } 1",way="x"} 3.5
relay_seconds_count{kind="a } 1",way="x"} 1
`;
const COUNT = `# HELP storage_work_count Not a histogram
# TYPE storage_work_count gauge
storage_work_count{what="x"} Nan
`;

const rowsOf = (page: string): readonly (readonly string[])[] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe('the page of metrics', () => {
  it('says of each whose it is, its labels and what it says; those of the process are left out', () => {
    const page = metricsPage({ relay: `${SECONDS}\n${READY}${OF_PROCESS}`, storage: `${READY}${COUNT}` });
    expect(rowsOf(page)).toEqual([
      ['`relay_seconds{kind, way}`', 'relay', 'histogram', 'Times, short \\| long'],
      ['`service_ready`', 'all', 'gauge', 'Whether it can work'],
      ['`storage_work_count{what}`', 'storage', 'gauge', 'Not a histogram'],
    ]);
  });

  it('has columns of one width', () => {
    const lines = metricsPage({ relay: SECONDS + READY })
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(lines).toHaveLength(4);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });

  it('cannot be made while a metric has no series', () => {
    const silent = '# HELP storage_seconds Times\n# TYPE storage_seconds histogram\n';
    expect(() => metricsPage({ storage: READY + silent })).toThrow('storage_seconds has no series yet');
  });
});
