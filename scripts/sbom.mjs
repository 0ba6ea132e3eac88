// `npm run sbom` prints what the services are made of besides our own code, from the lock file: CycloneDX in JSON. Equal
// lock files give equal bytes, so that it may lie in a reproducible image.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** npm as it was called, so that the same version runs; otherwise the one on the PATH. */
const { npm_execpath: path, SOURCE_DATE_EPOCH: epochSeconds } = process.env;
const npm = path?.endsWith('.js') ? [process.execPath, path] : ['npm'];
const MAX_BYTES = 64 * 1_024 * 1_024;

const [program, ...first] = npm;
const options = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
const bom = JSON.parse(execFileSync(program, [...first, ...options], { encoding: 'utf8', maxBuffer: MAX_BYTES }));

// With --omit=dev npm leaves out what tests use as well as services; the lock file knows it apart.
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const ours = Object.entries(packages).filter(([place, { dev }]) => place !== '' && !dev);
const names = new Set(ours.map(([place, { version }]) => `${place.split('node_modules/').at(-1)}@${version}`));
const isOurs = (reference) => names.has(reference) || reference === bom.metadata.component['bom-ref'];
bom.components = bom.components.filter((component) => isOurs(component['bom-ref']));
bom.dependencies = bom.dependencies
  .filter(({ ref }) => isOurs(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isOurs) }));

// npm draws a number and writes the time down, and both differ each time.
delete bom.serialNumber;
delete bom.metadata.timestamp;
bom.metadata.component.name = 'starling'; // npm takes the name of the folder
if (epochSeconds) bom.metadata.timestamp = new Date(Number(epochSeconds) * 1_000).toISOString();
const digest = createHash('sha256').update(JSON.stringify(bom)).digest('hex');
bom.serialNumber = `urn:uuid:${uuidFrom(digest)}`;
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);

/** A name-based UUID in the free form of RFC 9562 (version 8). */
function uuidFrom(hex) {
  const variant = ((Number.parseInt(hex[16], 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
