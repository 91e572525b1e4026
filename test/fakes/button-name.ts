/** Whether a button that says this is the one of that name: behind it may stand what it costs. */
export function isNamed(label: string | undefined, name: string): boolean {
  return label === name || Boolean(label?.startsWith(`${name} (`));
}
