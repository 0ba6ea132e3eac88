import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.mjs';
import { fail } from './say.mjs';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * An apt of its own in a folder, for packages and sources of one suite, which touches nothing of the machine's. The
 * value for APT_CONFIG; the archive is the one that the machine uses.
 */
export async function aptFolder(folder, suite) {
  const archive = await archiveOf();
  const empty = join(folder, 'empty');
  for (const path of ['empty', 'lists/partial', 'cache/archives/partial'])
    await mkdir(join(folder, path), { recursive: true });
  const entry = `[signed-by=${KEYRING}] ${archive} ${suite} main`;
  await writeFile(join(folder, 'sources.list'), `deb ${entry}\ndeb-src ${entry}\n`);
  await writeFile(join(folder, 'status'), '');
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': empty,
    'Dir::Etc::preferencesparts': empty,
    'Dir::State': folder,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Sandbox::User': 'root',
  };
  const file = join(folder, 'apt.conf');
  await writeFile(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name} "${value}";\n`)
      .join(''),
  );
  return file;
}

/** Where the machine has Debian from. */
async function archiveOf() {
  const { output } = await run(['apt-get', 'indextargets', '--format', '$(REPO_URI) $(ORIGIN) $(LABEL)'], {
    quiet: true,
  });
  const [archive] =
    output
      .split('\n')
      .find((line) => line.endsWith(' Debian Debian'))
      ?.split(' ') ?? [];
  return archive ?? fail('apt knows no archive of Debian here: run apt-get update first.');
}
