const discordEpoch = 1_420_070_400_000n;
let last = 0n;

/** A Discord id: the time in its upper bits, so that later ones are larger. */
export function makeSnowflake(): string {
  const now = (BigInt(Date.now()) - discordEpoch) << 22n;
  last = now > last ? now : last + 1n;
  return String(last);
}
