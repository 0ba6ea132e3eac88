import { describe, expect, it } from '@jest/globals';
import { Manifests } from './manifests.js';
import { set, settingsOf } from './mistakes.js';
import { renderAll } from './rendered.js';
import { RULE_MISTAKES } from './rule-mistakes.js';
import { ruleProblems } from './rules/rules.js';
import { SCHEMA_MISTAKES } from './schema-mistakes.js';
import { schemaProblems } from './schema.js';

const TIMEOUT_MS = 60_000;

const rendered = await renderAll();
const itRendered = 'missing' in rendered ? it.skip : it;
const prefix = 'missing' in rendered ? `(${rendered.missing}) ` : '';

/** The overlay for several machines, with what whoever runs the node has to choose. */
function sound(): Manifests {
  if ('missing' in rendered) throw new Error(rendered.missing);
  const manifests = new Manifests(structuredClone(rendered['overlays/ha'].objects));
  set(settingsOf(manifests), { SWARM_MANAGER_NETWORK: 'example', SWARM_MANAGER_ADMINS: 'ab'.repeat(32) });
  return manifests;
}

describe(`${prefix}a mistake in the manifests`, () => {
  itRendered('is not told where there is none', () => {
    expect(ruleProblems(sound())).toEqual([]);
  });

  itRendered.each(RULE_MISTAKES)('is told: $what', ({ make, told }) => {
    const manifests = sound();
    make(manifests);
    expect(ruleProblems(manifests)).toContainEqual(expect.stringMatching(told));
  });

  itRendered(
    'is told by the schema of Kubernetes',
    () => {
      const before = sound().objects.map((object) => JSON.stringify(object));
      const changed = SCHEMA_MISTAKES.flatMap(({ make }) => {
        const manifests = sound();
        make(manifests);
        return manifests.objects.filter((object, index) => JSON.stringify(object) !== before[index]);
      });
      const problems = schemaProblems(changed).map((told) => told.join('\n'));
      expect(problems).toEqual(SCHEMA_MISTAKES.map(({ told }) => expect.stringMatching(told)));
    },
    TIMEOUT_MS,
  );
});
