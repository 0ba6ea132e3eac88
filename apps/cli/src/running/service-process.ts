import { z } from 'zod';
import { aliveOnes } from '../devnet/run/process-record.js';
import { ask } from '../http/ask.js';
import { Problem, sentenceOf, systemCodeOf } from '../problems.js';

const live = z.object({ pid: z.int().positive(), began: z.string().nullable() });

/** A running service, by the number of its process and when that began. */
export interface ServiceProcess {
  readonly pid: number;
  readonly began: string;
}

/** What the service behind an admin port says of its process. Throws Problem. */
export async function processBehind(adminUrl: string): Promise<ServiceProcess> {
  const { body } = await ask({ method: 'GET', url: `${adminUrl}/health/live` }).catch((cause: unknown) => {
    throw new Problem(`Nothing answers at ${adminUrl} (${systemCodeOf(cause) ?? sentenceOf(cause)}).`);
  });
  const said = live.safeParse(jsonIn(body)).data;
  if (said === undefined) throw new Problem(`What answers at ${adminUrl} is no service of this version.`);
  const { pid, began } = said;
  if (began === null)
    throw new Problem(`This system does not tell when a process began: send SIGTERM to ${pid} yourself.`);
  return { pid, began };
}

/** False for a process of another machine or container, whatever has its number here. */
export async function isHere(process: ServiceProcess): Promise<boolean> {
  return (await aliveOnes([{ role: 'service', ...process }])).length > 0;
}

/** Throws Problem when this user may not. */
export function terminate({ pid }: ServiceProcess): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (cause) {
    if (systemCodeOf(cause) === 'ESRCH') return; // it has ended
    throw new Problem(`Process ${pid} belongs to another user: run this as the user of the service.`);
  }
}

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}
