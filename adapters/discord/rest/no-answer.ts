/** Discord said no in its own words: a body with its numeric code. `fields` are those that it names as malformed. */
export class DiscordRefused extends Error {
  override name = "DiscordRefused";
  readonly status: number;
  readonly code: number;
  readonly fields: string[];

  constructor(status: number, code: number, fields: string[] = []) {
    super(`Discord refuses with status ${status}, code ${code}`);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** What came is no answer of Discord's: a page, a bare status, or its own trouble. Nothing was decided. */
export class NotDiscord extends Error {
  override name = "NotDiscord";
  /** Not `status`: discord.js takes a 401 in there for Discord's word on the token. */
  readonly httpStatus: number;

  constructor(httpStatus: number, why: string) {
    super(`a status ${httpStatus} that is no answer of Discord's: ${why}`);
    this.httpStatus = httpStatus;
  }
}

/** Told to wait for longer than anybody waits in place. */
export class MadeToWait extends Error {
  override name = "MadeToWait";
  readonly seconds: number;

  constructor(seconds: number) {
    super(`Discord makes us wait for ${Math.ceil(seconds)} s`);
    this.seconds = seconds;
  }
}

/** Whatever Discord says, its door is looked at again after this. */
export const LONGEST_WAIT_SECONDS = 900;
const SHORTEST_WAIT_SECONDS = 0.3;
/** For a wait that is not said, or not understood. */
const UNSAID_WAIT_SECONDS = 10;

export function withinBounds(seconds: number): number {
  if (Number.isNaN(seconds)) return UNSAID_WAIT_SECONDS;
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(SHORTEST_WAIT_SECONDS, seconds));
}
