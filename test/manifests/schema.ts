import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Service } from 'kubernetes-models/v1/Service';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import ts from 'typescript';
import { titleOf, type Kind, type Manifest } from './manifests.js';

interface Model {
  new (data: never): { validate(): void };
  readonly apiVersion: string;
  readonly kind: string;
}

const MODELS = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Namespace,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  PrometheusRule,
  Service,
  ServiceMonitor,
  StatefulSet,
} satisfies Readonly<Record<Kind, Model>>;
/** A file may have any kind. */
const MODEL_OF: Readonly<Record<string, Model>> = MODELS;

/** Never written: it lives in the compiler's memory, beside this file so that packages are found. */
const CHECKED_FILE = join(dirname(fileURLToPath(import.meta.url)), 'objects-to-check.ts');

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es5.d.ts'], // the least in which the types make sense
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
};

/**
 * What the API would not take of each object, in the order of the objects. The compiler knows the types of a release of
 * Kubernetes and refuses fields that they do not have; the models check what types cannot say, such as formats.
 */
export function schemaProblems(objects: readonly Manifest[]): string[][] {
  const typed = typeProblems(objects);
  return objects.map((object, index) => [...(typed[index] ?? []), ...modelProblems(object)]);
}

function modelProblems(object: Manifest): string[] {
  const model = MODEL_OF[object.kind];
  if (model?.apiVersion !== object.apiVersion) {
    return [`${titleOf(object)}: ${object.apiVersion} is not an API that the manifests use`];
  }
  try {
    new model(object as never).validate();
    return [];
  } catch (cause) {
    return [`${titleOf(object)}: ${cause instanceof Error ? cause.message : String(cause)}`];
  }
}

/** All in one program: its types are read once. */
function typeProblems(objects: readonly Manifest[]): string[][] {
  const known = objects.map((object) => object.kind in MODELS);
  const blocks = objects.map((object, index) =>
    known[index] ? `export const o${index}: I${object.kind} = ${JSON.stringify(object, null, 1)};` : '//',
  );
  const text = [...imports(), ...blocks].join('\n');
  const starts = blocks.map((block) => text.indexOf(block)); // each block has its own name
  const found: string[][] = objects.map(() => []);
  const source = ts.createSourceFile(CHECKED_FILE, text, OPTIONS.target ?? ts.ScriptTarget.Latest, true);
  for (const { start = 0, messageText } of programOf(source).getSemanticDiagnostics(source)) {
    const index = starts.findLastIndex((from, at) => known[at] && from <= start);
    const object = objects[index];
    if (object === undefined) throw new Error(ts.flattenDiagnosticMessageText(messageText, ' '));
    const line = text.slice(start, text.indexOf('\n', start));
    found[index]?.push(`${titleOf(object)}: ${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  }
  return found;
}

const imports = (): string[] =>
  Object.values(MODELS).map(({ apiVersion, kind }) => {
    const group = apiVersion.startsWith('monitoring.coreos.com/')
      ? '@kubernetes-models/prometheus-operator'
      : 'kubernetes-models';
    return `import type { I${kind} } from '${group}/${apiVersion}/${kind}';`;
  });

function programOf(source: ts.SourceFile): ts.Program {
  const host = ts.createCompilerHost(OPTIONS);
  const onDisk = host.getSourceFile.bind(host);
  const isThere = host.fileExists.bind(host);
  host.getSourceFile = (name, ...rest) => (name === CHECKED_FILE ? source : onDisk(name, ...rest));
  host.fileExists = (name) => name === CHECKED_FILE || isThere(name);
  return ts.createProgram({ rootNames: [CHECKED_FILE], options: OPTIONS, host });
}
