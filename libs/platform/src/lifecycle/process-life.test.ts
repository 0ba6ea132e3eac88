import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Log } from '../log/log.js';
import { ProcessLife, type ProcessHost } from './process-life.js';

type Listener = (...args: unknown[]) => void;

/** A process that only notes what is done to it. */
class Host implements ProcessHost {
  readonly codes: number[] = [];
  readonly #listeners = new Map<string, Listener>();
  on(event: string, listener: Listener): void {
    this.#listeners.set(event, listener);
  }
  exit(code: number): void {
    this.codes.push(code);
  }
  emit(event: string, ...args: unknown[]): void {
    this.#listeners.get(event)?.(...args);
  }
}

const noop = (): void => undefined;
const log: Log = { trace: noop, debug: noop, info: noop, warn: noop, error: noop };

describe('the life of a process', () => {
  let host: Host;
  let life: ProcessLife;
  let closed: string[];
  let finish: () => void;
  beforeEach(() => {
    host = new Host();
    life = new ProcessLife(host);
    life.listen();
    closed = [];
    const work = new Promise<void>((resolve) => (finish = resolve));
    life.add({ name: 'behind', log, close: () => Promise.resolve(void closed.push('behind')) });
    life.add({
      name: 'door',
      log,
      close: () => {
        closed.push('door');
        return work;
      },
    });
  });
  /** Until all that is due now has been done. */
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it.each(['SIGTERM', 'SIGINT'])('closes its services at %s, the last one first, and ends with 0', async (signal) => {
    host.emit(signal);
    await settled();
    expect([closed, host.codes]).toEqual([['door'], []]);
    finish();
    await settled();
    expect([closed, host.codes]).toEqual([['door', 'behind'], [0]]);
  });

  it('ends at once at a second signal', () => {
    host.emit('SIGTERM');
    host.emit('SIGINT');
    expect(host.codes).toEqual([1]);
  });

  it.each([
    ['told and signalled', ['stop', 'SIGTERM']],
    ['signalled and told', ['SIGTERM', 'stop']],
  ])('is in order when it is %s at the same time', async (_how, both) => {
    for (const each of both) {
      if (each === 'stop') life.stop();
      else host.emit(each);
    }
    await settled();
    expect([closed, host.codes]).toEqual([['door'], []]);
    finish();
    await settled();
    expect([closed, host.codes]).toEqual([['door', 'behind'], [0]]);
  });

  it('ends at once when it is told, signalled and signalled again', () => {
    life.stop();
    host.emit('SIGTERM');
    host.emit('SIGTERM');
    expect(host.codes).toEqual([1]);
  });
});
