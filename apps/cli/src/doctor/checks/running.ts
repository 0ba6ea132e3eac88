import { sentenceOf } from '../../problems.js';
import { ask } from '../../http/ask.js';
import { fail, pass, skip, warn } from '../finding.js';
import type { Finding } from '../finding.js';
import type { NodeFacts } from '../../config/node-facts.js';

/** Whether the services run and can do their work, by their own account; and what the relay measures. */
export async function checkServices({
  admin,
  isComposed,
}: NodeFacts): Promise<{ relayMetrics: string | null; findings: Finding[] }> {
  if (isComposed) {
    return {
      relayMetrics: null,
      findings: [skip('services', 'see `docker compose ps`, or run doctor in a container')],
    };
  }
  const findings = await Promise.all(admin.map(({ service, url }) => serviceFinding(service, url)));
  const relay = admin.find(({ service }) => service === 'relay');
  return { relayMetrics: relay === undefined ? null : await metricsAt(relay.url), findings };
}

async function serviceFinding(service: string, url: string): Promise<Finding> {
  try {
    const { status, body } = await ask({ method: 'GET', url: `${url}/health/ready` });
    if (status === 200) return pass(service, 'runs and is ready');
    const text = Buffer.from(body).toString('utf8');
    return fail(service, `runs and is not ready: ${problemsIn(text)}`, 'mend what it names; its log says more');
  } catch (cause) {
    const says = `does not run, or its admin port does not answer (${codeOf(cause)}): it could not be asked`;
    return warn(service, says, 'start it, then run doctor again');
  }
}

function problemsIn(text: string): string {
  try {
    const { problems } = JSON.parse(text) as { problems?: Record<string, string> };
    return Object.values(problems ?? {}).join(', ') || 'it does not say why';
  } catch {
    return 'it does not say why';
  }
}

/** Null when nothing answers. */
async function metricsAt(url: string): Promise<string | null> {
  try {
    return Buffer.from((await ask({ method: 'GET', url: `${url}/metrics` })).body).toString('utf8');
  } catch {
    return null; // that it does not run is told already
  }
}

export const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : sentenceOf(cause);
