import { describe, expect, it } from '@jest/globals';
import { AnswerWriter, reasonPhrase, textAnswer } from './http-answer.js';
import { answerToBrokenRequest } from './broken-request.js';

describe('reasonPhrase', () => {
  it.each([
    [413, 'Payload Too Large'],
    [421, 'Misdirected Request'],
    [502, 'Bad Gateway'],
    [503, 'Service Unavailable'],
    [504, 'Gateway Timeout'],
    [799, 'Unknown'],
  ])('of %i is %s', (status, phrase) => {
    expect(reasonPhrase(status)).toBe(phrase);
  });
});

describe('an answer written by hand', () => {
  it('has the same head as every other, counts bytes and ends the connection', () => {
    const text = new AnswerWriter([2, 8, 0]).raw(textAnswer(400, 'é'));
    expect(Buffer.from(text, 'latin1').toString('utf8')).toBe(
      'HTTP/1.1 400 Bad Request\r\nServer: Oxen Storage Server/2.8.0\r\nContent-Type: text/plain\r\n' +
        'Connection: close\r\nContent-Length: 2\r\n\r\né',
    );
  });
});

describe('the answer to what is no request', () => {
  it.each([
    ['a length that is no number', 'HPE_INVALID_CONTENT_LENGTH', 'POST / HTTP/1.1\r\n', 400, 'invalid Content-Length'],
    ['too many headers', 'HPE_HEADER_OVERFLOW', 'GET / HTTP/1.1\r\n', 431, 'Request Header Fields Too Large\n'],
    ['a head that does not end', 'ERR_HTTP_REQUEST_TIMEOUT', '', 408, 'Request Timeout\n'],
    ['a broken header', 'HPE_INVALID_HEADER_TOKEN', 'GET / HTTP/1.1\r\nb ad\r\n', 400, 'Bad Request\n'],
    ['another protocol', 'HPE_INVALID_METHOD', 'hello\r\n\r\n', 505, 'HTTP Version Not Supported\n'],
  ])('says %s', (_name, code, bytes, status, text) => {
    expect(answerToBrokenRequest({ code, rawPacket: Buffer.from(bytes) })).toEqual(textAnswer(status, text));
  });

  it('is none when the client is gone', () => {
    expect(answerToBrokenRequest({ code: 'ECONNRESET' })).toBeNull();
  });
});
