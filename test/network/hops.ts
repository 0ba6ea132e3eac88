import type { TraceEvent } from '#client';

type RequestEvent = Extract<TraceEvent, { kind: 'request' }>;

/** Hops and destination of every request that was answered, by address. */
export function hopsOf(events: readonly TraceEvent[]): { hops: string[]; destination: string }[] {
  return events
    .filter((event): event is RequestEvent => event.kind === 'request' && event.outcome === 'ok')
    .map(({ hops, destination }) => ({ hops: hops.map(({ address }) => address), destination: destination.address }));
}
