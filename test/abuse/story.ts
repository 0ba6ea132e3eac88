import { OUTCOMES, type Report } from './attacks/attack.js';

const STATUS = /^status_(\d+)$/;

/**
 * What was attempted and what became of it, in one line:
 * `1,200 attempts: 900 answered (400: 40, 503: 860), 200 refused, 100 closed`.
 */
export function storyOf(report: Report): string {
  const attempted = countOf(report, 'attempted');
  const ended = OUTCOMES.map((outcome) => [outcome, countOf(report, outcome)] as const);
  const unended = attempted - ended.reduce((sum, [, count]) => sum + count, 0);
  const parts = [...ended, ['not over', unended] as const]
    .filter(([, count]) => count !== 0)
    .map(([outcome, count]) => `${told(count)} ${outcome}${outcome === 'answered' ? statusesIn(report) : ''}`);
  return `${told(attempted)} attempts: ${parts.join(', ')}`;
}

/** One count of an attacker's report; 0 for what never happened. */
export const countOf = (report: Report, name: string): number => report[name] ?? 0;

/** The statuses in it and how often each came. */
export function statusCounts(report: Report): ReadonlyMap<number, number> {
  return new Map(
    Object.entries(report).flatMap(([name, count]) => {
      const status = STATUS.exec(name)?.[1];
      return status === undefined ? [] : [[Number(status), count] as const];
    }),
  );
}

function statusesIn(report: Report): string {
  const counts = [...statusCounts(report)].sort(([a], [b]) => a - b);
  return counts.length === 0 ? '' : ` (${counts.map(([status, count]) => `${status}: ${told(count)}`).join(', ')})`;
}

const told = (count: number): string => count.toLocaleString('en');
