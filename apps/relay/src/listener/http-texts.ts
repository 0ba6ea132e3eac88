/** Texts of the HTTP shell, exact to the newline. docs/protocol/onion.md §5.3 */
export const HTTP_TEXTS = {
  notReady: (reasons: string) => `Service node is not ready: ${reasons}\n`,
  badRequest: 'Bad Request\n',
  tooMany: 'Too Many Requests\n',
  longPoll: 'long polling is no longer supported, client upgrade required',
  badContentLength: 'invalid Content-Length',
  tooLarge: 'Request body too large',
  busy: 'Server busy, try again later',
  notFound: (method: string, path: string) => `${method.toLowerCase()} ${path} Not Found`,
  fault: 'Exception caught with processing client request: internal error',
} as const;
