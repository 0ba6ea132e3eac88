import type { Clock } from '#platform';
import { settingsReports, strayNames } from '../config/given-settings.js';
import type { GivenSettings, SettingsReport } from '../config/given-settings.js';
import { standingAt } from '../running/standing.js';
import { countOf } from '../terminal/count-of.js';
import { checkKey, checkList, checkListed } from './checks/key-and-list.js';
import { checkDisks, checkFiles, checkOpenFiles } from './checks/machine.js';
import { askPeers, checkClock, checkVersion, newerNodes } from './checks/peers.js';
import { checkAddress, checkPeerPort, checkPublicPort } from './checks/reach.js';
import { checkServices } from './checks/running.js';
import { checkNats, checkRedis } from './checks/servers.js';
import { failedBy, pass, skip, warn } from './finding.js';
import type { Finding } from './finding.js';
import { nodeFacts } from '../config/node-facts.js';
import type { AdminPlaces } from '../config/node-facts.js';

export interface Examination {
  readonly given: GivenSettings;
  readonly clock: Clock;
  /** Less free disk than this is a fault. */
  readonly minFreeMib: number;
  /** Where services are that run elsewhere than here. */
  readonly at: AdminPlaces;
}

/** Everything that can be judged about a node, whether it runs or not, in the order of cause and effect. */
export async function examine({ given, clock, minFreeMib, at }: Examination): Promise<Finding[]> {
  const reports = settingsReports(given);
  const facts = nodeFacts(given, reports, at);
  const { self, findings: key } = checkKey(facts);
  const { list, findings: listFindings } = await checkList(facts, clock);
  const { node, findings: listed } = checkListed(self, list);
  const manager = facts.admin.find(({ service }) => service === 'swarm-manager');
  const standing = manager === undefined ? null : await standingAt(manager.url);
  const seen = standing?.seen_by_peers ?? null;
  const [files, redis, nats, services, peers, publicPort] = await Promise.all([
    checkFiles(facts),
    checkRedis(facts),
    checkNats(facts),
    checkServices(facts),
    askPeers(list, self?.id ?? null, clock),
    checkPublicPort(self, node, seen),
  ]);
  const folders = [...facts.stateFolders.map(({ path }) => path), ...redis.folders];
  const tail = await Promise.all([
    checkPeerPort(self, node, peers, seen),
    checkOpenFiles(services.relayMetrics),
    checkDisks(folders, minFreeMib),
  ]);
  return [
    ...reports.flatMap(settingsFindings),
    ...strayNames(given).map((name) =>
      warn('settings', `no service reads ${name}`, 'correct its prefix, or remove it'),
    ),
    ...files,
    ...key,
    ...listFindings,
    ...listed,
    ...nats,
    ...redis.findings,
    ...services.findings,
    ...checkAddress(facts, node, seen),
    publicPort,
    checkClock(peers, standing?.clock ?? null),
    checkVersion(facts, peers),
    ...newerNodes(services.relayMetrics),
    ...tail.flat(),
  ];
}

function settingsFindings({ of, given, problems }: SettingsReport): Finding[] {
  if (given === 0) return [skip('settings', `${of} is not set up here`)];
  if (problems.length === 0) return [pass('settings', `${of}: ${countOf(given, 'setting')}, no problem`)];
  return problems.map((problem) => failedBy('settings', problem));
}
