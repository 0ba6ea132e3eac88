import { randomBytes } from 'node:crypto';
import { Client } from 'undici';
import { nativePrimitives } from '#platform';
import { buildOnion } from '#protocol';
import { startNetwork, type TestNode } from '#testing';
import { drive, quantile } from '../drive.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';

/** As `npm start` makes it. */
const NODES = 7;
const HOPS = 3;
const WARM_UP_SECONDS = 2;
/** One request after the other; a 99th percentile wants hundreds. */
const SECONDS = 6;

const primitives = nativePrimitives();
const payload = Buffer.from('{"method":"info","params":{}}');

/** Three nodes there and back, one request at a time, in a network with nothing else to do. */
export async function benchRoundTrip(_options: BenchOptions): Promise<BenchResult> {
  const network = await startNetwork({ nodes: NODES });
  try {
    const [entry, middle, end] = network.nodes.slice(0, HOPS);
    if (entry === undefined || middle === undefined || end === undefined) throw new Error('the network is too small');
    const client = new Client(entry.url, { connect: { rejectUnauthorized: false } });
    const ask = (): Promise<void> => roundTrip(client, [entry, middle], end);
    await drive({ workers: 1, seconds: WARM_UP_SECONDS }, ask);
    const { latenciesMs } = await drive({ workers: 1, seconds: SECONDS }, ask);
    await client.close();
    const [p50, p99] = [quantile(latenciesMs, 0.5), quantile(latenciesMs, 0.99)];
    return {
      table: textTable(
        [`${HOPS} hops, idle devnet of ${NODES}`, 'requests', 'p50 ms', 'p99 ms'],
        [['info, one at a time', String(latenciesMs.length), p50.toFixed(2), p99.toFixed(2)]],
      ),
      figures: { round_trip_p50_ms: rounded(p50), round_trip_p99_ms: rounded(p99) },
    };
  } finally {
    await network.stop();
  }
}

async function roundTrip(client: Client, path: readonly TestNode[], destination: TestNode): Promise<void> {
  const onion = buildOnion(primitives, randomBytes, { path, destination, payload });
  const answer = await client.request({ method: 'POST', path: '/onion_req/v2', body: onion.body });
  const body = new Uint8Array(await answer.body.arrayBuffer());
  const inner = answer.statusCode === 200 ? Buffer.from(onion.open(body)).toString() : '';
  if (!inner.startsWith('{"body"') && !inner.includes('"status":200')) throw new Error(`status ${answer.statusCode}`);
}
