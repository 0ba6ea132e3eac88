import { expect } from '@jest/globals';
import { INFO } from '../calls.js';
import { story, type Case } from '../case.js';

const NO_METHOD = 'invalid json: no `method` field';
const NO_PARAMS = 'invalid json: no `params` field';

const body = (number: number, title: string, text: string, problem: string): Case =>
  story(number, title, async (at) => {
    const answer = await at.post(text);
    expect([answer.status, answer.text]).toEqual([400, problem]);
  });

export const ENVELOPE: readonly Case[] = [
  body(1, 'a body that is no JSON', 'not json', 'invalid json'),
  body(2, 'an empty body', '', 'invalid json'),
  body(3, 'a list', '[]', NO_METHOD),
  body(4, 'no method', '{"params":{}}', NO_METHOD),
  body(5, 'a method that is a number', '{"method":5,"params":{}}', NO_METHOD),
  body(6, 'no params', '{"method":"info"}', NO_PARAMS),
  body(7, 'params that are null', '{"method":"info","params":null}', NO_PARAMS),
  body(8, 'params that are a list', '{"method":"info","params":[]}', NO_PARAMS),
  body(9, 'an unknown method', '{"method":"nope","params":{}}', 'no method nope'),
  story(10, 'members that nobody asks for are ignored', async (at) => {
    const { status } = await at.post('{"jsonrpc":"2.0","id":0,"method":"info","params":{"x":1}}');
    expect(status).toBe(200);
  }),
  story(25, 'info has exactly its four members', async (at) => {
    const info = await at.ok(INFO);
    expect(Object.keys(info).sort()).toEqual(['hf', 't', 'timestamp', 'version']);
    at.expectCommon(info);
    expect(info.timestamp).toBe(info.t);
    const version = info.version as unknown[];
    expect(version).toHaveLength(3);
    expect(version.every(Number.isInteger)).toBe(true);
  }),
];
