import { parser } from '@prometheus-io/lezer-promql';

/** What an expression is made of, as the grammar of Prometheus reads it. */
export interface Expression {
  /** Names of series, each once. */
  readonly metrics: readonly string[];
  /** Places at which it is none, as the text from there on. */
  readonly faults: readonly string[];
}

export function readExpression(expr: string): Expression {
  const metrics = new Set<string>();
  const faults: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, from, node }) => {
      if (type.isError) faults.push(expr.slice(from));
      if (type.name !== 'VectorSelector') return;
      const name = node.getChild('Identifier');
      if (name === null)
        faults.push(expr.slice(from)); // it would read every series there is
      else metrics.add(expr.slice(name.from, name.to));
    },
  });
  return { metrics: [...metrics], faults };
}
