import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Checkout } from './checkout.js';
import { BUILD_TIMEOUT_MS, describeWithEngine, docker, IMAGE } from './engine.js';

const layersOf = async (image: string): Promise<unknown> =>
  JSON.parse(await docker(['image', 'inspect', '--format', '{{json .RootFS.Layers}}', image]));

describeWithEngine('the image, built a second time from another folder and without any cache', () => {
  it(
    'has the same layers, whatever lies beside the sources',
    async () => {
      const again = `${IMAGE}-again`;
      const checkout = await Checkout.create();
      try {
        // None of this is a source, and neither is the time at which a file was written.
        await writeFile(join(checkout.dir, '.env'), 'REDIS_PASSWORD=planted\n');
        await writeFile(join(checkout.dir, '.npmrc'), '; planted\n');
        await mkdir(join(checkout.dir, 'node'));
        await writeFile(join(checkout.dir, 'node/node.key'), `${'ab'.repeat(32)}\n`);
        await utimes(join(checkout.dir, 'package.json'), 1, 1);
        await docker(['build', '--no-cache', '--quiet', '--tag', again, checkout.dir], { timeoutMs: BUILD_TIMEOUT_MS });
        expect(await layersOf(again)).toEqual(await layersOf(IMAGE));
      } finally {
        await docker(['image', 'rm', '--force', again]);
        await checkout.remove();
      }
    },
    BUILD_TIMEOUT_MS,
  );
});
