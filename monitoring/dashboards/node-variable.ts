import { DatasourceVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';

const VARIABLE = 'node';

/** As monitoring/grafana/provisioning has it. */
const PROVISIONED = { text: 'Prometheus', value: 'prometheus' };

/** Every panel asks the Prometheus that is chosen at the top: there is one a node, so that choosing it is choosing a node. */
export const NODE = { type: 'prometheus', uid: `\${${VARIABLE}}` };

export const nodeVariable = (): DatasourceVariableBuilder =>
  new DatasourceVariableBuilder(VARIABLE)
    .label('Node')
    .description('The Prometheus that watches it')
    .type('prometheus')
    .current(PROVISIONED);
