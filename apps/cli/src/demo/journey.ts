import type { MemberAnswer, NodeName, TraceEvent } from '#client';

/** One request through an onion. */
export interface OnionTrip {
  readonly method: string;
  readonly hops: readonly NodeName[];
  readonly destination: NodeName;
  readonly ms: number;
}

/** What one message did on its way, put together from what the two clients report. */
export interface Journey {
  readonly swarmId: string;
  readonly members: readonly NodeName[];
  readonly lookup: OnionTrip | null;
  readonly store: OnionTrip | null;
  readonly answers: readonly MemberAnswer[];
  readonly fetches: readonly OnionTrip[];
}

/** Reads the events of sender and recipient between the start of a message and its arrival. */
export function journeyOf(sender: readonly TraceEvent[], recipient: readonly TraceEvent[]): Journey {
  const found = sender.findLast((event) => event.kind === 'swarm-found');
  const stored = sender.findLast((event) => event.kind === 'stored');
  const trips = tripsIn(sender);
  return {
    swarmId: found?.swarmId ?? '',
    members: found?.members ?? [],
    lookup: trips.findLast(({ method }) => method.includes('get_swarm')) ?? null,
    store: trips.findLast(({ method }) => method.includes('store')) ?? null,
    answers: stored?.answers ?? [],
    fetches: tripsIn(recipient).filter(({ method }) => method.includes('retrieve')),
  };
}

function tripsIn(events: readonly TraceEvent[]): OnionTrip[] {
  return events.filter((event) => event.kind === 'request').filter(({ outcome }) => outcome === 'ok');
}
