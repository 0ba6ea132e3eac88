import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { LineMeter } from './line-meter.js';

class Connection extends EventEmitter {
  bytesRead = 0;
  bytesWritten = 0;

  constructor(readonly encrypted?: boolean) {
    super();
  }

  move(read: number, written: number): void {
    this.bytesRead += read;
    this.bytesWritten += written;
  }
}

describe('the meter of the line', () => {
  let meter: LineMeter;
  beforeEach(() => {
    meter = new LineMeter();
  });

  it('adds up what connections moved, while they stand and when they have ended', () => {
    const [one, other] = [new Connection(), new Connection()];
    meter.accepted(one, 'public');
    meter.accepted(other, 'public');
    one.move(100, 20);
    expect(meter.read().public).toEqual({ received: 100, sent: 20 });
    one.move(1, 2);
    one.emit('close');
    other.move(1_000, 0);
    expect(meter.read().public).toEqual({ received: 1_101, sent: 22 });
    expect(meter.bytes).toBe(1_123);
  });

  it('keeps those with clients, nodes and servers apart', () => {
    const [client, node, server] = [new Connection(), new Connection(), new Connection(false)];
    meter.accepted(client, 'public');
    meter.accepted(node, 'peer');
    meter.dialled(server, 'outside');
    client.move(1, 0);
    node.move(2, 0);
    server.move(3, 0);
    const { public: clients, peer, next_hop: hops, outside } = meter.read();
    expect([clients, peer, hops, outside].map(({ received }) => received)).toEqual([1, 2, 0, 3]);
  });

  it('adds handshake and records to the clear text of what we dialled', () => {
    const hop = new Connection(true);
    meter.dialled(hop, 'next_hop');
    const { received, sent } = { ...meter.read().next_hop };
    expect(Math.min(received, sent)).toBeGreaterThan(0);
    hop.move(10_000, 20_000);
    expect(meter.read().next_hop).toEqual({ received: received + 10_100, sent: sent + 20_200 });
  });
});
