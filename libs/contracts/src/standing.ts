import { z } from 'zod';
import type { StandingKnown } from '#protocol';
import { decodeJson, encodeJson } from './json-message.js';

const ms = z.number().min(0);
const count = z.int().min(0);
const instance = z.string().regex(/^[0-9a-f]{32}$/);

const relayReport = z.object({
  /** How long ago somebody tested this relay, on each surface; null: never. */
  testedAgoMs: z.object({ public: ms.nullable(), peer: ms.nullable() }),
  /** Since the report before: requests of clients and nodes, bytes of their bodies and of those of the answers. */
  requests: count,
  bytesIn: count,
  bytesOut: count,
});

/** What each process of the relay tells swarm-manager every few seconds. */
export type RelayReport = Readonly<z.infer<typeof relayReport>>;

export const encodeRelayReport = (report: RelayReport): Uint8Array => encodeJson(report);

/** Throws ContractError. */
export const decodeRelayReport = (bytes: Uint8Array): RelayReport => decodeJson(relayReport, 'relay report', bytes);

const nodeStanding = z.object({
  /** Of the swarm-manager that says so: a new one with each start. */
  instance,
  /** The clock of this machine against those of other nodes. */
  clock: z.object({
    /** False when it has been too far away for too long to serve by it. */
    isTrusted: z.boolean(),
    /** Whether it was near enough when it was last compared. */
    isRight: z.boolean(),
    /** When that was; null: never, or not lately. 0 where there is nobody to compare with. */
    judgedAgoMs: ms.nullable(),
  }),
});

/** What swarm-manager tells the other services of its node, and any other swarm-manager on the same bus. */
export type NodeStanding = Readonly<z.infer<typeof nodeStanding>>;

export const encodeNodeStanding = (standing: NodeStanding): Uint8Array => encodeJson(standing);

/** Throws ContractError. */
export const decodeNodeStanding = (bytes: Uint8Array): NodeStanding => decodeJson(nodeStanding, 'node standing', bytes);

const standingAsk = z.object({ from: z.string().regex(/^[0-9a-f]{64}$/), instance });

/** Another node asks how it is seen: its Ed25519 key, as its certificate proved, and its instance. */
export type StandingAsk = Readonly<z.infer<typeof standingAsk>>;

export const encodeStandingQuestion = (ask: StandingAsk): Uint8Array => encodeJson(ask);

/** Throws ContractError. */
export const decodeStandingQuestion = (bytes: Uint8Array): StandingAsk =>
  decodeJson(standingAsk, 'standing question', bytes);

const surface = z.object({ port: count, isReached: z.boolean() });
const standingKnown: z.ZodType<StandingKnown> = z.object({
  instance: instance.nullable(),
  test: z.object({ ageMs: ms, ip: z.ipv4(), public: surface, peer: surface }).nullable(),
  otherAgeMs: ms.nullable(),
});

export const encodeStandingKnown = (known: StandingKnown): Uint8Array => encodeJson(known);

/** Throws ContractError. */
export const decodeStandingKnown = (bytes: Uint8Array): StandingKnown =>
  decodeJson(standingKnown, 'standing answer', bytes);
