import { describe, expect, it } from '@jest/globals';
import {
  BadRequest,
  ClockSkew,
  Forbidden,
  InvalidRequest,
  ProtocolError,
  toWire,
  Unauthorized,
  WrongSwarm,
} from './errors.js';

describe('toWire', () => {
  it.each<[string, ProtocolError, number, unknown]>([
    ['BadRequest', new BadRequest('no method x'), 400, 'no method x'],
    ['InvalidRequest', new InvalidRequest('why'), 400, 'invalid request: why'],
    ['Unauthorized', new Unauthorized('who'), 401, 'who'],
    ['Forbidden', new Forbidden('no'), 403, 'no'],
    ['ClockSkew', new ClockSkew('when'), 406, 'when'],
    ['WrongSwarm', new WrongSwarm({ snodes: [] }), 421, { snodes: [] }],
  ])('gives %s its status and body', (_name, error, status, body) => {
    expect(toWire(error)).toEqual({ status, body });
  });

  it.each([[new Error('redis at 10.0.0.1 is gone')], ['a string'], [undefined]])(
    'shows nothing of a fault',
    (cause) => {
      expect(toWire(cause)).toEqual({ status: 500, body: 'request failed' });
    },
  );
});
