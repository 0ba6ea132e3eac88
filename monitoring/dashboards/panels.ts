import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Panel,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as GaugeBuilder } from '@grafana/grafana-foundation-sdk/gauge';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { NODE } from './node-variable.js';

/** What numbers are, in Grafana's words: plain, a share of 1, seconds, bytes, and each of them in a second. */
export type Unit = 'none' | 'percentunit' | 's' | 'bytes' | 'reqps' | 'Bps';

/** A question to Prometheus and the name of each answer, in which `{{label}}` stands for a label of the series. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** What every panel has. */
interface Look {
  readonly title: string;
  /** What it shows and from when on it is bad: Grafana shows it beside the title. */
  readonly about: string;
  readonly queries: readonly Query[];
  /** Of the 24 columns of a line. */
  readonly width: number;
}

export type Color = 'green' | 'blue' | 'yellow' | 'orange' | 'red' | 'dark-red' | 'purple';

/** Colors by value: each from its number on, the first from below all. */
export type Steps = readonly [first: Color, ...rest: (readonly [from: number, color: Color])[]];

/** Numbers that stand for something. */
export type Words = Readonly<Record<number, { readonly text: string; readonly color: Color }>>;

/** Of series by their name; the others get any. */
export type Colors = Readonly<Record<string, Color>>;

/** A number that is neither good nor bad. */
const NEUTRAL: Steps = ['blue'];

const FIGURE_HEIGHT = 4;
const COURSE_HEIGHT = 6;
const LINES_HEIGHT = 8;

/** The last value, large: one for each series. */
export function figure(
  look: Look & { unit?: Unit; steps?: Steps; decimals?: number } & (
      { words?: Words; whenNone?: never } | { words?: never; whenNone?: string }
    ),
): Panel {
  const panel = new StatBuilder()
    .title(look.title)
    .description(look.about)
    .datasource(NODE)
    .targets(look.queries.map((query, index) => question(query, index).instant()))
    .span(look.width)
    .height(FIGURE_HEIGHT)
    .unit(look.unit ?? 'none')
    .thresholds(thresholds(look.steps ?? NEUTRAL))
    .reduceOptions(LAST_VALUE)
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None);
  if (look.words) panel.mappings([wordsFor(look.words)]);
  if (look.decimals !== undefined) panel.decimals(look.decimals);
  if (look.whenNone !== undefined) panel.noValue(look.whenNone).mappings([wordForNothing(look.whenNone)]);
  return panel.build();
}

/** The last value of a share of 1, as a bow. */
export function share(look: Look & { steps: Steps; whenNone?: string }): Panel {
  const panel = new GaugeBuilder()
    .title(look.title)
    .description(look.about)
    .datasource(NODE)
    .targets(look.queries.map((query, index) => question(query, index).instant()))
    .span(look.width)
    .height(FIGURE_HEIGHT)
    .unit('percentunit')
    .min(0)
    .max(1)
    .thresholds(thresholds(look.steps))
    .reduceOptions(LAST_VALUE);
  if (look.whenNone !== undefined) panel.noValue(look.whenNone);
  return panel.build();
}

/** Lines over time, or areas on top of each other, from 0 on unless signed. From `limit` on an alert begins to wait. */
export function lines(
  look: Look & { unit: Unit; isStacked?: boolean; isSigned?: boolean; limit?: number; colors?: Colors },
): Panel {
  const panel = new TimeseriesBuilder()
    .title(look.title)
    .description(look.about)
    .datasource(NODE)
    .targets(look.queries.map((query, index) => question(query, index).range()))
    .span(look.width)
    .height(LINES_HEIGHT)
    .unit(look.unit)
    .lineWidth(1)
    .fillOpacity(look.isStacked ? 40 : 8)
    .showPoints(VisibilityMode.Never)
    .legend(LEGEND)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (!look.isSigned) panel.min(0);
  if (look.isStacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  for (const [name, fixedColor] of Object.entries(look.colors ?? {}))
    panel.overrideByName(name, [{ id: 'color', value: { mode: 'fixed', fixedColor } }]);
  if (look.limit !== undefined) {
    panel
      .thresholds(thresholds(['green', [look.limit, 'red']]))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  return panel.build();
}

/** Bands over time: what was how, from when to when. */
export function course(look: Look & { words: Words; whenNone: string }): Panel {
  return new StateTimelineBuilder()
    .title(look.title)
    .description(look.about)
    .datasource(NODE)
    .targets(look.queries.map((query, index) => question(query, index).range()))
    .span(look.width)
    .height(COURSE_HEIGHT)
    .mappings([wordsFor(look.words)])
    .noValue(look.whenNone)
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .legend(LEGEND)
    .build();
}

/** Named A, B and so on, as Grafana does. */
const question = ({ expr, legend }: Query, index: number): DataqueryBuilder =>
  new DataqueryBuilder()
    .refId(String.fromCharCode('A'.charCodeAt(0) + index))
    .datasource(NODE)
    .expr(expr)
    .legendFormat(legend);

const LAST_VALUE = new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false);

const LEGEND = new VizLegendOptionsBuilder()
  .displayMode(LegendDisplayMode.List)
  .placement(LegendPlacement.Bottom)
  .showLegend(true)
  .calcs([]);

const thresholds = ([first, ...rest]: Steps): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: first }, ...rest.map(([value, color]) => ({ value, color }))]);

const wordsFor = (words: Words): ValueMapping => ({ type: MappingType.ValueToText, options: { ...words } });

const wordForNothing = (text: string): ValueMapping => ({
  type: MappingType.SpecialValue,
  options: { match: SpecialValueMatch.NullAndNan, result: { text, color: 'orange' } },
});
