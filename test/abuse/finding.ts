/** One resource that must stay bounded, and what became of it. */
export interface Finding {
  /** What is bounded, with its unit: `resident growth, MiB`. */
  readonly resource: string;
  readonly rule: 'at most' | 'at least' | 'exactly';
  readonly limit: number;
  readonly measured: number;
  readonly isDelay?: true;
}

export const atMost = (resource: string, limit: number, measured: number): Finding => ({
  resource,
  rule: 'at most',
  limit,
  measured,
});

/** A time that somebody waited; on a machine with other work it may be this machine's doing. */
export const waited = (resource: string, limit: number, measured: number): Finding => ({
  ...atMost(resource, limit, measured),
  isDelay: true,
});

export const atLeast = (resource: string, limit: number, measured: number): Finding => ({
  resource,
  rule: 'at least',
  limit,
  measured,
});

export const exactly = (resource: string, limit: number, measured: number): Finding => ({
  resource,
  rule: 'exactly',
  limit,
  measured,
});

/** What could not be measured does not hold. */
export function holds({ rule, limit, measured }: Finding): boolean {
  switch (rule) {
    case 'at most':
      return measured <= limit;
    case 'at least':
      return measured >= limit;
    case 'exactly':
      return measured === limit;
  }
}

/** `honest p99, ms: at most 50, measured 12.4` */
export function sentenceOf({ resource, rule, limit, measured }: Finding): string {
  return `${resource}: ${rule} ${rounded(limit)}, measured ${rounded(measured)}`;
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
