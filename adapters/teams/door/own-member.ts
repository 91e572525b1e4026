/** A member of what may be anything, as in answers and payloads that nobody has checked. Own members alone count. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}
