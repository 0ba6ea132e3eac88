import { askRedis, connectNats } from '#platform';
import type { RedisFacts } from '#platform';
import { sentenceOf } from '../../problems.js';
import { fail, failedBy, pass, skip, warn } from '../finding.js';
import type { Finding } from '../finding.js';
import type { NodeFacts } from '../../config/node-facts.js';

/** Whoever asks a doctor waits; a server that runs answers in milliseconds. */
const PATIENCE_MS = 2_000;
const COMPOSED = 'it is inside the composition: run doctor in one of its containers';
/** From here on large accounts soon get nothing more, and then nobody. */
const NEARLY_FULL = 0.9;

/** Elsewhere a folder of the same name would be another. */
const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '[::1]']);

const SYNC_REMEDY = 'set appendfsync always';

/** How Redis keeps what it acknowledged, and the folders it is kept in. */
export async function checkRedis({
  redis,
  isComposed,
}: NodeFacts): Promise<{ folders: string[]; findings: Finding[] }> {
  const nothing = (finding: Finding) => ({ folders: [], findings: [finding] });
  if (isComposed) return nothing(skip('redis', COMPOSED));
  if (redis === null) return nothing(skip('redis', 'storage is not set up here, or its settings are wrong'));
  try {
    const servers = await askRedis({ ...redis, name: 'doctor', patienceMs: PATIENCE_MS });
    const isLocal = redis.url.split(',').every((url) => THIS_MACHINE.has(new URL(url.trim()).hostname));
    return {
      folders: isLocal ? servers.flatMap(({ folder }) => folder ?? []) : [],
      findings: servers.flatMap(redisFindings),
    };
  } catch (cause) {
    return nothing(failedBy('redis', sentenceOf(cause)));
  }
}

function redisFindings(facts: RedisFacts): Finding[] {
  const { version, policy, hasAppendOnlyFile, sync, canWrite, usedBytes, maxBytes } = facts;
  const findings: Finding[] = [pass('redis', `version ${version} answers and takes the credentials`)];
  findings.push(
    policy === 'noeviction'
      ? pass('redis policy', 'nothing is evicted')
      : fail('redis policy', `maxmemory-policy is ${policy}: messages may vanish`, 'set maxmemory-policy noeviction'),
  );
  if (!hasAppendOnlyFile) {
    findings.push(
      fail('redis file', 'a restart of Redis loses messages', 'set appendonly yes, and appendfsync always'),
    );
  } else if (!canWrite) {
    findings.push(fail('redis file', 'its last write to the append-only file failed', 'look at its log and its disk'));
  } else if (sync === 'always') {
    findings.push(pass('redis file', 'append-only file, synced before a store is acknowledged'));
  } else if (sync === null) {
    findings.push(skip('redis file', 'append-only file; this user may not read whether it is synced each time'));
  } else {
    findings.push(warn('redis file', `appendfsync is ${sync}: a power cut loses the last messages`, SYNC_REMEDY));
  }
  if (maxBytes === 0) {
    const remedy = 'set maxmemory below the memory of the machine, so that a full node refuses instead of dying';
    findings.push(warn('redis memory', 'maxmemory is not set', remedy));
  } else {
    const percent = Math.round((usedBytes / maxBytes) * 100);
    const says = `${percent} % of maxmemory is used`;
    const remedy = 'give Redis more memory (maxmemory), or add nodes to the network';
    findings.push(usedBytes / maxBytes > NEARLY_FULL ? warn('redis memory', says, remedy) : pass('redis memory', says));
  }
  return findings;
}

/** Each server with each user once, as the services would connect. */
export async function checkNats({ nats, isComposed }: NodeFacts): Promise<Finding[]> {
  if (isComposed) return [skip('nats', COMPOSED)];
  if (nats.length === 0) return [skip('nats', 'no service has usable settings')];
  const different = new Map<string, typeof nats>();
  for (const server of nats) {
    const account = JSON.stringify([server.url, server.user, server.password]);
    different.set(account, [...(different.get(account) ?? []), server]);
  }
  const findings = await Promise.all([...different.values()].map(natsFinding));
  if (different.size > 1) {
    const remedy = 'give all services of a node the same NATS server and account';
    findings.push(warn('nats', 'the services have different servers or users', remedy));
  }
  return findings;
}

async function natsFinding(sharers: NodeFacts['nats']): Promise<Finding> {
  const [server] = sharers;
  const names = sharers.map(({ prefix }) => prefix.slice(0, -1)).join(', ');
  if (server === undefined) return skip('nats', 'no service has usable settings');
  try {
    const connection = await connectNats({ ...server, name: 'doctor', patienceMs: PATIENCE_MS });
    await connection.close();
    return pass('nats', `answers, takes the credentials of ${names}, and carries the largest reply`);
  } catch (cause) {
    return failedBy('nats', sentenceOf(cause));
  }
}
