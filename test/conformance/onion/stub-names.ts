import { HostNames } from '../../../apps/relay/src/outside/host-names.js';

/** A name server that a stranger runs: each name has its answers one after the other, the last one for ever. */
export class StubNames extends HostNames {
  /** The names that were asked for, in order. */
  readonly asked: string[] = [];

  constructor(private readonly answers: Readonly<Record<string, readonly (readonly string[])[]>>) {
    super();
  }

  override resolve(name: string): Promise<readonly string[]> {
    const before = this.asked.filter((each) => each === name).length;
    this.asked.push(name);
    const all = this.answers[name] ?? [];
    return Promise.resolve(all[Math.min(before, all.length - 1)] ?? []);
  }

  /** What the operator allowed is on this machine. */
  override resolveTrusted(): Promise<readonly string[]> {
    return Promise.resolve(['127.0.0.1']);
  }
}
