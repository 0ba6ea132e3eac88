import { randomBytes } from 'node:crypto';
import { Agent, request } from 'undici';
import { nativePrimitives } from '#platform';
import { buildOnion, type NodeTarget } from '#protocol';
import type { TestNode } from '#testing';
import type { ConformanceNetwork } from './conformance-network.js';

/** What came back, whichever way it came. */
export interface Answer {
  readonly status: number;
  /** The JSON when there is some, otherwise the text. */
  readonly body: unknown;
  readonly text: string;
}

/** How a request reaches the node. */
export type WayName = 'https' | 'onion';
export type Way = (body: string) => Promise<Answer>;

/** Longer than clients wait. */
const ANSWER_DEADLINE_MS = 15_000;

const agent = new Agent({ connect: { rejectUnauthorized: false } });
const primitives = nativePrimitives();

const answerOf = (status: number, text: string): Answer => {
  const isJson = text.startsWith('{') || text.startsWith('[');
  return { status, text, body: isJson ? (JSON.parse(text) as unknown) : text };
};

async function post(
  { url }: TestNode,
  path: string,
  body: string | Uint8Array,
): Promise<{ status: number; text: string }> {
  const answer = await request(`${url}${path}`, {
    method: 'POST',
    body,
    dispatcher: agent,
    signal: AbortSignal.timeout(ANSWER_DEADLINE_MS),
  });
  return { status: answer.statusCode, text: await answer.body.text() };
}

const targetOf = ({ ed25519, x25519 }: TestNode): NodeTarget => ({ ed25519, x25519 });

export const WAYS: Readonly<Record<WayName, (network: ConformanceNetwork) => Way>> = {
  https: (network) => async (body) => {
    const { status, text } = await post(network.entry, '/storage_rpc/v1', body);
    return answerOf(status, text);
  },

  /** Through a node of another swarm; the entry is the destination. */
  onion: (network) => async (body) => {
    const onion = buildOnion(primitives, randomBytes, {
      path: [targetOf(network.guard)],
      destination: targetOf(network.entry),
      payload: Buffer.from(body),
    });
    const { status, text } = await post(network.guard, '/onion_req/v2', onion.body);
    if (status !== 200) throw new Error(`the onion came back with ${status}: ${text.slice(0, 200)}`);
    const inner = JSON.parse(Buffer.from(onion.open(Buffer.from(text))).toString()) as { status: number; body: string };
    return answerOf(inner.status, inner.body);
  },
};

/** Ends the connections that are kept open. */
export const closeWays = (): Promise<void> => agent.close();
