import type { Manifests } from '../manifests.js';
import { objectProblems } from './objects.js';
import { podProblems } from './pods.js';
import { referenceProblems } from './references.js';
import { settingsProblems } from './settings.js';
import { stoppingProblems } from './stopping.js';

/** What is wrong with manifests that the schema has no objection to: one sentence each. */
export const ruleProblems = (manifests: Manifests): string[] =>
  [podProblems, referenceProblems, objectProblems, settingsProblems, stoppingProblems].flatMap((rule) =>
    rule(manifests),
  );
