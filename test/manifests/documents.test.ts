import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { ManualPage } from '../manual/manual-page.js';
import { StandIn } from '../manual/stand-in.js';
import { findKubectl, kubectl } from './kubectl.js';
import { ROOT } from './rendered.js';
import { GIVEN } from './rules/objects.js';

const TIMEOUT_MS = 60_000;
const KEY = `${'0f'.repeat(32)}\n`;
const LIST = '{"list":"of a test"}';

const found = await findKubectl();
const path = 'path' in found ? found.path : '';
const describeWithKubectl = 'missing' in found ? describe.skip : describe;
const prefix = 'missing' in found ? `(${found.missing}) ` : '';

/** What a cluster would get is printed, by kubectl itself where it makes it, and everything else is refused. */
const WITHOUT_CLUSTER = `
echo ---
case " $* " in
  *' --dry-run=client '*) exec "${path}" "$@" ;;
  *' create '*) exec "${path}" "$@" --dry-run=client -o yaml ;;
  ' apply -k '*) exec "${path}" kustomize "$3" ;;
  ' apply -f '*) exec cat "$3" ;;
  ' replace -f - ') exec cat ;;
esac
echo "kubectl $* needs a cluster" >&2
exit 1`;

interface Made {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
}

const objectsIn = (text: string): Made[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as Made | null)
    .filter((object) => object !== null);
const decoded = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString();

describeWithKubectl(`${prefix}the commands for a cluster`, () => {
  const pages = [ManualPage.read('k8s/README.md'), ManualPage.read('docs/operators/kubernetes.md')];
  let machine: StandIn;
  beforeEach(async () => {
    machine = await StandIn.make({ kubectl: WITHOUT_CLUSTER });
    await cp(join(ROOT, 'k8s'), join(machine.home, 'k8s'), { recursive: true });
    await writeFile(join(machine.home, 'node.key'), KEY);
    await writeFile(join(machine.home, 'network.json'), LIST);
    await copyMyNode();
  });
  afterEach(() => machine.remove());

  /** As the page says: with the paths corrected. */
  async function copyMyNode(): Promise<void> {
    const copy = join(machine.home, 'my-node');
    await cp(join(ROOT, 'k8s/examples/my-node'), copy, { recursive: true });
    const file = join(copy, 'kustomization.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('../../', '../k8s/'));
  }

  it.each(pages)(
    'in $path make what the manifests leave to whoever runs the node, and that node',
    async (page) => {
      const made = objectsIn(await machine.run(page.takeAll()));
      const [namespace, secret, list, ...rest] = made;
      expect(namespace).toMatchObject({ kind: 'Namespace', metadata: { name: 'starling' } });
      expect(secret).toMatchObject({ kind: 'Secret', metadata: { name: 'starling-node', namespace: 'starling' } });
      expect(Object.keys(secret?.data ?? {}).sort()).toEqual([...(GIVEN.Secret['starling-node'] ?? [])].sort());
      expect(decoded(secret?.data?.['node.key'])).toBe(KEY);
      for (const server of ['nats', 'redis']) {
        expect(decoded(secret?.data?.[`${server}-password`])).toMatch(/^[0-9a-f]{48}$/);
      }
      const given = { kind: 'ConfigMap', metadata: { name: 'starling-network', namespace: 'starling' } };
      expect(list).toMatchObject({ ...given, data: { 'network.json': LIST } });

      const node = objectsIn(await kubectl(path, ['kustomize', join(ROOT, 'k8s/examples/my-node')]));
      expect(rest.slice(0, node.length)).toEqual(node);
      expect(node.length).toBeGreaterThan(20);
      for (const replaced of rest.slice(node.length)) expect(replaced).toEqual(list);
    },
    TIMEOUT_MS,
  );
});
