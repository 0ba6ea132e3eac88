import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { IMAGE } from '../containers/engine.js';
import { BIN } from '../manifests/api-server.js';

export const PROGRAMS = ['kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

export const pathOf = (name: ProgramName): string => join(BIN, name);

/** Why no pods can run here; null where they can. */
function obstacle(): string | null {
  if (process.env['CI_KUBERNETES'] !== '1') return 'CI_KUBERNETES is not 1';
  if (IMAGE === '') return 'no image: run npm run test:kubernetes, with a container engine';
  const missing = PROGRAMS.filter((name) => !existsSync(pathOf(name)));
  if (missing.length > 0) return `no ${missing.join(', ')}: run node scripts/kubernetes-api.mjs`;
  return process.getuid?.() === 0 ? null : 'a kubelet mounts volumes, as root only';
}

const why = obstacle();

/** Elsewhere these tests are counted as skipped, and say why. */
export function describeWithKubelet(what: string, tests: () => void): void {
  if (why === null) describe(what, tests);
  else describe.skip(`(${why}) ${what}`, tests);
}
