import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { request } from 'undici';
import { connectNats } from '#platform';
import type { TestNetwork, TestNode } from '#testing';
import { readDevnet } from '../../../apps/cli/src/devnet/devnet-file.js';
import {
  KEY_FILE,
  NATS_PASSWORD_FILE,
  passwordOf,
  REDIS_PASSWORD_FILE,
  userOf,
} from '../../../apps/cli/src/devnet/units/credentials.js';

const ANSWER_WITHIN_MS = 10_000;
const ADMIN_PATHS = ['/', '/metrics', '/status', '/health/live', '/health/ready'];

/** One thing that a node, or a server of its, lets somebody see. */
export interface Told {
  readonly where: string;
  readonly text: Buffer;
}

export async function logsOf({ nodes }: TestNetwork): Promise<Told[]> {
  return Promise.all(
    nodes.map(async (node) => ({ where: `the log of ${node.name}`, text: await readFile(node.logFile()) })),
  );
}

/** What the system tells of every process of the nodes: how it was called, and its environment. */
export async function processesOf(nodes: readonly TestNode[]): Promise<Told[]> {
  const pids = new Set(nodes.flatMap(({ pids: each }) => Object.values(each)));
  const files = [...pids].flatMap((pid) => ['environ', 'cmdline'].map((name) => `/proc/${pid}/${name}`));
  return Promise.all(files.map(async (file) => ({ where: file, text: await readFile(file) })));
}

/** The seeds of the nodes, and what they know as passwords. */
export async function secretsOf({ dir, nodes }: TestNetwork): Promise<{ what: string; value: string }[]> {
  const files = nodes.flatMap(({ name }) =>
    [KEY_FILE, NATS_PASSWORD_FILE, REDIS_PASSWORD_FILE].map((file) => ({ name, file })),
  );
  return Promise.all(
    files.map(async ({ name, file }) => ({
      what: `${file} of ${name}`,
      value: (await readFile(join(dir, 'nodes', name, file), 'utf8')).trim(),
    })),
  );
}

/** All pages of all admin ports. */
export async function adminPagesOf(nodes: readonly TestNode[]): Promise<Told[]> {
  const urls = nodes.flatMap(({ info }) => Object.values(info.admin_urls ?? {}));
  const pages = urls.flatMap((url) => ADMIN_PATHS.map((path) => `${url}${path}`));
  return Promise.all(
    pages.map(async (page) => {
      const { body, headers } = await request(page, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      return { where: page, text: Buffer.concat([Buffer.from(JSON.stringify(headers)), await bytesOf(body)]) };
    }),
  );
}

async function bytesOf(body: { arrayBuffer: () => Promise<ArrayBuffer> }): Promise<Buffer> {
  return Buffer.from(await body.arrayBuffer());
}

/** What a Redis remembers of the commands that it carried out, and of whoever sent them. */
export async function redisRecords(redis: Redis): Promise<Told[]> {
  const slow = await redis.callBuffer('SLOWLOG', 'GET', '-1');
  const refused = await redis.callBuffer('ACL', 'LOG');
  const clients = (await redis.client('LIST')) as string;
  return [
    { where: 'the slow log of Redis', text: Buffer.concat(buffersIn(slow)) },
    { where: 'the ACL log of Redis', text: Buffer.concat(buffersIn(refused)) },
    { where: 'the list of the clients of Redis', text: Buffer.from(clients) },
  ];
}

function buffersIn(value: unknown): Buffer[] {
  if (Buffer.isBuffer(value)) return [value];
  return Array.isArray(value) ? value.flatMap(buffersIn) : [];
}

/** Listens to everything that the services of the nodes say to each other: subjects, where answers go, headers. */
export class Subjects {
  readonly #heard = new Set<string>();
  readonly #ends: (() => Promise<void>)[] = [];

  static async listen({ dir, natsUrl }: TestNetwork): Promise<Subjects> {
    const devnet = await readDevnet(dir);
    if (devnet === null) throw new Error(`there is no plan in ${dir}`);
    const subjects = new Subjects();
    for (const node of devnet.nodes) {
      const credentials = { user: userOf(devnet, node), password: passwordOf(devnet, node, NATS_PASSWORD_FILE) };
      const connection = await connectNats({ url: natsUrl, ...credentials, name: 'listener' });
      connection.subscribe('>', {
        callback: (_problem, { subject, reply, headers }) => {
          subjects.#heard.add([subject, reply, ...(headers ?? [])].join(' '));
        },
      });
      await connection.flush();
      subjects.#ends.push(() => connection.close());
    }
    return subjects;
  }

  get told(): Told {
    return { where: 'the subjects of NATS', text: Buffer.from([...this.#heard].join('\n')) };
  }

  async end(): Promise<void> {
    await Promise.all(this.#ends.map((end) => end()));
  }
}
