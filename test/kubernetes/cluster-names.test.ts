import { Resolver } from 'node:dns/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '#testing';
import { ClusterNames } from './cluster-names.js';

const OBJECTS: Readonly<Record<string, object>> = {
  '/api/v1/namespaces/starling/services/nats': { spec: { clusterIP: '10.213.128.7' } },
  '/api/v1/namespaces/starling/services/routes': { spec: { clusterIP: 'None' } },
  '/api/v1/namespaces/starling/endpoints/routes': {
    subsets: [
      { addresses: [{ ip: '10.213.255.3', hostname: 'nats-0' }] },
      { addresses: [{ ip: '10.213.255.4', hostname: 'nats-1' }] },
    ],
  },
  '/api/v1/namespaces/starling/services/empty': { spec: { clusterIP: 'None' } },
};

describe('the names of a cluster', () => {
  let names: ClusterNames;
  const resolver = new Resolver({ tries: 1 });
  beforeAll(async () => {
    const port = await freePort();
    const look = (path: string): Promise<unknown> =>
      path.endsWith('/broken') ? Promise.reject(new Error('no answer')) : Promise.resolve(OBJECTS[path] ?? null);
    names = await ClusterNames.listen('127.0.0.1', look, port);
    resolver.setServers([`127.0.0.1:${port}`]);
  });
  afterAll(() => names.close());

  it.each([
    ['a Service', 'nats.starling.svc.cluster.local', ['10.213.128.7']],
    ['the pods of a Service without an address', 'routes.starling.svc.cluster.local', ['10.213.255.3', '10.213.255.4']],
    ['one of these pods', 'nats-1.routes.starling.svc.cluster.local', ['10.213.255.4']],
    ['a name in capitals', 'NATS.Starling.svc.cluster.local', ['10.213.128.7']],
  ])('lead to %s', async (_what, name, addresses) => {
    expect((await resolver.resolve4(name)).sort()).toEqual(addresses);
  });

  it.each([
    ['a Service that is not there', 'redis.starling.svc.cluster.local', 'ENOTFOUND'],
    ['a pod that is not there', 'nats-2.routes.starling.svc.cluster.local', 'ENOTFOUND'],
    ['a Service without pods', 'empty.starling.svc.cluster.local', 'ENODATA'],
    ['a name of the world outside', 'example.com', 'ENOTFOUND'],
    ['a Service that could not be looked up', 'broken.starling.svc.cluster.local', 'ESERVFAIL'],
  ])('do not have %s', async (_what, name, code) => {
    await expect(resolver.resolve4(name)).rejects.toMatchObject({ code });
  });

  it('have no addresses of the sixth version', async () => {
    await expect(resolver.resolve6('nats.starling.svc.cluster.local')).rejects.toMatchObject({ code: 'ENODATA' });
  });
});
