/** The parts of the recording's first line (`"type":"setup"`) that describe its network. */
export interface GoldenSetup {
  readonly hf: readonly [number, number];
  readonly height: number;
  readonly nodes: readonly { readonly index: number; readonly swarm: string; readonly ed25519_seckey: string }[];
  readonly dummy_swarm?: { readonly swarm: string; readonly count: number };
}

/** docs/operators/network-file.md */
export interface NetworkFileDocument {
  readonly network?: string;
  readonly height?: number;
  readonly hardfork?: readonly [number, number];
  readonly version?: string;
  readonly outside_allow?: readonly string[];
  readonly nodes: readonly {
    readonly name: string;
    readonly seed?: string;
    readonly swarm?: string | null;
    readonly https_port?: number;
    readonly peer_port?: number;
    readonly ip?: string;
    readonly state?: 'active' | 'decommissioned' | 'unlisted';
    readonly run?: boolean;
  }[];
}

/** How exchanges of the recording name nodes outside the ten: see golden-README. */
export const GOLDEN_UNLISTED = 'unstaked';
export const GOLDEN_DECOMMISSIONED = 'decommissioned';
/** Node 11 of the recording: it is in the list and nobody listens. */
export const GOLDEN_SILENT = 'silent-0';

const SEED_DIGITS = 64;
const PEER_VERSION = '2.8.0';

/** The name of a numbered node. */
export const goldenNodeName = (index: number): string => `node-${index}`;

/**
 * The network of the recorded exchanges, to be started with `--network-file` on free ports: the ten nodes with their
 * keys, the entries that do not run, and the two nodes that are in no swarm.
 */
export function goldenNetworkFile(setup: GoldenSetup, outsideAllow: readonly string[] = []): NetworkFileDocument {
  const running = setup.nodes.map(({ index, swarm, ed25519_seckey: secret }) => {
    return { name: goldenNodeName(index), seed: secret.slice(0, SEED_DIGITS), swarm };
  });
  const { swarm = null, count = 0 } = setup.dummy_swarm ?? {};
  const silent = Array.from({ length: count }, (_, index) => ({ name: `silent-${index}`, swarm, run: false }));
  return {
    network: 'golden',
    height: setup.height,
    hardfork: setup.hf,
    version: PEER_VERSION,
    outside_allow: outsideAllow,
    nodes: [
      ...running,
      ...silent,
      { name: GOLDEN_DECOMMISSIONED, state: 'decommissioned' },
      { name: GOLDEN_UNLISTED, state: 'unlisted' },
    ],
  };
}
