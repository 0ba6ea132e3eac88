import type { RelayReport } from '#contracts';

const MINUTE_MS = 60_000;
/** An hour: what an operator wants to see at a glance. Longer is for Prometheus. */
const MAX_MINUTES = 60;

export interface TrafficMinute {
  /** Its beginning, by the clock of this machine. */
  readonly atMs: number;
  readonly requests: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What went through the relays of this node in the last hour, minute by minute. In memory only. */
export class TrafficHistory {
  #minutes: TrafficMinute[] = [];

  add({ requests, bytesIn, bytesOut }: Pick<RelayReport, 'requests' | 'bytesIn' | 'bytesOut'>, nowMs: number): void {
    const atMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    const last = this.#minutes.at(-1);
    const isSame = last?.atMs === atMs;
    const before = isSame ? last : { requests: 0, bytesIn: 0, bytesOut: 0 };
    if (isSame) this.#minutes.pop();
    this.#minutes.push({
      atMs,
      requests: before.requests + requests,
      bytesIn: before.bytesIn + bytesIn,
      bytesOut: before.bytesOut + bytesOut,
    });
    this.#dropOld(nowMs);
  }

  /** The oldest first; a minute of which no relay reported is missing. */
  minutes(nowMs: number): readonly TrafficMinute[] {
    this.#dropOld(nowMs);
    return this.#minutes;
  }

  /** Those ahead of us are of before the clock was set back. */
  #dropOld(nowMs: number): void {
    this.#minutes = this.#minutes
      .filter(({ atMs }) => atMs > nowMs - MAX_MINUTES * MINUTE_MS && atMs <= nowMs)
      .slice(-MAX_MINUTES);
  }
}
