import { request as ask } from 'node:http';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { Readiness } from '#platform';
import { adminAdapter } from '../../../libs/platform/src/admin/admin-adapter.js';
import { AdminController } from '../../../libs/platform/src/admin/admin.controller.js';
import { MetricsText, OwnMetrics } from '../../../libs/platform/src/admin/metrics-text.js';

const PATHS = ['/metrics', '/health/live', '/health/ready'];

@Module({
  controllers: [AdminController],
  providers: [
    { provide: MetricsText, useValue: new OwnMetrics(new Registry()) },
    { provide: Readiness, useValue: new Readiness() },
  ],
})
class AdminModule {}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

describe('an admin port', () => {
  let app: NestFastifyApplication;
  let port: number;
  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(AdminModule, adminAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    port = Number(new URL(await app.getUrl()).port);
  });
  afterAll(() => app.close());

  const answerTo = (method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const request = ask({ port, host: '127.0.0.1', method, path, headers }, (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
      });
      request.on('error', reject).end();
    });

  it.each(PATHS)('answers at %s, to no page of others and into no cache', async (path) => {
    const { status, headers } = await answerTo('GET', path, { origin: 'https://rebind.example.com' });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'cross-origin-resource-policy': 'same-origin' });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it.each([...PATHS, '/status', '/nothing'])(
    'says nothing at %s to a name that a stranger may have made',
    async (path) => {
      const { status, text } = await answerTo('GET', path, { host: `rebind.example.com:${port}` });
      expect(status).toBe(421);
      expect(text).toBe('This port answers to addresses and inside names; ADMIN_NAMES adds others.\n');
    },
  );

  it('changes nothing, whoever asks: it takes no request that could', async () => {
    for (const path of [...PATHS, '/status', '/nothing']) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const { status, text } = await answerTo(method, path);
        expect([method, path, status, text]).toEqual([method, path, 405, 'This port only answers questions: GET.\n']);
      }
    }
  });
});
