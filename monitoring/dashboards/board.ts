import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type Dashboard,
  type Panel,
  type RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { nodeVariable } from './node-variable.js';

/** All dashboards of ours carry it, and each links to those that do. */
const TAG = 'starling';

/** A dashboard with what each of ours has. */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- Grafana 11 takes no later version from files
export interface Board extends Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: (Panel | RowPanel)[];
}

/** Panels under a heading; the first ones of a dashboard need none. */
interface Section {
  readonly title?: string;
  readonly panels: readonly Panel[];
}

interface Content {
  /** Its place in addresses, and the name of its file. */
  readonly uid: string;
  readonly title: string;
  readonly about: string;
  readonly sections: readonly Section[];
}

/** Puts panels in lines from left to right: the widths of each line must come to 24. */
export function board({ uid, title, about, sections }: Content): Board {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Grafana 11 takes no later version from files
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(about)
    .tags([TAG])
    .editable()
    .timezone('browser')
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(nodeVariable())
    .link(
      new DashboardLinkBuilder('Dashboards')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .includeVars(true)
        .keepTime(true),
    );
  for (const section of sections) {
    if (section.title !== undefined) builder.withRow(new RowBuilder(section.title));
    for (const panel of section.panels) builder.withPanel({ build: () => panel });
  }
  const dashboard = builder.build();
  const panels = (dashboard.panels ?? []).map((panel, index) => ({ ...panel, id: index + 1 }));
  return { ...dashboard, uid, title, panels };
}
