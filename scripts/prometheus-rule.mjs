// `npm run generate:rules` writes the rules of monitoring/prometheus/rules.yml as an object for the Prometheus operator,
// since kustomize takes no file from outside its folder; test/manifests fails when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { parse, stringify } from 'yaml';
import { ROOT } from './lib/prepare.mjs';

const RULES = 'monitoring/prometheus/rules.yml';
const FILE = join(ROOT, 'k8s/components/prometheus-operator/prometheus-rule.yaml');

const object = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: {
    name: 'starling',
    labels: { 'app.kubernetes.io/name': 'starling', 'app.kubernetes.io/part-of': 'starling' },
  },
  spec: parse(readFileSync(join(ROOT, RULES), 'utf8')),
};
const text = `# ${RULES} for the Prometheus operator, written by \`npm run generate:rules\`.\n${stringify(object, { lineWidth: 0 })}`;
writeFileSync(FILE, await format(text, { ...(await resolveConfig(FILE)), parser: 'yaml' }));
