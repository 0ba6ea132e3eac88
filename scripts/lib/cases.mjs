import { readFileSync } from 'node:fs';

/**
 * The numbers that a suite must have tests for. The file is `{"cases": [ids], "leftOut": {id: reason}}`; `"1-269"` stands
 * for all numbers from the first to the second.
 */
export function readCaseList(file) {
  const { cases, leftOut = {} } = JSON.parse(readFileSync(file, 'utf8'));
  return { ids: cases.flatMap(expand), leftOut };
}

function expand(entry) {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(entry) ?? [];
  if (from === undefined) return [entry];
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => String(Number(from) + index));
}

/** What is left out, by reason: a line each. */
export function leftOutLines(leftOut) {
  return [...new Set(Object.values(leftOut))].map((why) => {
    const ids = Object.keys(leftOut).filter((id) => leftOut[id] === why);
    return `left out: ${ids.join(', ')}: ${why}`;
  });
}

/** What looks like a number of a case: `52`, `H1`, `E12`. */
const CASE_ID = /^[A-Z]{0,2}\d+$/;

/**
 * A test belongs to the case whose number is the first word of its title; several may belong to one. A case holds when
 * it has tests and all of them passed.
 */
export function judgeCases(ids, testResults) {
  const passed = new Set();
  const notPassed = new Set();
  const titles = testResults.flatMap(({ assertionResults }) => assertionResults);
  for (const { title, status } of titles) {
    const [id = ''] = title.split(' ', 1);
    if (CASE_ID.test(id)) (status === 'passed' ? passed : notPassed).add(id);
  }
  return {
    held: ids.filter((id) => passed.has(id) && !notPassed.has(id)),
    failed: ids.filter((id) => notPassed.has(id)),
    missing: ids.filter((id) => !passed.has(id) && !notPassed.has(id)),
    unlisted: [...passed, ...notPassed].filter((id) => !ids.includes(id)),
  };
}
