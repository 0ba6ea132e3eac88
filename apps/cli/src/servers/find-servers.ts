import type { Terminal } from '../terminal/terminal.js';
import { ConfigurationProblem, Problem } from '../problems.js';
import { engineAnswers, ensureImage } from './container-engine.js';
import { canInstallPackages, installServerPackages } from './debian-packages.js';
import { findBinary } from './find-binary.js';
import type { ServerSource, ServerSources } from './server-source.js';

/** One kind of server and all ways to get it. */
interface Kind {
  readonly variable: string;
  readonly protocols: readonly string[];
  readonly binaries: readonly string[];
  /** The tags that docker-compose.yml uses too. */
  readonly image: string;
  readonly debianPackage: string;
}

const REDIS: Kind = {
  variable: 'STARLING_REDIS_URL',
  protocols: ['redis:', 'rediss:'],
  binaries: ['redis-server', 'valkey-server'],
  image: 'redis:7-alpine',
  debianPackage: 'redis-server',
};
const NATS: Kind = {
  variable: 'STARLING_NATS_URL',
  protocols: ['nats:', 'tls:'],
  binaries: ['nats-server'],
  image: 'nats:2-alpine',
  debianPackage: 'nats-server',
};

/**
 * Finds Redis and NATS: given by URL, as programs, through a container engine, or (as root on Debian and Ubuntu)
 * by installing them. Throws ConfigurationProblem for a bad URL and Problem when there is no way.
 */
export async function findServers(env: NodeJS.ProcessEnv, terminal: Terminal): Promise<ServerSources> {
  const found = { redis: atHand(REDIS, env), nats: atHand(NATS, env) };
  const missing = [found.redis ? null : REDIS, found.nats ? null : NATS].filter((kind) => kind !== null);
  if (missing.length > 0 && (await hasEngine(terminal))) {
    await fetchImages(missing, terminal);
    return { redis: found.redis ?? container(REDIS), nats: found.nats ?? container(NATS) };
  }
  if (missing.length > 0) await install(missing, env, terminal);
  const [redis, nats] = [atHand(REDIS, env), atHand(NATS, env)];
  if (!redis || !nats) throw new Problem(howToGet(missing));
  return { redis, nats };
}

async function hasEngine(terminal: Terminal): Promise<boolean> {
  const progress = terminal.progress('looking for a container engine');
  return engineAnswers().finally(() => progress.end());
}

function atHand(kind: Kind, env: NodeJS.ProcessEnv): ServerSource | null {
  const given = env[kind.variable];
  if (given) return { kind: 'given', urls: given.split(',').map((url) => checkedUrl(url.trim(), kind)) };
  const path = findBinary(env.PATH, kind.binaries);
  return path === null ? null : { kind: 'binary', path };
}

function container({ image }: Kind): ServerSource {
  return { kind: 'container', image };
}

function checkedUrl(text: string, { variable, protocols }: Kind): string {
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
  throw new ConfigurationProblem(`${variable}: not a URL that begins with ${protocols[0]}//; correct it or unset it.`);
}

async function fetchImages(missing: readonly Kind[], terminal: Terminal): Promise<void> {
  const progress = terminal.progress(`fetching ${missing.map(({ image }) => image).join(' and ')}`);
  try {
    for (const { image } of missing) await ensureImage(image);
  } finally {
    progress.end();
  }
}

async function install(missing: readonly Kind[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<void> {
  if (!canInstallPackages()) throw new Problem(howToGet(missing));
  const packages = missing.map(({ debianPackage }) => debianPackage);
  terminal.note(`Installing ${packages.join(' and ')} with apt-get; no service of theirs is started.`);
  const progress = terminal.progress('apt-get');
  try {
    await installServerPackages(packages, env);
  } finally {
    progress.end();
  }
}

/** One sentence with the command that fits this platform. */
function howToGet(missing: readonly Kind[]): string {
  const names = missing.map(({ debianPackage }) => debianPackage);
  const brew = names.map((name) => (name === 'redis-server' ? 'redis' : name)).join(' ');
  const commands =
    process.platform === 'darwin'
      ? `brew install ${brew}`
      : `sudo apt-get install --no-install-recommends ${names.join(' ')} (Debian, Ubuntu) or the like`;
  const variables = missing.map(({ variable }) => variable).join(' and ');
  return `A network needs ${names.join(' and ')}: run ${commands}, or start a container engine, or set ${variables}.`;
}
