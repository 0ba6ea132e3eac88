import { Manifests, type Manifest } from './manifests.js';

/** Kinds that a Kubernetes has only when an operator brought them. */
const OF_OPERATORS = ['ServiceMonitor', 'PrometheusRule'];

/** What an API server of 1.20 calls the APIs that have settled since. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  'policy/v1': 'policy/v1beta1',
  'autoscaling/v2': 'autoscaling/v2beta2',
};

/**
 * The manifests in the words of Kubernetes 1.20, the last whose API server can be built from Debian's sources: older
 * names of APIs, a pause by a program, no ranges of ports. What operators bring is left out.
 */
export function for120(manifests: Manifests): Manifests {
  const copies = structuredClone(manifests.objects.filter(({ kind }) => !OF_OPERATORS.includes(kind)));
  return new Manifests(copies.map(older));
}

function older(object: Manifest): Manifest {
  const apiVersion = OLD_NAMES[object.apiVersion] ?? object.apiVersion;
  const renamed = { ...object, apiVersion } as Manifest;
  switch (renamed.kind) {
    case 'Deployment':
    case 'StatefulSet':
      for (const { lifecycle } of renamed.spec?.template.spec?.containers ?? []) {
        const seconds = lifecycle?.preStop?.sleep?.seconds;
        if (lifecycle !== undefined && seconds !== undefined) {
          lifecycle.preStop = { exec: { command: ['node', '-e', `setTimeout(() => {}, ${seconds * 1_000})`] } };
        }
      }
      return renamed;
    case 'NetworkPolicy':
      for (const { ports = [] } of renamed.spec?.egress ?? []) {
        for (const range of ports.filter(({ endPort }) => endPort !== undefined)) {
          delete range.endPort;
          delete range.port; // and so all of them
        }
      }
      return renamed;
    default:
      return renamed;
  }
}
