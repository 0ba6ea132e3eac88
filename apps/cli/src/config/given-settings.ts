import { resolve } from 'node:path';
import { readConfig } from '#platform';
import { shown } from '../files/home.js';
import { readIfThere } from '../files/private-file.js';
import { ConfigurationProblem } from '../problems.js';
import { composeSchema, isOfComposition } from './compose-settings.js';
import { parseEnvFile } from './env-file.js';
import { SERVICES } from './services.js';
import type { ServiceName, ServiceSettings } from './services.js';

/** `compose`: names of docker-compose.yml's own, from which the services get theirs. */
export type SettingsKind = 'services' | 'compose';

export interface GivenSettings {
  /** Where they come from, for people. */
  readonly origin: string;
  /** Null: this process's environment. */
  readonly file: string | null;
  readonly kind: SettingsKind;
  readonly values: Readonly<Record<string, string | undefined>>;
}

/** What the settings of one service, or of the composition, come to. */
export interface SettingsReport {
  readonly of: ServiceName | 'compose';
  /** Null where they cannot be used, or none is given. */
  readonly config: Readonly<Record<string, unknown>> | null;
  /** How many are given; 0 for a service that does not run here. */
  readonly given: number;
  /** Sentences of the form `NAME: what is wrong; what to do`. */
  readonly problems: readonly string[];
}

/** Names for Docker Compose itself may stand in its `.env` too. */
const OF_COMPOSE_ITSELF = /^(COMPOSE|DOCKER)_/;

/** From the file that was named, otherwise from the environment. Throws Problem, ConfigurationProblem. */
export async function givenSettings(env: NodeJS.ProcessEnv, envFile: string | undefined): Promise<GivenSettings> {
  if (envFile === undefined) return { origin: 'the environment', file: null, kind: 'services', values: env };
  const file = resolve(envFile);
  const text = await readIfThere(file);
  if (text === null) throw new ConfigurationProblem(`${shown(file)} does not exist: name another --env-file.`);
  const values = parseEnvFile(text, shown(file));
  return { origin: shown(file), file, kind: kindOf(Object.keys(values)), values };
}

/**
 * As if these services alone were set up here: inside a container of one of them what it needs of the others is not at
 * hand. Throws ConfigurationProblem for the settings of a composition, which are of all.
 */
export function onlyOf(given: GivenSettings, names: readonly ServiceName[]): GivenSettings {
  if (given.kind === 'compose') {
    throw new ConfigurationProblem(`${given.origin} is for all services of a composition: leave out --only.`);
  }
  const prefixes = SERVICES.filter(({ name }) => names.includes(name)).map(({ prefix }) => prefix);
  const isWanted = ([name]: [string, unknown]): boolean => prefixes.some((prefix) => name.startsWith(prefix));
  return { ...given, values: Object.fromEntries(Object.entries(given.values).filter(isWanted)) };
}

/** A composition has names of its own, and hands only some settings of the services on to them. */
function kindOf(names: readonly string[]): SettingsKind {
  const isOfServices = (name: string): boolean => SERVICES.some(({ prefix }) => name.startsWith(prefix));
  const isHandedOn = (name: string): boolean => Object.hasOwn(composeSchema.shape, name);
  if (names.some((name) => isOfServices(name) && !isHandedOn(name))) return 'services';
  return names.some(isOfComposition) || (names.length > 0 && names.every(isHandedOn)) ? 'compose' : 'services';
}

/** One report for each service that a node has, or one for the composition. Throws ConfigurationProblem when nothing is given at all. */
export function settingsReports({ origin, kind, values }: GivenSettings): SettingsReport[] {
  const isGiven = ([name, value]: [string, string | undefined]): boolean =>
    value !== undefined && value !== '' && !OF_COMPOSE_ITSELF.test(name);
  if (kind === 'compose') {
    const own = Object.fromEntries(Object.entries(values).filter(isGiven));
    return [reportOf('compose', '', composeSchema, own)];
  }
  const reports = SERVICES.flatMap(({ name, prefix, schema, isOptional = false }) => {
    const own = Object.entries(values).filter((entry) => isGiven(entry) && entry[0].startsWith(prefix));
    return own.length === 0 && isOptional ? [] : [reportOf(name, prefix, schema, Object.fromEntries(own))];
  });
  if (reports.every(({ given }) => given === 0)) {
    throw new ConfigurationProblem(
      `There is no setting of any service in ${origin}: name the file that has them with --env-file, or begin one with \`starling config sample\`.`,
    );
  }
  return reports;
}

/** Names in an env file that nothing reads; a misspelt prefix hides a setting from its service. */
export function strayNames({ file, kind, values }: GivenSettings): string[] {
  if (file === null || kind === 'compose') return [];
  return Object.keys(values).filter((name) => !SERVICES.some(({ prefix }) => name.startsWith(prefix)));
}

function reportOf(
  of: SettingsReport['of'],
  prefix: string,
  schema: ServiceSettings['schema'],
  own: Record<string, string | undefined>,
): SettingsReport {
  const given = Object.keys(own).length;
  if (given === 0) return { of, config: null, given, problems: [] };
  try {
    return { of, config: readConfig(schema, prefix, own), given, problems: [] };
  } catch (cause) {
    // By name: the error may come from another realm, as in a test runner.
    if (!(cause instanceof Error && cause.name === 'ConfigError' && 'problems' in cause)) throw cause;
    return { of, config: null, given, problems: cause.problems as readonly string[] };
  }
}
