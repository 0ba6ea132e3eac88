import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OtherVersion } from '#protocol';
import { PeerContract } from './peer-contract.js';
import { PeerExchange, type Abort, type AnswerSink } from './peer-exchange.js';

const HEAD = 'POST / HTTP/1.1\r\ncontent-length: 4\r\n\r\n';

class FakeSocket extends Duplex {
  written = '';
  /** Of the connection below: each is a call of the system. */
  calls = 0;

  override _read(): void {
    // pieces are pushed by the test
  }

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.calls += 1;
    this.written += piece.toString('latin1');
    done();
  }

  override _writev(pieces: { chunk: Buffer }[], done: () => void): void {
    this.calls += 1;
    for (const { chunk } of pieces) this.written += chunk.toString('latin1');
    done();
  }
}

class Sink implements AnswerSink {
  status = 0;
  body = '';
  outcome = '';
  abort: Abort = () => undefined;

  begun(abort: Abort): void {
    this.abort = abort;
  }

  head(status: number): void {
    this.status = status;
  }

  piece(bytes: Buffer): void {
    this.body += bytes.toString('latin1');
  }

  answered(): void {
    this.outcome += 'answered';
  }

  broken(cause: Error): void {
    this.outcome += cause.message;
  }

  get seen(): unknown[] {
    return [this.status, this.body, this.outcome];
  }
}

function exchanging() {
  const socket = new FakeSocket();
  const met: OtherVersion[] = [];
  const contract = new PeerContract((other) => met.push(other));
  const exchange = new PeerExchange(socket as unknown as TLSSocket, contract);
  const ask = (): Sink => {
    const sink = new Sink();
    exchange.send(HEAD, [Buffer.from('bo'), Buffer.from('dy')], sink);
    return sink;
  };
  const hear = (text: string): boolean => socket.emit('data', Buffer.from(text, 'latin1'));
  return { socket, exchange, ask, hear, met };
}

describe('an exchange with a peer', () => {
  it('sends head and body, and hears the answer in whatever pieces it comes', () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nConnection: keep-alive\r\n\r\nhello\r\n\r\nyo';
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: answer.length - 1 }), { maxLength: 8 });
    fc.assert(
      fc.property(cuts, (positions) => {
        const { socket, ask, hear } = exchanging();
        const sink = ask();
        const ends = [...positions.sort((a, b) => a - b), answer.length];
        ends.reduce((start, end) => (hear(answer.slice(start, end)), end), 0);
        expect(sink.seen).toEqual([200, 'hello\r\n\r\nyo', 'answered']);
        expect(socket.written).toBe(`${HEAD}body`);
      }),
    );
  });

  it.each([2, 16 * 1024, 70 * 1024, 1024 * 1024])('hands over head and parts of %d bytes at once', (bytes) => {
    const { socket, exchange } = exchanging();
    const parts = ['a', 'b'.repeat(bytes - 2), 'c'];
    exchange.send(
      HEAD,
      parts.map((part) => Buffer.from(part)),
      new Sink(),
    );
    expect(socket.calls).toBe(1);
    expect(socket.written).toBe(HEAD + parts.join(''));
  });

  it('is ready for the next when one is answered', () => {
    const { socket, exchange, ask, hear } = exchanging();
    for (const body of ['one', 'two']) {
      const sink = ask();
      expect(exchange.isBusy).toBe(true);
      hear(`HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n${body}`);
      expect([sink.body, sink.outcome, exchange.isBusy]).toEqual([body, 'answered', false]);
    }
    expect(socket.destroyed).toBe(false);
  });

  it.each([
    ['says so', 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nConnection: close\r\n\r\n', 503],
    ['announces no length', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', 400],
  ])('ends the connection after an answer that %s', (_name, text, status) => {
    const { socket, ask, hear } = exchanging();
    const sink = ask();
    hear(text);
    expect([...sink.seen, socket.destroyed]).toEqual([status, '', 'answered', true]);
  });

  it.each([
    ['no HTTP', 'SSH-2.0-x\r\n\r\n'],
    ['another version', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['news before the answer', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a head without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(5_000)}`],
    ['more than was announced', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab'],
  ])('breaks off at %s', (_name, text) => {
    const { socket, ask, hear } = exchanging();
    const sink = ask();
    hear(text);
    expect([sink.outcome, socket.destroyed]).toEqual(['the answer cannot be read', true]);
  });

  it.each([
    ['without a version', '', 200, []],
    ['of our own version', 'x-contract: 1\r\n', 200, []],
    ['of the next version', 'x-contract: 2\r\n', 200, ['used']],
    ['of a version that is too far', 'x-contract: 3\r\n', 505, ['refused']],
  ])('reads an answer %s to its end', (_name, line, status, outcomes) => {
    const { socket, ask, hear, met } = exchanging();
    const sink = ask();
    hear(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n${line}connection: keep-alive\r\n\r\nhi`);
    expect([...sink.seen, socket.destroyed]).toEqual([status, 'hi', 'answered', false]);
    expect(met.map(({ outcome }) => outcome)).toEqual(outcomes);
  });

  it('takes no answer to nothing', () => {
    const { socket, hear } = exchanging();
    hear('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    expect(socket.destroyed).toBe(true);
  });

  it('tells of a connection that ended, once', () => {
    const { exchange, ask, hear } = exchanging();
    const sink = ask();
    hear('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\na');
    exchange.closed();
    exchange.closed();
    expect(sink.seen).toEqual([200, 'a', 'the connection ended']);
  });

  it('sends nothing when told so before it began, and keeps the connection', () => {
    const { socket, exchange } = exchanging();
    const sink = new Sink();
    sink.begun = (abort) => abort(new Error('too late'));
    exchange.send(HEAD, [Buffer.from('bo'), Buffer.from('dy')], sink);
    expect([sink.outcome, socket.written, socket.destroyed, exchange.isBusy]).toEqual(['too late', '', false, false]);
  });

  it('ends the connection when told so later, but not that of the next exchange', () => {
    const { socket, ask, hear } = exchanging();
    const first = ask();
    hear('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    const second = ask();
    first.abort(new Error('late'));
    expect([socket.destroyed, second.outcome]).toEqual([false, '']);
    second.abort(new Error('late'));
    expect([socket.destroyed, second.outcome]).toEqual([true, 'late']);
  });
});
