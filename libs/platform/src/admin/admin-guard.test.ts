import { describe, expect, it } from '@jest/globals';
import { adminRefusal } from './admin-guard.js';

const NAMES = ['node.example.org'];
const statusFor = (host: string | undefined, method = 'GET'): number | undefined =>
  adminRefusal(method, host, NAMES)?.status;

describe('the admin port', () => {
  it.each([
    '127.0.0.1:9103',
    '127.0.0.1',
    '10.1.2.3:9101',
    '[::1]:9101',
    'localhost:9103',
    'relay:9101',
    'node.localhost:9101',
    'relay.starling.svc:9101',
    'relay.starling.svc.cluster.local.:9101',
    'Node.Example.Org:443',
  ])('answers to %s', (host) => {
    expect(statusFor(host)).toBeUndefined();
  });

  it.each([
    ['a name of a stranger', 'rebind.example.com:9103'],
    ['an address as part of a name', '127.0.0.1.example.com:9103'],
    ['a name that ends like ours', 'evilnode.example.org'],
    ['a name below ours', 'a.node.example.org'],
    ['an end that only looks inside', 'svc.example.com'],
    ['no name', ''],
    ['nothing', undefined],
  ])('does not answer to %s', (_what, host) => {
    expect(statusFor(host)).toBe(421);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('takes no %s', (method) => {
    expect(statusFor('127.0.0.1', method)).toBe(405);
  });
});
