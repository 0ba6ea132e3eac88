/**
 * Whether an SPDX expression may be met with licences of the set: with `AND` all of its parts, with `OR` one. Without
 * brackets inside of brackets, which no package of ours has; what cannot be read is not allowed.
 */
export function isAllowed(expression, licences) {
  if (typeof expression !== 'string') return false;
  const bare = expression.trim().replace(/^\(([^()]*)\)$/, '$1');
  const choices = bare.split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((name) => licences.has(name.trim())));
}
