/** A command as people give it where they are: Discord has a slash before it, and fields for its options. */
export function commandOn(platform: string, command: string): string {
  return platform === "discord" ? `/${command}` : command;
}

export function optionOn(platform: string, option: string, value: string): string {
  return platform === "discord" ? `${option}:${value}` : `--${option} ${value}`;
}
