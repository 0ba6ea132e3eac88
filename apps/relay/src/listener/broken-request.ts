import { textAnswer, type HttpAnswer } from './http-answer.js';
import { HTTP_TEXTS } from './http-texts.js';

/** What Node tells about bytes that it could not read as a request, or a request that did not come in time. */
export interface BrokenRequest {
  readonly code?: string | undefined;
  /** The bytes at hand when it gave up. */
  readonly rawPacket?: Buffer | undefined;
}

const FIRST_LINE_IS_HTTP = /^[^\r\n]* HTTP\/1\.[01]\r?\n/;

/** The answer for a connection that is closed afterwards; null when nobody is left to read one. */
export function answerToBrokenRequest({ code, rawPacket }: BrokenRequest): HttpAnswer | null {
  switch (code) {
    case 'ECONNRESET':
    case 'EPIPE':
      return null;
    case 'HPE_INVALID_CONTENT_LENGTH':
    case 'HPE_UNEXPECTED_CONTENT_LENGTH':
      return textAnswer(400, HTTP_TEXTS.badContentLength);
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return textAnswer(413, HTTP_TEXTS.tooLarge);
    case 'HPE_HEADER_OVERFLOW':
      return textAnswer(431, 'Request Header Fields Too Large\n');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return textAnswer(408, 'Request Timeout\n');
    case undefined:
    default:
      // What does not even begin like HTTP/1.x is told so, as the network's nodes do.
      return rawPacket !== undefined && !FIRST_LINE_IS_HTTP.test(rawPacket.toString('latin1'))
        ? textAnswer(505, 'HTTP Version Not Supported\n')
        : textAnswer(400, HTTP_TEXTS.badRequest);
  }
}
