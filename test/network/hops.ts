import type { TraceEvent } from '#client';

type RequestEvent = Extract<TraceEvent, { kind: 'request' }>;

/** The way of one request, by addresses. */
export interface Journey {
  readonly hops: readonly string[];
  readonly destination: string;
  /** `ok`, or what went wrong. */
  readonly outcome: string;
}

/** All requests, in the order in which they ended. */
export function journeysOf(events: readonly TraceEvent[]): Journey[] {
  return events
    .filter((event): event is RequestEvent => event.kind === 'request')
    .map(({ hops, destination, outcome }) => ({
      hops: hops.map(({ address }) => address),
      destination: destination.address,
      outcome,
    }));
}
