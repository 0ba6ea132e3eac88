import { readFileSync } from 'node:fs';

/** The typed contents of swarm-mapping.json. Integers of 64 bits are decimal text. */
export interface SwarmVectors {
  readonly points: readonly { pubkey: string; space: string; space_hex: string }[];
  readonly selection: readonly { swarm_ids: readonly string[]; pubkey: string; space: string; expected: string | null; note: string }[];
  readonly composition: {
    readonly mt19937_64: readonly { seed: string; skip?: number; first: readonly string[] }[];
    readonly uniform_below: readonly { seed: string; n: string; first: readonly string[] }[];
    readonly new_swarm_id: readonly { existing?: readonly string[]; expected?: string; sequence?: readonly string[] }[];
    readonly libstdcxx_sort: readonly { sizes: readonly number[]; sorted_indices: readonly number[]; stable: boolean }[];
    readonly calc_swarm_changes: { readonly cases: readonly SwarmChangeVector[] };
  };
  readonly block_hash_seed: readonly { block_hash: string; seed: string }[];
}

/** Swarm id to numbered nodes, before and after. */
export interface SwarmChangeVector {
  readonly note: string;
  readonly seed: string;
  readonly input: Readonly<Record<string, readonly number[]>>;
  readonly expected: Readonly<Record<string, readonly number[]>>;
}

const read = (): string => readFileSync(new URL('swarm-mapping.json', import.meta.url), 'utf8');

export const swarmVectors = JSON.parse(read()) as SwarmVectors;
