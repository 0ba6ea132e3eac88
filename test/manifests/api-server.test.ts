import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { startApiServer, type ApiServer } from './api-server.js';
import { for120 } from './for-1-20.js';
import { findKubectl, kubectl } from './kubectl.js';
import { Manifests } from './manifests.js';
import { FOLDERS, renderAll, type Folder } from './rendered.js';
import { RULE_MISTAKES } from './rule-mistakes.js';
import { SCHEMA_MISTAKES } from './schema-mistakes.js';

const TIMEOUT_MS = 120_000;

const isWanted = process.env['CI_KUBERNETES'] === '1';
const describeWanted = isWanted ? describe : describe.skip;
const found = isWanted ? await findKubectl() : { missing: 'CI_KUBERNETES is not 1' };
const rendered = isWanted ? await renderAll() : { missing: 'CI_KUBERNETES is not 1' };

/** Those that a server can know of: the others are about how our parts fit. */
const FOR_A_SERVER = [
  'a misspelt field',
  'a number in words',
  'a value that is none of the allowed ones',
  'a selector that does not find its pods',
  'a port beyond the last one',
];

describeWanted(`${isWanted ? '' : '(CI_KUBERNETES is not 1) '}a real API server`, () => {
  let server: ApiServer | undefined;
  let path = '';
  beforeAll(async () => {
    if ('missing' in found) throw new Error(found.missing);
    path = found.path;
    server = await startApiServer(path);
  }, TIMEOUT_MS);
  afterAll(() => server?.stop(), TIMEOUT_MS);

  const ask = (...args: readonly string[]): Promise<string> =>
    kubectl(path, ['--kubeconfig', server?.kubeconfig ?? '', ...args]);

  const manifestsOf = (folder: Folder): Manifests => {
    if ('missing' in rendered) throw new Error(rendered.missing);
    return for120(rendered[folder]);
  };

  async function apply(manifests: Manifests, ...options: readonly string[]): Promise<string> {
    const file = `${server?.kubeconfig ?? ''}-objects.yaml`;
    await writeFile(file, manifests.objects.map((object) => stringify(object)).join('---\n'));
    return ask('apply', '-f', file, ...options);
  }

  /** A number each, which goes up with every change that replaces pods. */
  async function generations(): Promise<string[]> {
    const columns = 'custom-columns=KIND:.kind,NAME:.metadata.name,GENERATION:.metadata.generation';
    const text = await ask('get', 'deployments,statefulsets', '--all-namespaces', '--no-headers', '-o', columns);
    return text.trim().split('\n');
  }

  it.each(FOLDERS)(
    'takes %s as a whole, and replaces no pod when it comes again',
    async (folder) => {
      const manifests = manifestsOf(folder);
      const said = (await apply(manifests)).trim().split('\n');
      expect(said).toHaveLength(manifests.objects.length);
      const before = await generations();
      expect(before).toHaveLength(manifests.workloads().length);
      await apply(manifests);
      expect(await generations()).toEqual(before);
      await ask('delete', '--all-namespaces', '--all', 'deployments,statefulsets');
    },
    TIMEOUT_MS,
  );

  it.each([...SCHEMA_MISTAKES, ...RULE_MISTAKES].filter(({ what }) => FOR_A_SERVER.includes(what)))(
    'refuses what our checks refuse: $what',
    async ({ make }) => {
      await apply(new Manifests(manifestsOf('overlays/ha').of('Namespace')));
      const manifests = manifestsOf('overlays/ha');
      await apply(manifests, '--dry-run=server');
      make(manifests);
      await expect(apply(manifests, '--dry-run=server')).rejects.toThrow(
        /invalid|unknown|Unsupported|error validating/,
      );
    },
    TIMEOUT_MS,
  );
});
