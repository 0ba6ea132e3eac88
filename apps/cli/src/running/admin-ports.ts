import type { Command } from 'commander';
import { givenSettings, settingsReports } from '../config/given-settings.js';
import { nodeFacts } from '../config/node-facts.js';
import { SERVICES } from '../config/services.js';
import type { ServiceName } from '../config/services.js';
import { Problem, UsageProblem } from '../problems.js';

/** Where a service of a node tells how it is. */
export interface AdminPort {
  readonly service: ServiceName;
  readonly url: string;
}

export interface SettingsOption {
  readonly envFile?: string;
}

/** The ports that services have when nothing else is set. docs/operators/settings.md */
const LOCAL: readonly AdminPort[] = [
  { service: 'relay', url: 'http://127.0.0.1:9101' },
  { service: 'storage', url: 'http://127.0.0.1:9102' },
  { service: 'swarm-manager', url: 'http://127.0.0.1:9103' },
];

export function addSettingsOption(command: Command): void {
  command.option('--env-file <file>', 'file with the settings of the node (default: the environment)');
}

/**
 * Of the services that the settings name; the usual ports of this machine where there are none. Throws Problem for a
 * composition, whose ports nobody outside reaches, and for settings that cannot be used.
 */
export async function adminPorts(env: NodeJS.ProcessEnv, { envFile }: SettingsOption): Promise<readonly AdminPort[]> {
  const hasSettings = Object.keys(env).some((name) => SERVICES.some(({ prefix }) => name.startsWith(prefix)));
  if (envFile === undefined && !hasSettings) return LOCAL;
  const given = await givenSettings(env, envFile);
  const { admin, isComposed } = nodeFacts(given, settingsReports(given));
  if (isComposed) {
    throw new Problem('Admin ports of a composition are reached inside it only: run this in one of its containers.');
  }
  if (admin.length > 0) return admin;
  throw new Problem(`The settings in ${given.origin} cannot be used: \`starling config check\` says why.`);
}

/** The address of an admin port as a person writes it. Throws UsageProblem. */
export function readAdminUrl(text: string): string {
  try {
    const { protocol, origin } = new URL(text.includes('://') ? text : `http://${text}`);
    if (protocol === 'http:') return origin;
  } catch {
    // told below
  }
  throw new UsageProblem(`${text} is no address of an admin port, such as http://127.0.0.1:9101.`);
}
