import { expect, it } from '@jest/globals';
import { trafficChart } from './sparkline.js';

const MINUTE_MS = 60_000;
const NOW_MS = 100 * MINUTE_MS + 1;
const minute = (ago: number, requests: number) => {
  return { at_ms: (100 - ago) * MINUTE_MS, requests, bytes_in: 1_024, bytes_out: 0 };
};
const chart = (...minutes: ReturnType<typeof minute>[]): string =>
  trafficChart({ traffic: { minutes }, now_ms: NOW_MS }).text;

it('the chart of traffic has the hour from left to right, the most at the top, and the same in words', () => {
  const text = chart(minute(59, 0), minute(30, 10), minute(0, 5));
  expect(text).toContain('points="0.0,78.0 294.9,2.0 600.0,40.0"');
  expect(text).toContain('aria-label="15 requests in the last hour, at most 10 in a minute"');
  expect(text).toContain('3.0 KiB received, 0 B sent.');
});

it('the chart of traffic is flat while there is none, and says so before there was a report', () => {
  expect(chart(minute(1, 0), minute(0, 0))).toContain('points="589.8,78.0 600.0,78.0"');
  expect(chart()).toBe('<p>No relay has reported yet.</p>');
});
