import { readFileSync } from 'node:fs';

/** One account of the recording; `ed25519_seed` signs its requests. */
export interface GoldenAccount {
  readonly pubkey: string;
  readonly ed25519_seed: string;
}

export interface GoldenSetup {
  readonly height: number;
  readonly hf: readonly [number, number];
  readonly block_hash: string;
  readonly nodes: readonly { readonly index: number; readonly swarm: string; readonly ed25519_seckey: string }[];
  readonly dummy_swarm: { readonly swarm: string; readonly count: number };
  readonly accounts: Readonly<Record<string, GoldenAccount>>;
}

export interface GoldenOnion {
  readonly path: readonly number[];
  readonly encs: readonly string[];
  readonly control: unknown;
  readonly ephemeral_seed: string;
  readonly body?: string;
  readonly body_template?: unknown;
}

/** One recorded exchange; the fields are described in test/vectors/README.md. */
export interface GoldenExchange {
  readonly id: string;
  readonly group: string;
  readonly note: string;
  readonly node: number | 'unstaked' | 'decommissioned';
  readonly http: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly t0: number;
  readonly vars?: Readonly<Record<string, number>>;
  readonly template?: unknown;
  readonly request?: string;
  readonly request_b64?: string;
  readonly request_raw?: string;
  readonly status: number;
  readonly reason: string;
  readonly resp_headers: Readonly<Record<string, string>>;
  readonly response?: string;
  readonly response_summary?: Readonly<Record<string, unknown>>;
  readonly vary?: readonly string[];
  readonly racy?: boolean;
  readonly server_closed?: boolean;
  readonly onion?: GoldenOnion;
  readonly onion_response_plain?: string;
  readonly onion_response_base64?: boolean;
}

export interface Transcript {
  readonly setup: GoldenSetup;
  readonly exchanges: readonly GoldenExchange[];
}

const TRANSCRIPT_FILE = new URL('../../vectors/golden-storage-rpc.jsonl', import.meta.url);

export function readTranscript(): Transcript {
  const [setup, ...exchanges] = readFileSync(TRANSCRIPT_FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
  return { setup: setup as GoldenSetup, exchanges: exchanges as GoldenExchange[] };
}
