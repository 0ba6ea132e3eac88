import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { FinalControl } from '#protocol';
import { startNetwork, type TestNetwork, type TestNode } from '#testing';
import { post, type Reply } from '../../integration/relay/https-client.js';
import { ask } from '../../integration/relay/onion-client.js';
import { nodeVector } from '../../integration/relay/vector-network.js';

const SWARM = '2000000000000000';
export const OTHER_SWARM = 'a000000000000000';
export const HEIGHT = 12;

/** Nodes with the keys of the vectors, in one swarm. */
const NAMES = ['entry', 'middle', 'exit', 'destination'] as const;
/** A listed node that nobody runs. */
export const GONE = 'gone';
/** A listed node that lost its place in a swarm, and runs. */
export const RESTING = 'resting';

/** What a destination says inside its reply. */
export interface Inner {
  readonly status: number;
  readonly body: unknown;
}

export interface SeedAnswer {
  readonly contentType: string | undefined;
  readonly height: unknown;
  readonly states: readonly Readonly<Record<string, unknown>>[];
}

/** Whole nodes as processes, which answer the vectors, and what a client asks of them. */
export class RunningNodes {
  private constructor(private readonly network: TestNetwork) {}

  /** `outsidePort` of this machine may be called by the nodes. */
  static async start(outsidePort: number): Promise<RunningNodes> {
    const network = await startNetwork({
      networkFile: {
        network: 'onions',
        height: HEIGHT,
        outside_allow: [`127.0.0.1:${outsidePort}`],
        nodes: [
          ...NAMES.map((name) => ({ name, seed: nodeVector(name).ed25519_seed, swarm: SWARM })),
          { name: 'other', swarm: OTHER_SWARM },
          { name: GONE, swarm: OTHER_SWARM, run: false },
          { name: RESTING, state: 'decommissioned' },
        ],
      },
    });
    return new RunningNodes(network);
  }

  stop(): Promise<void> {
    return this.network.stop();
  }

  node(name: string): TestNode {
    return this.network.node(name);
  }

  /** Public port of the entry. */
  get port(): number {
    return this.node('entry').info.https_port;
  }

  /** The reply of the last node of a path; throws when there is none inside. */
  async through(path: readonly string[], payload: unknown, control?: FinalControl): Promise<Inner> {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const reply = await ask(this.port, path, text, control === undefined ? {} : { control });
    if (reply.inner === undefined) throw new Error(`no sealed reply: ${reply.status} ${reply.text}`);
    return JSON.parse(reply.inner) as Inner;
  }

  /** A request straight to a node. */
  rpc(name: string, method: string, params: object): Promise<Reply> {
    return post(this.node(name).info.https_port, '/storage_rpc/v1', JSON.stringify({ method, params }));
  }

  /** An account whose swarm is, or is not, that of the path. */
  async account(isOurs: boolean): Promise<string> {
    for (;;) {
      const pubkey = `03${randomBytes(32).toString('hex')}`;
      const { swarm } = JSON.parse((await this.rpc('entry', 'get_swarm', { pubkey })).text) as { swarm: string };
      if ((swarm === SWARM) === isOurs) return pubkey;
    }
  }

  /** As Session Desktop asks for its first list. */
  askSeed(params: object): Promise<SeedAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(`${this.network.seedUrl}/json_rpc`, { method: 'POST' }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => {
            const { result } = JSON.parse(Buffer.concat(chunks).toString()) as { result: Record<string, unknown> };
            const { height, service_node_states: states } = result;
            resolve({
              contentType: incoming.headers['content-type'],
              height,
              states: states as SeedAnswer['states'],
            });
          });
      });
      outgoing.on('error', reject);
      outgoing.end(JSON.stringify({ jsonrpc: '2.0', method: 'get_n_service_nodes', params }));
    });
  }
}
