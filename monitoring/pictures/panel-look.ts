import { MappingType, type FieldColor, type FieldConfig, type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Color, Unit } from '../dashboards/panels.js';

/** What a panel says of how its numbers look. */
export interface PanelLook {
  readonly unit: Unit;
  readonly decimals: number | undefined;
  readonly isStacked: boolean;
  /** Lines may go below 0. */
  readonly isSigned: boolean;
  /** Where a dashed line stands. */
  readonly limit: number | undefined;
  readonly whenNone: string;
  colorOf(value: number): Color;
  /** Of a series that has one by its name, otherwise null. */
  colorOfSeries(name: string): Color | null;
  /** Null where a number is shown as a number. */
  wordOf(value: number): { readonly text: string; readonly color: Color } | null;
}

/** The SDK leaves this part untyped. */
interface LinesConfig {
  readonly stacking?: { readonly mode?: string };
  readonly thresholdsStyle?: { readonly mode?: string };
}

export function lookOf({ fieldConfig }: Panel): PanelLook {
  const config: Partial<FieldConfig> = fieldConfig?.defaults ?? {};
  const { stacking, thresholdsStyle } = (config.custom ?? {}) as LinesConfig;
  const steps = config.thresholds?.steps ?? [];
  const words = config.mappings?.find((mapping) => mapping.type === MappingType.ValueToText)?.options ?? {};
  return {
    unit: (config.unit ?? 'none') as Unit,
    decimals: config.decimals,
    isStacked: stacking?.mode === 'normal',
    isSigned: config.min === undefined,
    limit: thresholdsStyle?.mode === 'dashed' ? (steps[1]?.value ?? undefined) : undefined,
    whenNone: config.noValue ?? 'no data',
    colorOf: (value) => (steps.filter((step) => (step.value ?? -Infinity) <= value).at(-1)?.color ?? 'blue') as Color,
    colorOfSeries: (name) => {
      const override = fieldConfig?.overrides.find(
        ({ matcher }) => matcher.id === 'byName' && matcher.options === name,
      );
      const color = override?.properties.find(({ id }) => id === 'color')?.value as FieldColor | undefined;
      return (color?.fixedColor ?? null) as Color | null;
    },
    wordOf: (value) => {
      const word = words[String(value)];
      return word === undefined ? null : { text: word.text ?? '', color: (word.color ?? 'blue') as Color };
    },
  };
}
