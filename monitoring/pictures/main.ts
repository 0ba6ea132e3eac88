import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import { findPrometheus, startNetwork, startRedis, TestPrometheus, type Span } from '#testing';
import { jobsOf } from '../../test/monitoring/jobs.js';
import { dashboards } from '../dashboards/dashboards.js';
import { nameOf, panelsOf, queriesOf, withTimes } from '../dashboards/questions.js';
import { draw } from './picture.js';
import { play, SHOWN_SECONDS } from './scene.js';
import type { Named } from './shapes.js';

const SCRAPE_SECONDS = 2;
const TIMES = { rateInterval: 20, range: SHOWN_SECONDS };
/** Little, so that one sees how it fills. */
const REDIS_LIMIT = '24mb';

/** Draws every dashboard as it looks after some minutes of a small network, into docs/operators/pictures. */
async function main(): Promise<void> {
  const program = await findPrometheus('prometheus');
  if ('missing' in program) throw new Error(program.missing);
  say(`a network with traffic for ${Math.ceil(SHOWN_SECONDS / 60) + 1} minutes …`);
  const redis = await startRedis({ config: [`maxmemory ${REDIS_LIMIT}`] });
  try {
    await watch(program.path, redis.url);
  } finally {
    await redis.stop();
  }
}

async function watch(path: string, redisUrl: string): Promise<void> {
  const network = await startNetwork({ nodes: 3, separate: true, env: { STARLING_REDIS_URL: redisUrl } });
  try {
    const [first] = network.nodes;
    if (first === undefined) throw new Error('the network has no node');
    const rulesFile = join(process.cwd(), 'monitoring/prometheus/rules.yml');
    const jobs = jobsOf(first);
    const prometheus = await TestPrometheus.start({ path, jobs, rulesFile, intervalSeconds: SCRAPE_SECONDS });
    try {
      const { span, failedRounds } = await play(network);
      if (failedRounds > 0) say(`${failedRounds} rounds of requests had one without an answer`);
      await drawAll(prometheus, span);
    } finally {
      await prometheus.stop();
    }
  } finally {
    await network.stop();
  }
}

async function drawAll(prometheus: TestPrometheus, span: Span): Promise<void> {
  const folder = 'docs/operators/pictures';
  await mkdir(folder, { recursive: true });
  for (const board of dashboards()) {
    const panels = panelsOf(board);
    const answers = await Promise.all(panels.map((panel) => ask(prometheus, panel, span)));
    const file = `${folder}/${board.uid}.svg`;
    await writeFile(
      file,
      draw(board, (panel) => answers[panels.indexOf(panel)] ?? [], span),
    );
    say(file);
  }
}

async function ask(prometheus: TestPrometheus, panel: Panel, span: Span): Promise<readonly Named[]> {
  const isInstant = panel.targets?.some((target) => (target as Dataquery).instant) === true;
  const answers = await Promise.all(
    queriesOf(panel).map(async ({ expr, legend }) => {
      const question = withTimes(expr, TIMES);
      const series = isInstant ? await prometheus.query(question) : await prometheus.queryRange(question, span);
      return series.map(({ labels, samples }) => ({ name: nameOf(legend, labels), samples }));
    }),
  );
  return answers.flat();
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

await main();
