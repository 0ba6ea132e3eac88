import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { WebSocket } from 'ws';
import { findBinary } from '#testing';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** A browser that starts on a busy machine. */
const START_TIMEOUT_MS = 60_000;
const END_TIMEOUT_MS = 5_000;
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--remote-debugging-port=0',
];

type Fields = Record<string, unknown>;
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
}

/** Null where none is installed. */
export const findChromium = (): string | null => findBinary(NAMES);

/** One page of a headless browser, spoken to by its own protocol. */
export class Chromium {
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #listeners = new Set<(method: string, params: Fields) => void>();
  #next = 0;
  #session: string | undefined;

  private constructor(
    private readonly child: ChildProcessByStdio<null, null, Readable>,
    private readonly socket: WebSocket,
    private readonly profile: string,
  ) {
    socket.on('message', (data: Buffer) => this.#hear(JSON.parse(data.toString()) as Message));
  }

  static async start(path: string): Promise<Chromium> {
    const profile = await mkdtemp(join(tmpdir(), 'starling-chromium-'));
    const args = [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'];
    const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const socket = new WebSocket(await addressIn(child.stderr));
    await once(socket, 'open');
    const browser = new Chromium(child, socket, profile);
    const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
    browser.#session = String(sessionId);
    for (const domain of ['Page', 'Network', 'Runtime', 'Log', 'Accessibility']) await browser.send(`${domain}.enable`);
    return browser;
  }

  /** A command of the protocol. Throws what the browser has against it. */
  send(method: string, params: Fields = {}): Promise<Fields> {
    this.#next += 1;
    const id = this.#next;
    const message = { id, method, params, ...(this.#session === undefined ? {} : { sessionId: this.#session }) };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
      this.socket.send(JSON.stringify(message));
    });
  }

  /** Told of each event from now on. */
  onEvent(listener: (method: string, params: Fields) => void): void {
    this.#listeners.add(listener);
  }

  /** Returns when the page and what it needs are loaded. */
  async open(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => {
      this.onEvent((method) => {
        if (method === 'Page.loadEventFired') resolve();
      });
    });
    await this.send('Page.navigate', { url });
    await loaded;
  }

  /** The value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const { result } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    return (result as { value?: unknown }).value;
  }

  async stop(): Promise<void> {
    this.socket.close();
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), END_TIMEOUT_MS);
    await ended;
    clearTimeout(impatience);
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #hear({ id, method, params, ...rest }: Message): void {
    if (id !== undefined) {
      this.#waiting.get(id)?.(rest);
      this.#waiting.delete(id);
    } else if (method !== undefined) {
      for (const listener of this.#listeners) listener(method, params ?? {});
    }
  }
}

/** Where it listens; it says so when it does. */
function addressIn(stderr: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the browser does not start')), START_TIMEOUT_MS);
    createInterface(stderr).on('line', (line) => {
      const [, address] = /^DevTools listening on (\S+)/.exec(line) ?? [];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}
