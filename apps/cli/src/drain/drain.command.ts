import { setTimeout as pause } from 'node:timers/promises';
import { finish } from '../command.js';
import type { AddCommand, Context, Outcome } from '../command.js';
import { Interrupted, Problem } from '../problems.js';
import { addSettingsOption, adminPorts, readAdminUrl } from '../running/admin-ports.js';
import type { SettingsOption } from '../running/admin-ports.js';
import { metricsAt } from '../running/metrics.js';
import { isHere, processBehind, terminate } from '../running/service-process.js';
import type { ServiceProcess } from '../running/service-process.js';
import { interruption } from '../terminal/interrupt.js';

interface Options extends SettingsOption {
  readonly admin?: string;
}

/** A service cuts off after a minute whatever has not ended; the rest is for a busy machine. */
const PATIENCE_MS = 70_000;
const LOOK_AGAIN_MS = 250;

export const addDrain: AddCommand = (parent, world) => {
  const command = parent.command('drain').description('let a running relay serve whoever is connected, and then end');
  addSettingsOption(command);
  command.option('--admin <url>', 'its admin port, such as http://127.0.0.1:9101 (default: as its settings say)');
  finish<Options>(command, world, drain);
};

async function drain({ env, terminal }: Context, options: Options): Promise<Outcome> {
  const adminUrl = await relayAdminUrl(env, options);
  const relay = await processBehind(adminUrl);
  if (!(await isHere(relay))) {
    throw new Problem(
      `The relay at ${adminUrl} is not a process of this machine (a container?): stop it where it runs, which drains it too.`,
    );
  }
  if ((await metricsAt(adminUrl)).value('relay_requests_in_flight') === null) {
    throw new Problem(`What answers at ${adminUrl} is no relay: name its admin port with --admin.`);
  }
  terminate(relay);
  const progress = terminal.progress('draining');
  try {
    await untilGone(relay, async () => progress.update(await requestsLeft(adminUrl)));
  } finally {
    progress.end();
  }
  return { json: { drained: true, pid: relay.pid }, lines: [`The relay has ended (process ${relay.pid}).`] };
}

async function relayAdminUrl(env: NodeJS.ProcessEnv, { envFile, admin }: Options): Promise<string> {
  if (admin !== undefined) return readAdminUrl(admin);
  const relay = (await adminPorts(env, { envFile })).find(({ service }) => service === 'relay');
  if (relay !== undefined) return relay.url;
  throw new Problem('The settings name no relay: name its admin port with --admin.');
}

/** Throws Problem when it still runs after all the time that it has; Interrupted leaves it draining. */
async function untilGone(relay: ServiceProcess, look: () => Promise<void>): Promise<void> {
  const { signal: interrupted, release } = interruption();
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  try {
    while (await isHere(relay)) {
      if (interrupted.aborted) throw new Interrupted();
      if (deadline.aborted) throw new Problem(`Process ${relay.pid} still runs; its log says what it waits for.`);
      await look();
      await pause(LOOK_AGAIN_MS, undefined, { signal: interrupted }).catch(() => undefined);
    }
  } finally {
    release();
  }
}

/** Its admin port may be gone before it is. */
async function requestsLeft(adminUrl: string): Promise<string> {
  const metrics = await metricsAt(adminUrl).catch(() => null);
  const count = metrics?.value('relay_requests_in_flight') ?? null;
  return count === null ? 'the last connections' : `${count} requests at work`;
}
