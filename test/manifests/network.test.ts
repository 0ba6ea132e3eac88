import { describe, expect, it } from '@jest/globals';
import { containersOf, type Manifests, type Workload } from './manifests.js';
import { renderAll, type Folder } from './rendered.js';
import { isAllowed, type Door, type Party } from './rules/network.js';

const rendered = await renderAll();
const itRendered = 'missing' in rendered ? it.skip : it;
const prefix = 'missing' in rendered ? `(${rendered.missing}) ` : '';

/** As the plug-ins give them: private addresses. */
const POD_ADDRESS = '10.244.1.7';

const system = (namespace: string, labels: Record<string, string>): Party => ({
  address: POD_ADDRESS,
  labels,
  namespace: { 'kubernetes.io/metadata.name': namespace },
});

/** Whoever is not of this node, and where they can be called. */
const OTHERS: Readonly<Record<string, { party: Party; doors: readonly Door[] }>> = {
  'the world': {
    party: { address: '203.0.113.9' },
    doors: [tcp(443), tcp(22_020), { number: 53, protocol: 'UDP' }],
  },
  'the world in IPv6': { party: { address: '2001:db8::9' }, doors: [tcp(443)] },
  'a private address': { party: { address: '10.20.30.40' }, doors: [tcp(6_380), tcp(443)] },
  'credentials of a cloud': { party: { address: '169.254.169.254' }, doors: [tcp(80)] },
  prometheus: { party: system('monitoring', { 'app.kubernetes.io/name': 'prometheus' }), doors: [tcp(9_090)] },
  dns: {
    party: system('kube-system', { 'k8s-app': 'kube-dns' }),
    doors: [tcp(53), { number: 53, protocol: 'UDP' }, tcp(9_153)],
  },
  'a stranger named prometheus': {
    party: system('default', { 'app.kubernetes.io/name': 'prometheus' }),
    doors: [],
  },
  'a proxy of the cluster': { party: system('ingress-nginx', {}), doors: [] },
  'another node in the cluster': { party: system('node-two', { 'app.kubernetes.io/name': 'storage' }), doors: [] },
};

function tcp(number: number): Door {
  return { number, protocol: 'TCP' };
}

const partyOf = ({ labels }: Workload): Party => ({
  address: POD_ADDRESS,
  labels,
  namespace: { 'kubernetes.io/metadata.name': 'starling' },
  isOurs: true,
});

const doorsOf = (workload: Workload): Door[] =>
  containersOf(workload).flatMap(({ ports = [] }) =>
    ports.map(({ name = '', containerPort }) => ({ name, number: containerPort, protocol: 'TCP' as const })),
  );

/** Every way that is open, one a line: who, to whom, where. */
function openWays(manifests: Manifests): string[] {
  const own = manifests.workloads().map((workload) => {
    return [workload.name, { party: partyOf(workload), doors: doorsOf(workload) }] as const;
  });
  const outsiders = Object.entries(OTHERS);
  const ways = [...own, ...outsiders].flatMap(([from, { party }]) =>
    [...own, ...outsiders]
      .filter(([, to]) => party.isOurs === true || to.party.isOurs === true)
      .flatMap(([to, target]) =>
        target.doors
          .filter((door) => isAllowed(manifests, party, target.party, door))
          .map((door) => `${from} > ${to}: ${door.name ?? `${door.number}/${door.protocol}`}`),
      ),
  );
  return ways.sort();
}

const EVERYBODY_ELSE = Object.keys(OTHERS);
const SERVICES = ['relay', 'storage', 'swarm-manager'];

const ALWAYS = [
  ...EVERYBODY_ELSE.flatMap((from) => [`${from} > relay: https`, `${from} > relay: peer`]),
  ...SERVICES.flatMap((service) => [
    `prometheus > ${service}: admin`,
    `${service} > dns: 53/TCP`,
    `${service} > dns: 53/UDP`,
    `${service} > nats: nats`,
    `${service} > the world: 22020/TCP`,
    `${service} > the world: 443/TCP`,
    `${service} > the world in IPv6: 443/TCP`,
  ]),
];
const ROUTES = ['nats > nats: routes', 'nats > dns: 53/TCP', 'nats > dns: 53/UDP'];

describe(`${prefix}the network policies`, () => {
  const open = (folder: Folder): string[] => ('missing' in rendered ? [] : openWays(rendered[folder]));

  itRendered.each<[Folder, readonly string[]]>([
    ['overlays/single-node', ['storage > redis: redis']],
    ['examples/my-node', ['storage > redis: redis', 'a proxy of the cluster > swarm-manager: seed']],
    ['overlays/ha', ['storage > redis: redis', ...ROUTES]],
    ['examples/external-redis', ['storage > a private address: 6380/TCP', ...ROUTES]],
  ])('of %s let through this and nothing else', (folder, more) => {
    expect(open(folder)).toEqual([...ALWAYS, ...more].sort());
  });
});
