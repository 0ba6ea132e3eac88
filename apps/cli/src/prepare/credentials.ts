import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readIfThere, replacePublicFile } from '../files/private-file.js';
import { keepText } from './keep-text.js';

/**
 * Nobody can be this user: it is off and has no password. Its rights are those of Redis itself when it reads its file
 * after a start, and what they do not allow is lost.
 */
const NOBODY = 'user default off resetpass ~* &* +@all';
const PASSWORD_BYTES = 24;
/** At both servers. */
const USER = 'starling';
/**
 * What storage and `starling doctor` need: scripts on our own keys, and to read what Redis says of itself. Nothing that
 * empties, stops, copies or reconfigures the server.
 */
const RIGHTS =
  'resetchannels ~starling:* +@read +@write +@connection +@scripting -@dangerous -@admin +info +config|get';

/**
 * Passwords of the composition's own servers, and the files in which the servers find their users. A password that is
 * given replaces the one before; otherwise that is kept, or one is made. Returns what was made, for people.
 */
export async function prepareCredentials(
  dir: string,
  given: { readonly nats: string | undefined; readonly redis: string | undefined },
): Promise<string[]> {
  const nats = await passwordIn(join(dir, 'nats/password'), given.nats);
  const redis = await passwordIn(join(dir, 'redis/password'), given.redis);
  // In double quotes, where NATS takes the same escapes as JSON.
  const users = `authorization { user: ${USER}, password: ${JSON.stringify(nats.password)} }\n`;
  await keepText(join(dir, 'nats/users.conf'), users);
  // Redis runs as a user of its own, and learns no password: of one that was made, the hash gives nothing away.
  const hash = createHash('sha256').update(redis.password).digest('hex');
  const access = `${NOBODY}\nuser ${USER} on #${hash} ${RIGHTS}\n`;
  await keepText(join(dir, 'redis/users.acl'), access, replacePublicFile);
  return [...(nats.isMade ? ['a password for NATS'] : []), ...(redis.isMade ? ['a password for Redis'] : [])];
}

async function passwordIn(path: string, given: string | undefined): Promise<{ password: string; isMade: boolean }> {
  if (given !== undefined) {
    await keepText(path, `${given}\n`);
    return { password: given, isMade: false };
  }
  const kept = (await readIfThere(path))?.trim();
  if (kept) return { password: kept, isMade: false };
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  await keepText(path, `${password}\n`);
  return { password, isMade: true };
}
