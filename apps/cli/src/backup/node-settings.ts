import { givenSettings, settingsReports } from '../config/given-settings.js';
import { nodeFacts } from '../config/node-facts.js';
import type { NodeFacts } from '../config/node-facts.js';
import { ConfigurationProblem, Problem } from '../problems.js';

/** A backup must not miss a part of the node because a setting is wrong. Throws ConfigurationProblem, Problem. */
export async function usableSettings(env: NodeJS.ProcessEnv, envFile: string | undefined): Promise<NodeFacts> {
  const given = await givenSettings(env, envFile);
  const reports = settingsReports(given);
  const problems = reports.flatMap((report) => report.problems);
  if (problems.length > 0) {
    throw new ConfigurationProblem(`The settings in ${given.origin} are wrong: ${problems.join('; ')}.`);
  }
  const facts = nodeFacts(given, reports, {});
  if (facts.isComposed) {
    throw new Problem(
      'Data of a composition is reached inside it only: run this in its containers, each of which has a part of the data.',
    );
  }
  return facts;
}

/** What the settings name, for people: what is not set up here is in no backup from here. */
export function partsNamed({ stateFolders, redis }: NodeFacts): string[] {
  return [
    'the key',
    ...stateFolders.map(({ path }) => path),
    ...(redis === null ? [] : [`Redis (${redis.keyPrefix}:*)`]),
  ];
}
