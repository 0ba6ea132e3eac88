import { describe, expect, it } from '@jest/globals';
import { ConfigurationProblem } from '../problems.js';
import { onlyOf, settingsReports } from './given-settings.js';
import type { GivenSettings } from './given-settings.js';

const given = (kind: GivenSettings['kind'], values: GivenSettings['values']): GivenSettings => ({
  origin: 'node.env',
  file: null,
  kind,
  values,
});

describe('onlyOf', () => {
  const all = given('services', {
    RELAY_NATS_URL: 'nats://127.0.0.1:4222',
    STORAGE_NATS_URL: 'nats://127.0.0.1:4222',
    SWARM_MANAGER_NETWORK: 'example',
    PATH: '/bin',
  });

  it('leaves the settings of those services, and others are not set up here', () => {
    const one = onlyOf(all, ['storage']);
    expect(one).toEqual({ ...all, values: { STORAGE_NATS_URL: 'nats://127.0.0.1:4222' } });
    expect(settingsReports(one).map(({ of, given: count }) => [of, count])).toEqual([
      ['relay', 0],
      ['storage', 1],
      ['swarm-manager', 0],
    ]);
    expect(Object.keys(onlyOf(all, ['relay', 'swarm-manager']).values)).toEqual([
      'RELAY_NATS_URL',
      'SWARM_MANAGER_NETWORK',
    ]);
  });

  it('tells of the door only where there are settings of it', () => {
    const door = { DOOR_RELAYS: 'relay', DOOR_DRAIN_MS: 'long' };
    const reports = settingsReports({ ...all, values: { ...all.values, ...door } });
    expect(reports.map(({ of }) => of)).toEqual(['relay', 'storage', 'swarm-manager', 'door']);
    expect(reports.at(-1)?.problems).toEqual([expect.stringMatching(/^DOOR_DRAIN_MS: /)]);
    expect(settingsReports(all).map(({ of }) => of)).toEqual(['relay', 'storage', 'swarm-manager']);
  });

  it('refuses the settings of a composition, which are of all', () => {
    expect(() => onlyOf(given('compose', { NODE_NAME: 'one' }), ['relay'])).toThrow(ConfigurationProblem);
  });
});
