import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  bencode,
  decodeMessage,
  encodeMessage,
  encodeNotification,
  utf8,
  type MessagePart,
  type Notification,
} from '#protocol';
import { Account } from '../account/account.js';
import { StreamConnection } from './stream-connection.js';
import { CommandRefused, StreamEnded, StreamTimeout, SubscriptionRefused } from './stream-errors.js';
import { subscribe } from './subscribe.js';
import type { WebSocketLike } from './web-socket.js';

interface AnyEvent {
  readonly data: unknown;
  readonly code: number;
  readonly reason: string;
}

type Listener = (event: AnyEvent) => void;

/** A socket whose other end is the test. */
class TestSocket implements WebSocketLike {
  binaryType = '';
  readonly sent: string[][] = [];
  private readonly listeners: [type: string, listener: Listener][] = [];

  constructor(readonly url: string) {}

  send(data: Uint8Array): void {
    this.sent.push(decodeMessage(data).map((part) => Buffer.from(part).toString('latin1')));
  }

  close(): void {
    this.emit('close', { code: 1000, reason: '' });
  }

  addEventListener(type: string, listener: Listener): void {
    this.listeners.push([type, listener]);
  }

  emit(type: string, event: Partial<AnyEvent> = {}): void {
    const whole = { data: undefined, code: 1006, reason: '', ...event };
    for (const [wanted, listener] of this.listeners) if (wanted === type) listener(whole);
  }

  receive(...parts: MessagePart[]): void {
    this.receiveBytes(encodeMessage(parts));
  }

  receiveBytes(bytes: Uint8Array): void {
    this.emit('message', { data: Uint8Array.from(bytes).buffer });
  }
}

describe('a stream to a node', () => {
  let socket: TestSocket;
  const openSocket = (url: string): WebSocketLike => (socket = new TestSocket(url));
  const open = async (): Promise<StreamConnection> => {
    const opening = StreamConnection.open({ url: 'https://192.0.2.1:22021/', openSocket, timeoutMs: 1_000 });
    socket.emit('open');
    return opening;
  };
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0); // nothing waits any more
    jest.useRealTimers();
  });

  it('opens at the path of the node, for bytes', async () => {
    await open();
    expect([socket.url, socket.binaryType]).toEqual(['wss://192.0.2.1:22021/stream/v1', 'arraybuffer']);
  });

  it('gives each answer to its question, in whatever order they come', async () => {
    const stream = await open();
    const [one, other] = [stream.call('info'), stream.call('retrieve', '{"a":1}')];
    expect(socket.sent).toEqual([
      ['storage.info', '1', ''],
      ['storage.retrieve', '2', '{"a":1}'],
    ]);
    socket.receive('REPLY', '2', '406', 'too far');
    socket.receive('REPLY', '1', '{"t":5}');
    expect([(await one).status, (await one).json()]).toEqual([200, { t: 5 }]);
    expect([(await other).status, (await other).text]).toEqual([406, 'too far']);
  });

  it("reads bencoded answers, and passes over what is nobody's", async () => {
    const stream = await open();
    const call = stream.call('info', bencode({}));
    socket.receive('REPLY', '7', 'for nobody');
    socket.receive('HELLO');
    socket.receiveBytes(utf8('not a message'));
    socket.emit('message', { data: 'text' });
    socket.receive('REPLY', '1', 'd1:ti5ee');
    expect((await call).bt()).toEqual(new Map([['t', 5]]));
  });

  it('says what the node refuses', async () => {
    const stream = await open();
    const call = stream.request('sn.ping');
    socket.receive('FORBIDDEN_SN', 'REPLY', '1');
    await expect(call).rejects.toThrow(new CommandRefused('sn.ping', 'FORBIDDEN_SN'));
  });

  it('gives up on an answer that does not come', async () => {
    const stream = await open();
    const late = expect(stream.call('info')).rejects.toThrow(StreamTimeout);
    await jest.advanceTimersByTimeAsync(1_000);
    await late;
    const next = stream.call('info');
    socket.receive('REPLY', '1', 'too late');
    socket.receive('REPLY', '2', 'in time');
    expect((await next).text).toBe('in time');
  });

  it('fails what is waiting when it ends, and whatever comes after', async () => {
    const stream = await open();
    const waiting = expect(stream.call('info')).rejects.toThrow(new StreamEnded('shutting down'));
    socket.emit('close', { code: 1001, reason: 'shutting down' });
    await waiting;
    expect(await stream.ended).toBe('shutting down');
    await expect(stream.call('info')).rejects.toThrow(StreamEnded);
  });

  it('has a bounded number of questions at a time', async () => {
    const stream = await open();
    const waiting = Array.from({ length: 64 }, () => stream.call('info'));
    await expect(stream.call('info')).rejects.toThrow(CommandRefused);
    for (const tag of waiting.keys()) socket.receive('REPLY', `${tag + 1}`, 'ok');
    expect(await Promise.all(waiting)).toHaveLength(64);
    await stream.close();
  });

  it('does not open when the node refuses or is silent', async () => {
    const refused = expect(StreamConnection.open({ url: 'https://x', openSocket })).rejects.toThrow(StreamEnded);
    socket.emit('error');
    await refused;
    const silent = expect(StreamConnection.open({ url: 'https://x', openSocket, timeoutMs: 5 })).rejects.toThrow(
      StreamTimeout,
    );
    await jest.advanceTimersByTimeAsync(5);
    await silent;
  });

  it('tells of new messages, to whoever listens', async () => {
    const stream = await open();
    const heard: Notification[] = [];
    const end = stream.onMessage((message) => heard.push(message));
    const message = {
      account: new Uint8Array(33),
      namespace: 0,
      hash: 'h',
      timestampMs: 1,
      expiryMs: 2,
      data: utf8('data'),
    };
    socket.receive('notify.message', encodeNotification(message));
    socket.receive('notify.message', 'de');
    end();
    socket.receive('notify.message', encodeNotification(message));
    expect(heard).toEqual([message]);
  });

  it('asks for subscriptions with the signature of the account', async () => {
    const stream = await open();
    const account = Account.generate((length) => new Uint8Array(length).fill(3));
    const wished = (namespaces: number[]) =>
      subscribe(stream, account, { namespaces, nowMs: 1_700_000_000_999, wantsData: true });
    const granted = wished([-5, 0]);
    expect(socket.sent[0]?.[0]).toBe('monitor.messages');
    expect(socket.sent[0]?.[2]).toMatch(/^d1:P32:[^]{32}1:di1e1:nli-5ei0ee1:s64:[^]{64}1:ti1700000000ee$/);
    socket.receive('REPLY', '1', 'd7:successi1ee');
    await granted;

    const refused = expect(wished([0])).rejects.toThrow(new SubscriptionRefused(6, 'elsewhere'));
    socket.receive('REPLY', '2', 'd7:errcodei6e5:error9:elsewheree');
    await refused;
    const busy = expect(wished([0])).rejects.toThrow(new SubscriptionRefused(0, 'busy'));
    socket.receive('REPLY', '3', '503', 'busy\n');
    await busy;
  });
});
