import { z } from 'zod';
import { ask } from '../http/ask.js';

const count = z.number();
/** Unknown is null; what a swarm-manager of another version leaves out is unknown too. */
const maybe = <T extends z.ZodType>(schema: T) => schema.nullable().catch(null).default(null);
const surface = z.object({ age_ms: maybe(count) });
const seen = z.object({ reached: count, failed: count });

/** What the swarm-manager says at `/status` of its node, as far as it is shown here; what else it says stays in it. */
const standing = z.looseObject({
  version: maybe(z.string()),
  uptime_ms: maybe(count),
  key: maybe(z.string()),
  state: maybe(z.string()),
  serving: maybe(z.boolean()),
  epoch: maybe(count),
  list_expires_in_ms: maybe(count),
  list_expired: maybe(z.boolean()),
  nodes: maybe(count),
  swarm_id: maybe(z.string()),
  swarm_members: maybe(count),
  peers: maybe(z.object({ reachable: count, unreachable: count })),
  tested: maybe(z.object({ public: surface, peer: surface })),
  seen_by_peers: maybe(
    z.object({
      asked: count,
      answered: count,
      public: seen,
      peer: seen,
      observed_ips: z.array(z.string()).catch([]).default([]),
    }),
  ),
  clock: maybe(z.object({ state: z.string(), offset_ms: maybe(count), peers: count, reason: maybe(z.string()) })),
  swarm: maybe(
    z.array(
      z.object({
        ed25519: z.string(),
        self: z.boolean(),
        reachable: maybe(z.boolean()),
        tested_age_ms: maybe(count),
        answer_ms: maybe(count),
      }),
    ),
  ),
  warnings: maybe(z.array(z.object({ severity: z.string(), text: z.string(), remedy: z.string() }))),
});

export type Standing = z.infer<typeof standing>;

/** Null for what is no such answer. */
export function readStanding(text: string): Standing | null {
  try {
    return standing.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** What the swarm-manager with this admin port says; null where it says nothing of the kind. */
export async function standingAt(adminUrl: string): Promise<Standing | null> {
  try {
    const { status, body } = await ask({ method: 'GET', url: `${adminUrl}/status` });
    return status === 200 ? readStanding(Buffer.from(body).toString('utf8')) : null;
  } catch {
    return null; // that it does not answer is told with its service
  }
}
